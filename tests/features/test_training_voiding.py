"""A training that was typed wrong is voided: it stays to be read, and does no plan."""

from datetime import date

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.training.actions import Held, record_training, void_training
from server.training.models import PlannedTraining, Training
from server.training.planning import due_trainings
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.papers import documents, gone, night
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, OCTOBER, lines_of
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

OCT, NOV = Month(2026, 10), Month(2026, 11)
NOVEMBER_30 = date(2026, 11, 30)
WHY = {"void_reason": "登记错了网点"}


def train(app, company: Company, on: date = date(2026, 11, 20)) -> str:
    with app.app_context():
        facts = (uuid7(), company.outlet_id, company.rep_id, on, False, "店内", "使用", ("王秀兰",), 1, "a" * 64, "b" * 64, "王秀兰")
        return record_training(Held(*facts), company.rep_id, noon(on)).id


def plan(app, company: Company, month: Month) -> None:
    with app.app_context():
        row = PlannedTraining(month=str(month), outlet_id=company.outlet_id, outlet_class="A", made_at=noon(date(2026, 9, 28)))
        db.session.add(row)
        db.session.commit()


def void(app, company: Company, training_id: str, on: date = NOVEMBER_30) -> None:
    with app.app_context():
        void_training(training_id, "登记错了网点", company.supervisor_id, noon(on))


def training_of(app, training_id: str) -> Training:
    with app.app_context():
        return db.session.get_one(Training, training_id)


@pytest.fixture
def trained(app, company: Company, staff: Staff) -> str:
    return train(app, company)


def test_the_supervisor_voids_a_training_with_a_reason(app, company: Company, trained: str):
    boss, place = console(app, "boss"), f"/trainings/{trained}"
    assert "为什么作废" in boss.get(place).text
    assert boss.post(f"{place}/voiding", data=WHY).status_code == 302
    page = boss.get(place).text
    assert "已作废" in page and "登记错了网点" in page and "为什么作废" not in page
    training = training_of(app, trained)
    assert (training.void_reason, training.voided_by_id) == ("登记错了网点", company.supervisor_id)
    assert trained not in boss.get("/trainings/held").text and trained in boss.get("/trainings/held?state=voided").text
    with app.app_context():
        assert list(db.session.scalars(select(AuditRow.actor_id).where(AuditRow.action == "training.voided"))) == [company.supervisor_id]
    for path in (place, "/trainings/held?state=voided", f"/outlets/{company.outlet_id}"):
        assert untranslated(console(app, "boss", "en").get(path).text) == [], path


@pytest.mark.parametrize(
    ("login", "status"), [("rep1", 403), ("rep2", 403), ("farboss", 404), ("ops", 403), ("chief", 403), ("payer", 403), ("clerk", 403)]
)
def test_who_may_not_void(app, staff: Staff, trained: str, login, status):
    assert console(app, login).post(f"/trainings/{trained}/voiding", data=WHY).status_code == status
    assert training_of(app, trained).voided_at is None


def test_only_who_may_void_is_offered_it(app, trained: str):
    assert "为什么作废" not in console(app, "ops").get(f"/trainings/{trained}").text


def test_voiding_asks_why(app, trained: str):
    answer = console(app, "boss").post(f"/trainings/{trained}/voiding", data={"void_reason": " "})
    assert answer.status_code == 422 and "这里要填" in answer.text
    assert training_of(app, trained).voided_at is None


def test_voiding_twice_changes_nothing(app, trained: str):
    boss, place = console(app, "boss"), f"/trainings/{trained}/voiding"
    assert boss.post(place, data=WHY).status_code == 302
    twice = boss.post(place, data={"void_reason": "又一次"})
    assert twice.status_code == 409 and "刚才已经有人办了" in twice.text
    assert training_of(app, trained).void_reason == "登记错了网点"


def test_a_void_training_does_no_plan_and_earns_no_award(app, company: Company, trained: str):
    plan(app, company, NOV)
    with app.app_context():
        assert due_trainings(noon(NOVEMBER_30)) == 0
        draft_month(NOV, noon(DECEMBER_2))
        assert lines_of(company.rep_id)["award_trainings"] == "100.00"
    void(app, company, trained)
    with app.app_context():
        assert due_trainings(noon(NOVEMBER_30)) == 1
        draft_month(NOV, noon(DECEMBER_2))
        assert "award_trainings" not in lines_of(company.rep_id)
    assert f"/trainings/{trained}" not in console(app, "boss").get(f"/trainings?month={NOVEMBER}").text


def test_a_closed_month_stays_and_the_next_is_adjusted(app, company: Company, staff: Staff):
    plan(app, company, OCT)
    training_id = train(app, company, date(2026, 10, 20))
    with app.app_context():
        draft_month(OCT, noon(NOVEMBER_2))
        close_month(OCT, "清单里的都看过", staff.ids["chief"], noon(NOVEMBER_2))
    void(app, company, training_id, date(2026, 11, 5))
    with app.app_context():
        draft_month(NOV, noon(DECEMBER_2))
        assert lines_of(company.rep_id, OCTOBER)["award_trainings"] == "100.00"
        assert lines_of(company.rep_id)["2026-10 award_trainings"] == "-100.00"


def test_the_outlet_lists_no_void_training_but_tells_of_it(app, company: Company, trained: str):
    void(app, company, trained)
    page = console(app, "boss").get(f"/outlets/{company.outlet_id}").text
    assert f"/trainings/{trained}" not in page.split('id="records"')[1].split("</section>")[0]
    assert "作废了培训" in page


def test_a_void_training_says_so_on_paper_and_in_its_export(app, company: Company, trained: str):
    boss, paper = console(app, "boss"), f"/trainings/{trained}/print"
    assert "已作废" not in boss.get(paper).text
    [row] = csv_rows(boss.get(f"/exports/trainings.csv?month={NOVEMBER}"))
    assert (row["作废日期"], row["作废理由"]) == ("", "")
    void(app, company, trained)
    top = boss.get(paper).text.split("代理商名称")[0]
    assert "已作废 · 2026-11-30" in top and "登记错了网点" in top
    [row] = csv_rows(boss.get("/exports/trainings.csv?state=voided"))
    assert (row["作废日期"], row["作废理由"]) == ("2026-11-30", "登记错了网点")
    assert untranslated(console(app, "boss", "en").get(paper).text) == []


def test_a_void_training_leaves_the_phone(app, company: Company, trained: str, phone: Phone):
    assert list(documents(phone, "training")) == [trained]
    cursor = phone.pull()[1]
    void(app, company, trained)
    assert gone(phone, "training", cursor) == {trained}
    assert (documents(phone, "training"), night(app, "training")) == ({}, 0)
