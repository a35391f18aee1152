"""Wage sheets as phones receive them: what is not paid, and why, in both languages."""

from datetime import date

import pytest

from server.domain.months import Month
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.documents import wage_sheet_documents
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401
from tests.features.test_payroll_facts import complaint
from tests.features.wages import DECEMBER_2, upheld
from tests.sheets import add_sheet

NOV = Month(2026, 11)


@pytest.fixture(autouse=True)
def inside_the_app(app):
    with app.app_context():
        yield


def document_of(person_id: str, month: str = "2026-11") -> dict:
    key = f"{person_id}:{month}"
    return wage_sheet_documents([key])[key]


def reasons_of(person_id: str) -> dict[str, tuple[str, str]]:
    return {one["kind"]: (one["reason_zh"], one["reason_en"]) for one in document_of(person_id)["unpaid"]}


def test_awards_that_are_not_paid_say_why_in_both_languages(app, company):
    complaint(company.outlet_id, date(2026, 11, 5))
    complaint(company.outlet_id, date(2026, 11, 6))
    draft_month(NOV, noon(DECEMBER_2))
    reasons = reasons_of(company.rep_id)
    assert reasons["award_complaints"] == ("2 件投诉", "complaints: 2")
    assert reasons["award_trainings"] == ("当月没有培训计划", "no training planned that month")
    assert set(reasons) == {"award_complaints", "award_trainings", "award_visits"}
    award = next(one for one in document_of(company.rep_id)["unpaid"] if one["kind"] == "award_complaints")
    assert (award["label_zh"], award["label_en"]) == ("奖励 · 当月无投诉", "Award · no complaint")
    assert award["rule_en"] == "No complaint from the rep's outlets, unfounded ones aside"


def test_a_paid_award_is_not_among_the_unpaid(app, company):
    draft_month(NOV, noon(DECEMBER_2))
    document = document_of(company.rep_id)
    assert "award_complaints" in {line["kind"] for line in document["lines"]}
    assert "award_complaints" not in {one["kind"] for one in document["unpaid"]}


def test_a_plan_that_is_done_says_that_an_upheld_miss_lost_its_award(app, company, staff, add_visit):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    upheld(company.rep_id, staff.ids["chief"], kind="missed_visit")
    draft_month(NOV, noon(DECEMBER_2))
    zh, en = reasons_of(company.rep_id)["award_visits"]
    assert zh == "计划 2 次，计入 2 次；2 个网点里 2 个巡够；认定的漏巡 1 件"
    assert en.endswith("missed visits upheld: 1")


def test_a_closed_sheet_keeps_its_reasons(app, company, staff):
    complaint(company.outlet_id, date(2026, 11, 5))
    close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
    complaint(company.outlet_id, date(2026, 11, 6))
    assert reasons_of(company.rep_id)["award_complaints"][0] == "1 件投诉"


def test_a_sheet_drawn_up_before_facts_were_kept_tells_no_reasons(app, company):
    add_sheet(company.rep_id, "2026-10")
    assert document_of(company.rep_id, "2026-10")["unpaid"] == []
