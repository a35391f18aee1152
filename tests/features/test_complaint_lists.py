"""The list of complaints by who handles them, and the tiles that lead to it. Happy, who may not, bad input, in both languages."""

import re
from datetime import date, datetime, time, timedelta

import pytest

from server.clock import now, today
from server.complaints.actions import Resolution, assign_complaint, investigate_complaint, report_complaint, resolve_complaint
from server.domain.months import SHANGHAI
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_complaints import take
from tests.features.test_exports import csv_rows
from tests.sync.conftest import Company, company  # noqa: F401


def assigned(app, company: Company, person_id: str, **changes) -> str:
    """A complaint that needs no call, in somebody's hands; returns its id."""
    complaint_id = take(app, company, needs_call=False, **changes)
    with app.app_context():
        assign_complaint(complaint_id, person_id, "", company.supervisor_id, now())
    return complaint_id


def listed(client, query: str = "") -> list[str]:
    """The ids in the order of the page."""
    return re.findall(r'<th scope="row"><a href="/complaints/([0-9a-f-]{36})', client.get(f"/complaints{query}").text)


def tile_of(client, label: str) -> tuple[str, int]:
    """Where a tile of the start page leads, and what it counts."""
    found = re.search(rf'href="([^"]*)"[^>]*>\s*<span>{label}.*?<b>(\d+)</b>', client.get("/").text, re.DOTALL)
    return found[1].replace("&amp;", "&"), int(found[2])


def test_complaints_are_found_by_who_handles_them(app, company: Company, staff: Staff):
    own, others, free = assigned(app, company, staff.ids["ops"]), assigned(app, company, company.supervisor_id), take(app, company)
    ops = console(app, "ops")
    assert set(listed(ops)) == {own, others, free}
    assert listed(ops, "?assignee=me") == [own] and listed(ops, "?assignee=nobody") == [free]
    assert set(listed(ops, "?assignee=me_or_nobody")) == {own, free}
    assert listed(ops, f"?assignee={company.supervisor_id}") == [others] and listed(console(app, "boss"), "?assignee=me") == [others]
    assert listed(ops, "?assignee=nowhere") == [] and listed(ops, "?assignee=me&kind=other") == []
    assert [row["记录编号"] for row in csv_rows(ops.get("/exports/complaints.csv?assignee=me"))] == [own]


def test_the_filter_by_who_handles_them_stays_and_shows_nobody_more(app, company: Company, staff: Staff):
    assigned(app, company, staff.ids["ops"], outlet_id=staff.far_outlet_id)
    page = console(app, "ops").get("/complaints?assignee=me").text
    for kept in ('href="/complaints?assignee=me&amp;state=resolved"', 'href="/exports/complaints.csv?assignee=me"', '<option value="me" selected>'):
        assert kept in page, kept
    assert 'href="/complaints">清除筛选' in page
    assert listed(console(app, "boss"), f"?assignee={staff.ids['ops']}") == []
    names = re.search(r'<select name="assignee".*?</select>', console(app, "boss").get("/complaints").text, re.DOTALL)[0]
    assert "赵广田" in names and "吴静" in names and "孙涛" not in names and "唐小雨" not in names
    assert untranslated(console(app, "ops", "en").get("/complaints?assignee=me").text) == []


def test_the_start_page_counts_ones_own_complaints_and_those_of_nobody(app, company: Company, staff: Staff):
    own, free = assigned(app, company, staff.ids["ops"]), take(app, company)
    assigned(app, company, company.supervisor_id)
    assigned(app, company, company.rep_id)
    ops = console(app, "ops")
    assert tile_of(ops, "投诉未处理") == ("/complaints?assignee=me_or_nobody", 2)
    assert set(listed(ops, "?assignee=me_or_nobody")) == {own, free}
    assert tile_of(console(app, "rep1"), "投诉未处理") == ("/complaints?assignee=me_or_nobody", 2)
    assert untranslated(console(app, "ops", "en").get("/").text) == []


def test_who_answers_for_a_region_or_the_company_counts_all_that_is_open(app, company: Company, staff: Staff):
    assigned(app, company, staff.ids["ops"])
    take(app, company, outlet_id=staff.far_outlet_id)
    for login, count in (("boss", 1), ("chief", 2), ("root", 2)):
        assert tile_of(console(app, login), "投诉未处理") == ("/complaints", count), login


def resolved(app, company: Company, day: date) -> str:
    """The complaint of 2026-11-18, due on the 23rd, resolved on a day; returns its id."""
    complaint_id, by_id = assigned(app, company, company.supervisor_id), company.supervisor_id
    with app.app_context():
        investigate_complaint(complaint_id, "查过", "unfounded", by_id, noon(day))
        resolve_complaint(complaint_id, Resolution("说明了", "", "", "", ""), by_id, noon(day))
    return complaint_id


def reported(app, company: Company, at: datetime) -> str:
    """One resolved on 2026-11-20 and reported at an instant; returns its id."""
    complaint_id = resolved(app, company, date(2026, 11, 20))
    with app.app_context():
        report_complaint(complaint_id, "", company.supervisor_id, at)
    return complaint_id


def shown(app, monkeypatch, state: str, day: date) -> str:
    """The body of the list as the manager reads it on a day."""
    monkeypatch.setattr("server.complaints.routes.today", lambda: day)
    return re.search("<tbody>.*?</tbody>", console(app, "chief").get(f"/complaints?state={state}").text, re.DOTALL)[0]


def test_what_is_resolved_in_time_stays_so_while_its_report_runs_on_to_the_due_day(app, monkeypatch, company: Company, staff: Staff):
    resolved(app, company, date(2026, 11, 19))
    for day, said in ((20, "还没上报"), (23, "还没上报"), (24, "上报过期 1 天")):
        body = shown(app, monkeypatch, "resolved", date(2026, 11, day))
        assert said in body and "按时" in body and "2026-11-19" in body, day
        assert body.count("过期") == (day == 24), day


@pytest.mark.parametrize(("day", "said"), [(23, "按时"), (24, "晚了，11-23 到期")])
def test_what_was_resolved_late_says_so_beside_its_report(app, monkeypatch, company: Company, staff: Staff, day, said):
    resolved(app, company, date(2026, 11, day))
    body = shown(app, monkeypatch, "resolved", date(2026, 11, 25))
    assert said in body and "上报过期 2 天" in body


@pytest.mark.parametrize(("day", "said"), [(23, "2026-11-23 上报"), (24, "2026-11-24 上报，晚了")])
def test_what_is_reported_says_when_and_whether_in_time(app, monkeypatch, company: Company, staff: Staff, day, said):
    complaint_id = reported(app, company, datetime(2026, 11, day, 23, 59, tzinfo=SHANGHAI))
    body = shown(app, monkeypatch, "reported", date(2026, 12, 20))
    assert f"{said}<" in body and "按时" in body and "2026-11-20" in body
    chief = console(app, "chief")
    page = chief.get(f"/complaints/{complaint_id}").text
    assert f"{said}<" in page and "按时" in page
    [row] = csv_rows(chief.get("/exports/complaints.csv?state=reported"))
    assert (row["处理完日期"], row["上报日期"]) == ("2026-11-20", f"2026-11-{day}")


def test_the_page_of_one_not_reported_tells_handling_and_report_apart(app, monkeypatch, company: Company, staff: Staff):
    complaint_id, boss = resolved(app, company, date(2026, 11, 19)), console(app, "boss")
    for day, said in ((23, "还没上报"), (24, "上报过期 1 天")):
        monkeypatch.setattr("server.complaints.routes.today", lambda day=day: date(2026, 11, day))
        page = boss.get(f"/complaints/{complaint_id}").text
        assert said in page and "按时" in page, day
        assert untranslated(console(app, "boss", "en").get(f"/complaints/{complaint_id}").text) == []
    [row] = csv_rows(boss.get("/exports/complaints.csv?state=resolved"))
    assert (row["处理完日期"], row["上报日期"]) == ("2026-11-19", "")


def test_what_is_open_has_no_report_yet(app, company: Company, staff: Staff):
    complaint_id, boss = take(app, company), console(app, "boss")
    for path in ("/complaints", f"/complaints/{complaint_id}"):
        assert "还没上报" not in boss.get(path).text and "上报过期" not in boss.get(path).text, path


def test_the_manager_is_told_of_the_reports_of_the_last_7_days(app, company: Company, staff: Staff):
    begin = datetime.combine(today() - timedelta(days=6), time(), SHANGHAI)
    reported(app, company, begin - timedelta(seconds=1))
    first, last = reported(app, company, begin), reported(app, company, now())
    chief = console(app, "chief")
    assert tile_of(chief, "新上报的投诉") == ("/complaints?state=reported&reported=week", 2)
    assert set(listed(chief, "?state=reported&reported=week")) == {first, last} and len(listed(chief, "?state=reported")) == 3
    assert len(csv_rows(chief.get("/exports/complaints.csv?state=reported&reported=week"))) == 2
    page = chief.get("/complaints?state=reported&reported=week").text
    assert '<option value="week" selected>近 7 天</option>' in page and 'href="/complaints?state=reported">清除筛选' in page
    assert re.findall(r">(\w+) <b>(\d+)</b></a>", page[page.index('class="tabs"') :]) == [
        ("未处理", "0"),
        ("待上报", "0"),
        ("已上报", "2"),
        ("已作废", "0"),
    ]
    assert chief.get("/complaints?state=reported&reported=x").status_code == 422
    for login in ("boss", "ops", "rep1"):
        assert "新上报的投诉" not in console(app, login).get("/").text, login
    english = console(app, "chief", "en")
    for path in ("/", "/complaints?state=reported&reported=week", "/complaints?state=resolved"):
        assert untranslated(english.get(path).text) == [], path
