"""The pages of the working-day calendar: days off, make-up days, a year by table. Happy, who may not, bad input, twice."""

import io
from datetime import date

import pytest
from sqlalchemy import select

from server.complaints.models import Complaint
from server.db import db
from server.policy.calendar import seed_calendar
from server.policy.models import CalendarYear
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_payroll_facts import complaint


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def calendar_of(year):
    db.session.expire_all()
    return db.session.get(CalendarYear, year)


def test_the_calendar_shows_days_off_and_make_up_days(app, staff):
    page = console(app, "boss").get("/calendar?year=2026").text
    assert "10-01" in page and "调休上班" in page and "改一天" not in page


def test_an_unannounced_year_is_marked_provisional(app, staff):
    db.session.get_one(CalendarYear, 2027).is_provisional = True
    db.session.commit()
    assert "暂定" in console(app, "root").get("/calendar?year=2027").text


def test_an_administrator_changes_a_day_and_deadlines_follow(app, company, staff):
    complaint(company.outlet_id, date(2026, 11, 24))  # Tuesday
    client = console(app, "root")
    answer = client.post("/calendar/day", data={"day": "2026-11-26", "works": "no", "reason": "市里通知"})
    assert answer.status_code == 302
    assert "2026-11-26" in calendar_of(2026).off
    assert db.session.scalars(select(Complaint.due_on)).one() == date(2026, 11, 30)
    client.post("/calendar/day", data={"day": "2026-11-26", "works": "yes", "reason": "取消"})
    assert "2026-11-26" not in calendar_of(2026).off
    assert db.session.scalars(select(Complaint.due_on)).one() == date(2026, 11, 27)


def test_deadlines_follow_a_year_that_is_announced(app, company, staff):
    complaint(company.outlet_id, date(2026, 9, 29))
    year = calendar_of(2026)
    year.is_provisional, year.off, year.on = True, [], []
    db.session.scalars(select(Complaint)).one().due_on = date(2026, 10, 2)  # as if people worked on National Day
    db.session.commit()
    seed_calendar(noon(date(2026, 11, 24)))
    db.session.commit()
    assert not calendar_of(2026).is_provisional
    assert db.session.scalars(select(Complaint.due_on)).one() == date(2026, 10, 9)


def test_a_worked_saturday_is_a_make_up_day(app, staff):
    console(app, "root").post("/calendar/day", data={"day": "2026-11-28", "works": "yes", "reason": "调休"})
    assert "2026-11-28" in calendar_of(2026).on


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"day": "x"}, "写成 2026-11-24 这样的日期"),
        ({"day": "1999-01-01"}, "还没有这一年的日历"),
        ({"works": "maybe"}, "要选一个"),
        ({"reason": ""}, "这里要填"),
    ],
)
def test_a_day_with_a_fault_is_refused(app, staff, fault, words):
    form = {"day": "2026-11-26", "works": "no", "reason": "通知"} | fault
    answer = console(app, "root").post("/calendar/day", data=form)
    assert answer.status_code == 422 and words in answer.text
    assert "2026-11-26" not in calendar_of(2026).off


@pytest.mark.parametrize("login", ["chief", "payer", "boss", "rep1", "ops", "clerk"])
def test_only_an_administrator_edits_the_calendar(app, staff, login):
    client = console(app, login)
    assert client.post("/calendar/day", data={"day": "2026-11-26", "works": "no", "reason": "x"}).status_code == 403
    assert client.post("/calendar/year", data={"year": "2027"}).status_code == 403


def table(text, encoding="utf-8"):
    return (io.BytesIO(text.encode(encoding)), "calendar.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_year_is_imported_whole(app, staff, encoding):
    file = table("日期,安排\n2027-10-01,休\n2027-10-09,班\n2027/10/04,休\n", encoding)
    answer = console(app, "root").post("/calendar/year", data={"year": "2027", "file": file})
    assert answer.status_code == 302
    year = calendar_of(2027)
    assert (year.off, year.on, year.is_provisional) == (["2027-10-01", "2027-10-04"], ["2027-10-09"], False)


def test_importing_twice_gives_the_same_year(app, staff):
    client = console(app, "root")
    for _ in range(2):
        client.post("/calendar/year", data={"year": "2027", "file": table("2027-10-01,off\n2027-10-09,on\n"), "is_provisional": "yes"})
    year = calendar_of(2027)
    assert (year.off, year.on, year.is_provisional) == (["2027-10-01"], ["2027-10-09"], True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2027-10-01,休\n2026-10-02,休\n", "第 2 行"),
        ("2027-10-01,休\n2027-10-01,班\n", "同一天写了两次"),
        ("2027-10-01,maybe\n", "第二列要写 班 或 休"),
        ("2027-10-01,休\n=1+1,班\n", "写成 2026-11-24 这样的日期"),
        ("2027-13-01,休\n2027-10-02,休\n", "第 1 行"),
        ("", "文件里没有日期"),
        ("日期,安排\n", "文件里没有日期"),
        ("2027-10-01,休\n" * 401, "行太多"),
    ],
)
def test_a_table_with_a_fault_changes_nothing(app, staff, text, words):
    before = (calendar_of(2027).off, calendar_of(2027).on)
    answer = console(app, "root").post("/calendar/year", data={"year": "2027", "file": table(text)})
    assert answer.status_code == 422 and words in answer.text
    assert (calendar_of(2027).off, calendar_of(2027).on) == before


def test_bytes_that_are_no_text_are_refused(app, staff):
    answer = console(app, "root").post("/calendar/year", data={"year": "2027", "file": (io.BytesIO(b"PK\x03\x04\xff\xfe\x00\x81"), "x.xlsx")})
    assert answer.status_code == 422


def test_no_file_at_all_is_refused(app, staff):
    answer = console(app, "root").post("/calendar/year", data={"year": "2027"})
    assert answer.status_code == 422 and "要选一个文件" in answer.text
