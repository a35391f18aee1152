"""The supervisor's plan of visits: days set, taken back, proposed; what it asks for counts like what is owed (RULEBOOK §4, §11)."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.domain.months import Month
from server.findings.models import Finding
from server.jobs.nightly import run_nightly
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.policy.actions import set_policy
from server.visits.models import OutletMonth
from server.visits.plan_actions import move_visit, plan_rep_month, plan_visit, unplan_visit
from server.visits.plan_models import PlannedVisit
from server.visits.plan_views import state_of
from sync.problems import Problem
from tests.features.conftest import noon

NOVEMBER = Month(2026, 11)
NOVEMBER_2, NOVEMBER_20, DECEMBER_1 = date(2026, 11, 2), date(2026, 11, 20), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def planned_days(outlet_id):
    return list(db.session.scalars(select(PlannedVisit.planned_on).where(PlannedVisit.outlet_id == outlet_id).order_by(PlannedVisit.planned_on)))


def standing(outlet_id):
    db.session.expire_all()
    row = db.session.get(OutletMonth, (outlet_id, "2026-11"))
    return row.owed, row.planned, row.counted, row.state


def test_two_days_planned_for_an_outlet_that_owes_one_visit_ask_for_two(company, add_visit):
    for day in (10, 24):
        plan_visit(company.outlet_id, date(2026, 11, day), company.supervisor_id, noon(NOVEMBER_2))
    add_visit(company.outlet_id, company.rep_id, "2026-11-10T01:00:00+00:00", received=noon(date(2026, 11, 10)))
    assert standing(company.outlet_id) == (1, 2, 1, "due")
    run_nightly(DECEMBER_1, noon(DECEMBER_1))
    assert standing(company.outlet_id) == (1, 2, 1, "overdue")
    missed = db.session.scalars(select(Finding.outlet_id).where(Finding.kind == "missed_visit", Finding.month == "2026-11"))
    assert company.outlet_id in set(missed)


@pytest.mark.parametrize(("churned_on", "row"), [(date(2026, 10, 31), (0, 0, 0, "none")), (date(2026, 11, 1), (1, 1, 0, "overdue"))])
def test_a_day_planned_at_an_outlet_falls_away_from_the_month_after_it_churned(company, churned_on, row):
    plan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(NOVEMBER_2))
    run_nightly(DECEMBER_1, noon(DECEMBER_1))
    db.session.get_one(Outlet, company.outlet_id).churned_on = churned_on
    db.session.commit()
    for _ in range(2):
        run_nightly(date(2026, 12, 2), noon(date(2026, 12, 2)))
    assert standing(company.outlet_id) == row
    is_miss = (Finding.kind == "missed_visit", Finding.outlet_id == company.outlet_id, Finding.month == "2026-11")
    state = db.session.scalar(select(Finding.state).where(*is_miss))
    assert state == ("dismissed" if row[1] == 0 else "proposed")


def test_a_day_set_twice_is_one_day(company):
    for _ in range(2):
        plan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(NOVEMBER_2))
    assert planned_days(company.outlet_id) == [NOVEMBER_20]
    assert standing(company.outlet_id) == (1, 1, 0, "due")


def test_a_new_day_takes_the_place_of_one_that_passed_in_vain(company):
    for day in (5, 24):
        plan_visit(company.outlet_id, date(2026, 11, day), company.supervisor_id, noon(NOVEMBER_2))
    for _ in range(2):
        plan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(date(2026, 11, 6)))
    assert planned_days(company.outlet_id) == [NOVEMBER_20, date(2026, 11, 24)]
    assert standing(company.outlet_id) == (1, 2, 0, "due")
    moved = db.session.scalars(select(AuditRow).where(AuditRow.action == "visit.plan_moved")).one()
    assert (moved.detail["before"], moved.detail["after"]) == ("2026-11-05", "2026-11-20")


@pytest.mark.parametrize("visited_on", ["2026-11-05", "2026-11-07"])
def test_a_new_day_leaves_one_that_was_made_good_where_it_is(company, add_visit, visited_on):
    plan_visit(company.outlet_id, date(2026, 11, 5), company.supervisor_id, noon(NOVEMBER_2))
    add_visit(company.outlet_id, company.rep_id, f"{visited_on}T01:00:00+00:00", received=noon(date.fromisoformat(visited_on)))
    plan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(date(2026, 11, 9)))
    assert planned_days(company.outlet_id) == [date(2026, 11, 5), NOVEMBER_20]
    assert standing(company.outlet_id) == (1, 2, 1, "due")


def test_a_day_taken_back_asks_for_nothing_more_and_is_gone_the_second_time(company):
    for day in (NOVEMBER_20, date(2026, 11, 21)):
        plan_visit(company.outlet_id, day, company.supervisor_id, noon(NOVEMBER_2))
    unplan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(NOVEMBER_20))
    assert standing(company.outlet_id) == (1, 1, 0, "due")
    with pytest.raises(Problem) as refused:
        unplan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(NOVEMBER_20))
    assert refused.value.refusal.code == "stale"


def test_a_day_that_is_over_can_neither_be_set_nor_taken_back(company):
    plan_visit(company.outlet_id, NOVEMBER_2, company.supervisor_id, noon(NOVEMBER_2))
    for deed in (plan_visit, unplan_visit):
        with pytest.raises(Problem) as refused:
            deed(company.outlet_id, NOVEMBER_2, company.supervisor_id, noon(date(2026, 11, 3)))
        assert refused.value.extras["fields"] == {"planned_on": "day_over"}
        db.session.rollback()
    assert planned_days(company.outlet_id) == [NOVEMBER_2]


def test_no_day_is_set_for_an_outlet_that_is_no_customer(company):
    db.session.get_one(Outlet, company.outlet_id).account_made_on = None
    db.session.commit()
    with pytest.raises(Problem) as refused:
        plan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(NOVEMBER_2))
    assert refused.value.extras["fields"] == {"outlet_id": "not_a_customer"}


def test_the_proposed_month_holds_what_is_owed_on_working_days_and_is_the_same_twice(company, add_visit):
    add_visit(company.outlet_id, company.rep_id, "2026-11-02T01:00:00+00:00", received=noon(NOVEMBER_2))
    plans = []
    for _ in range(2):
        plan_rep_month(company.rep_id, NOVEMBER, company.supervisor_id, noon(NOVEMBER_20))
        plans.append({outlet_id: planned_days(outlet_id) for outlet_id in (company.outlet_id, company.second_outlet_id)})
    assert plans[0] == plans[1]
    assert plans[0][company.outlet_id] == []
    [day] = plans[0][company.second_outlet_id]
    assert NOVEMBER_20 <= day <= date(2026, 11, 30) and day.weekday() < 5


def test_a_visit_not_made_on_its_day_and_proposed_again_is_asked_for_once(company, add_visit):
    plan_visit(company.outlet_id, NOVEMBER_2, company.supervisor_id, noon(NOVEMBER_2))
    plan_rep_month(company.rep_id, NOVEMBER, company.supervisor_id, noon(NOVEMBER_20))
    [day] = planned_days(company.outlet_id)
    assert day >= NOVEMBER_20
    assert standing(company.outlet_id) == (1, 1, 0, "due")
    add_visit(company.outlet_id, company.rep_id, f"{day}T01:00:00+00:00", received=noon(day))
    assert standing(company.outlet_id) == (1, 1, 1, "done")


def test_days_that_were_kept_stay_when_the_rest_is_proposed_again(company, add_visit):
    set_policy("visit.owed_c", "2", date(2026, 11, 1), "测试", company.supervisor_id, noon(date(2026, 10, 30)))
    for day in (NOVEMBER_2, date(2026, 11, 10)):
        plan_visit(company.outlet_id, day, company.supervisor_id, noon(NOVEMBER_2))
    add_visit(company.outlet_id, company.rep_id, "2026-11-10T01:00:00+00:00", received=noon(date(2026, 11, 10)))
    plan_rep_month(company.rep_id, NOVEMBER, company.supervisor_id, noon(NOVEMBER_20))
    kept, again = planned_days(company.outlet_id)
    assert (kept, again >= NOVEMBER_20) == (date(2026, 11, 10), True)
    assert standing(company.outlet_id) == (2, 2, 1, "due")


def test_days_of_an_outlet_that_owes_nothing_more_stay_as_they_were(company, add_visit):
    plan_visit(company.outlet_id, NOVEMBER_2, company.supervisor_id, noon(NOVEMBER_2))
    add_visit(company.outlet_id, company.rep_id, "2026-11-10T01:00:00+00:00", received=noon(date(2026, 11, 10)))
    plan_rep_month(company.rep_id, NOVEMBER, company.supervisor_id, noon(NOVEMBER_20))
    assert planned_days(company.outlet_id) == [NOVEMBER_2]


def test_no_month_that_is_over_is_proposed(company):
    with pytest.raises(Problem) as refused:
        plan_rep_month(company.rep_id, NOVEMBER, company.supervisor_id, noon(DECEMBER_1))
    assert refused.value.extras["fields"] == {"month": "over"}


def test_the_days_of_a_merged_outlet_are_those_of_the_other(company):
    for outlet_id, day in ((company.outlet_id, 20), (company.outlet_id, 23), (company.second_outlet_id, 23)):
        plan_visit(outlet_id, date(2026, 11, day), company.supervisor_id, noon(NOVEMBER_2))
    merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(NOVEMBER_20))
    assert planned_days(company.outlet_id) == []
    assert planned_days(company.second_outlet_id) == [NOVEMBER_20, date(2026, 11, 23)]


@pytest.mark.parametrize(
    ("planned_on", "is_on_day", "is_in_month", "state"),
    [
        (19, True, True, "done"),
        (19, False, True, "pending"),
        (19, False, False, "overdue"),
        (20, False, True, "due"),
        (20, True, True, "done"),
    ],
)
def test_a_planned_day_says_what_became_of_it(planned_on, is_on_day, is_in_month, state):
    row = SimpleNamespace(planned_on=date(2026, 11, planned_on), is_on_day=is_on_day, is_in_month=is_in_month)
    assert state_of(row, NOVEMBER_20) == state


def test_a_day_is_moved_in_one_step_and_the_month_asks_for_as_much(company):
    plan_visit(company.outlet_id, NOVEMBER_20, company.supervisor_id, noon(NOVEMBER_2))
    move_visit(company.outlet_id, NOVEMBER_20, date(2026, 11, 24), company.supervisor_id, noon(NOVEMBER_2))
    assert planned_days(company.outlet_id) == [date(2026, 11, 24)]
    assert standing(company.outlet_id) == (1, 1, 0, "due")
    detail = db.session.scalars(select(AuditRow.detail).where(AuditRow.action == "visit.plan_moved")).one()
    assert detail == {"before": "2026-11-20", "after": "2026-11-24"}


def test_a_day_moved_into_another_month_is_counted_in_both(company):
    for day in (NOVEMBER_20, date(2026, 11, 21)):
        plan_visit(company.outlet_id, day, company.supervisor_id, noon(NOVEMBER_2))
    move_visit(company.outlet_id, NOVEMBER_20, DECEMBER_1, company.supervisor_id, noon(NOVEMBER_2))
    assert planned_days(company.outlet_id) == [date(2026, 11, 21), DECEMBER_1]
    assert standing(company.outlet_id) == (1, 1, 0, "due")
    assert db.session.get(OutletMonth, (company.outlet_id, "2026-12")).planned == 1


def test_a_day_that_passed_in_vain_is_moved_within_its_month_only(company, add_visit):
    later = noon(date(2026, 11, 18))
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        plan_visit(outlet_id, NOVEMBER_2, company.supervisor_id, noon(NOVEMBER_2))
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-02T01:00:00+00:00", received=noon(NOVEMBER_2))
    for outlet_id, moved_to in ((company.outlet_id, DECEMBER_1), (company.second_outlet_id, NOVEMBER_20)):
        assert refusal(move_visit, outlet_id, NOVEMBER_2, moved_to, company.supervisor_id, later) == {"planned_on": "day_over"}
    move_visit(company.outlet_id, NOVEMBER_2, NOVEMBER_20, company.supervisor_id, later)
    assert (planned_days(company.outlet_id), planned_days(company.second_outlet_id)) == ([NOVEMBER_20], [NOVEMBER_2])
    assert standing(company.outlet_id) == (1, 1, 0, "due")


def test_no_day_is_moved_to_one_that_is_over_or_set_and_none_that_is_gone(company):
    for day in (NOVEMBER_20, date(2026, 11, 21)):
        plan_visit(company.outlet_id, day, company.supervisor_id, noon(NOVEMBER_2))
    by = (company.supervisor_id, noon(date(2026, 11, 18)))
    assert refusal(move_visit, company.outlet_id, NOVEMBER_20, date(2026, 11, 17), *by) == {"planned_on": "day_over"}
    assert refusal(move_visit, company.outlet_id, NOVEMBER_20, date(2026, 11, 21), *by) == {"planned_on": "day_taken"}
    with pytest.raises(Problem) as refused:
        move_visit(company.outlet_id, date(2026, 11, 25), date(2026, 11, 26), *by)
    assert refused.value.refusal.code == "stale"
    move_visit(company.outlet_id, NOVEMBER_20, NOVEMBER_20, *by)
    assert planned_days(company.outlet_id) == [NOVEMBER_20, date(2026, 11, 21)]


def refusal(deed, *words):
    """The fields at fault, with the session as a request would leave it."""
    with pytest.raises(Problem) as refused:
        deed(*words)
    db.session.rollback()
    return refused.value.extras["fields"]
