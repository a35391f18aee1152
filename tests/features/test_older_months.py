"""Months that are over for long are kept right: open ones whole, closed ones by what adjustments put right (RULEBOOK §10)."""

from datetime import date

import pytest
from sqlalchemy import select

from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingStep
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.payroll.closing import closing_of
from server.visits.compliance import refresh_outlet_months
from server.visits.models import OutletMonth
from server.visits.plan_models import PlannedVisit
from tests.features.closed_months import NOV, OCT, chief, close, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.wages import NOVEMBER, NOVEMBER_2, OCTOBER, lines_of, moved

FEBRUARY_2, FEBRUARY_3 = date(2027, 2, 2), date(2027, 2, 3)


def night(day):
    run_nightly(day, noon(day))
    db.session.expire_all()


def miss(outlet_id, month=OCTOBER):
    return db.session.scalars(select(Finding).where(Finding.outlet_id == outlet_id, Finding.month == month)).one()


def states_of(finding_id):
    query = select(FindingStep.state).where(FindingStep.finding_id == finding_id)
    return list(db.session.scalars(query.order_by(FindingStep.at, FindingStep.id)))


def give_to_other(company, starts_on, on):
    assign_outlets([company.outlet_id], company.other_rep_id, starts_on, company.supervisor_id, noon(on))


def close_october(company, chief):
    night(NOVEMBER_2)
    decide_finding(miss(company.outlet_id).id, "upheld", "没有去", chief, noon(NOVEMBER_2))
    close(OCT, chief, NOVEMBER_2)


@pytest.mark.parametrize(("starts_on", "is_others"), [(date(2026, 10, 31), True), (date(2026, 11, 1), False)])
def test_a_miss_of_an_old_open_month_follows_its_rep_and_the_draft_says_what_was_upheld(company, chief, starts_on, is_others):
    night(NOVEMBER_2)
    night(FEBRUARY_2)
    give_to_other(company, starts_on, FEBRUARY_2)
    night(FEBRUARY_2)
    rep_id = company.other_rep_id if is_others else company.rep_id
    assert (miss(company.outlet_id).person_id, miss(company.outlet_id).state) == (rep_id, "proposed")
    decide_finding(miss(company.outlet_id).id, "upheld", "没有去", chief, noon(FEBRUARY_3))
    night(FEBRUARY_3)
    assert lines_of(rep_id, OCTOBER)["deduct_missed_visit"] == "-20.00"


def test_a_late_visit_overtakes_a_miss_that_was_closed_months_ago(company, chief, add_visit):
    close_october(company, chief)
    closed = lines_of(company.rep_id, OCTOBER)
    add_visit(company.outlet_id, company.rep_id, "2026-10-28T02:00:00+00:00", received=noon(FEBRUARY_2))
    for _ in range(2):
        night(FEBRUARY_2)
    finding_id = miss(company.outlet_id).id
    assert states_of(finding_id) == ["proposed", "upheld", "overtaken"]
    decide_finding(finding_id, "dismissed", "巡检补到了", chief, noon(FEBRUARY_2))
    night(FEBRUARY_3)
    assert (lines_of(company.rep_id, NOVEMBER)["2026-10 deduct_missed_visit"], lines_of(company.rep_id, OCTOBER)) == ("20.00", closed)


@pytest.mark.parametrize(("starts_on", "is_others"), [(date(2026, 10, 31), True), (date(2026, 11, 1), False)])
def test_the_plan_of_a_month_closed_long_ago_moves_with_its_outlet(company, chief, add_visit, starts_on, is_others):
    add_visit(company.outlet_id, company.rep_id, "2026-10-28T02:00:00+00:00")
    moved(company.outlet_id, date(2026, 10, 5), "10000.00")
    close_october_as_it_is(chief)
    give_to_other(company, starts_on, FEBRUARY_2)
    night(FEBRUARY_2)
    gained = {"2026-10 award_visits": "100.00", "2026-10 volume": "30.00"}
    found = {kind: amount for kind, amount in lines_of(company.other_rep_id, NOVEMBER).items() if kind in gained}
    assert found == (gained if is_others else {})


def close_october_as_it_is(chief):
    night(NOVEMBER_2)
    close(OCT, chief, NOVEMBER_2)


def test_nothing_is_written_of_months_closed_long_ago_that_did_not_change(company, chief):
    close_october(company, chief)
    night(FEBRUARY_2)
    steps = [(step, count) for step, month, count in run_nightly(FEBRUARY_2, noon(FEBRUARY_2)).steps if month == OCTOBER]
    assert steps == [("outlet months changed", 0), ("findings proposed", 0)]


def test_closing_counts_what_came_since_the_last_night(company, chief, add_visit):
    night(NOVEMBER_2)
    add_visit(company.second_outlet_id, company.rep_id, "2026-10-09T02:00:00+00:00")
    give_to_other(company, date(2026, 10, 31), NOVEMBER_2)
    close(OCT, chief, NOVEMBER_2)
    db.session.expire_all()
    assert (miss(company.outlet_id).person_id, miss(company.outlet_id).state) == (company.other_rep_id, "proposed")
    assert lines_of(company.rep_id, OCTOBER)["award_visits"] == "100.00"
    assert "award_visits" not in lines_of(company.other_rep_id, OCTOBER)


def test_closing_proposes_what_no_night_has_proposed(company, chief):
    assert {check.code: check.left for check in closing_of(OCT, noon(NOVEMBER_2)).checks}["findings"] == 0
    close(OCT, chief, NOVEMBER_2)
    assert {check.code: check.left for check in closing_of(OCT, noon(NOVEMBER_2)).checks}["findings"] == 2


def test_next_months_rows_follow_a_handover_and_churn_where_there_are_any(company):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=date(2026, 12, 3), made_by_id=company.supervisor_id, made_at=noon(NOVEMBER_2)))
    db.session.commit()
    refresh_outlet_months(NOV.next(), noon(date(2026, 11, 20)), [company.outlet_id, company.second_outlet_id])
    db.session.commit()
    assert december() == {company.outlet_id: (company.rep_id, 1), company.second_outlet_id: (company.rep_id, 1)}
    give_to_other(company, date(2026, 11, 21), date(2026, 11, 21))
    db.session.get_one(Outlet, company.second_outlet_id).churned_on = date(2026, 11, 30)
    db.session.commit()
    night(date(2026, 11, 30))
    assert december() == {company.outlet_id: (company.other_rep_id, 1), company.second_outlet_id: (company.rep_id, 0)}


def test_next_months_rows_are_not_made_before_their_time(company):
    night(date(2026, 11, 30))
    assert december() == {}


def december():
    query = select(OutletMonth.outlet_id, OutletMonth.rep_id, OutletMonth.planned).where(OutletMonth.month == "2026-12")
    return {row.outlet_id: (row.rep_id, row.planned) for row in db.session.execute(query)}
