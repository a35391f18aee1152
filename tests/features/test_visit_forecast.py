"""The night's forecast of misses, and planned against visited, on both databases."""

from datetime import date

import pytest
from sqlalchemy import Date, literal, select

from server.db import db
from server.domain.months import Month
from server.jobs.nightly import run_nightly
from server.leaves.actions import WantedLeave, set_leave
from server.leaves.queries import days_uncovered, is_uncovered
from server.outlets.actions import assign_outlets
from server.people.models import Person, PersonBreak
from server.visits.forecasting import forecast_misses
from server.visits.plan_actions import plan_visit, unplan_visit
from server.visits.plan_models import MissForecast, PlanDay
from tests.features.conftest import noon

NOVEMBER_2, NOVEMBER_30, DECEMBER_1 = date(2026, 11, 2), date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def day(number):
    return date(2026, 11, number)


def night(on):
    return {(step, month): count for step, month, count in run_nightly(on, noon(on)).steps}


def forecasts(month="2026-11"):
    rows = db.session.scalars(select(MissForecast).where(MissForecast.month == month))
    return {row.outlet_id: (row.rep_id, row.outlook, row.reason, row.needed) for row in rows}


def plan_days():
    rows = db.session.scalars(select(PlanDay).order_by(PlanDay.rep_id, PlanDay.day))
    return [(row.rep_id, row.day, row.planned, row.on_day, row.in_month) for row in rows]


def plan(company, outlet_id, *numbers, on=NOVEMBER_2):
    for number in numbers:
        plan_visit(outlet_id, day(number), company.supervisor_id, noon(on))


def test_more_visits_planned_than_days_are_left_are_a_certain_miss(company, add_visit):
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-03T01:00:00+00:00")
    plan(company, company.outlet_id, 5, 6)
    night(NOVEMBER_30)
    assert forecasts() == {company.outlet_id: (company.rep_id, "certain", "days", 2)}


def test_a_visit_takes_the_outlet_off_the_forecast_and_a_second_night_changes_nothing(company, add_visit):
    night(day(16))
    assert forecasts() == {
        company.outlet_id: (company.rep_id, "at_risk", "pace", 1),
        company.second_outlet_id: (company.rep_id, "at_risk", "pace", 1),
    }
    add_visit(company.outlet_id, company.rep_id, "2026-11-16T01:00:00+00:00")
    assert night(day(17))["forecasts changed", "2026-11"] == 1
    assert forecasts() == {company.second_outlet_id: (company.rep_id, "at_risk", "pace", 1)}
    assert night(day(17))["forecasts changed", "2026-11"] == 0


def test_plan_days_that_passed_without_a_visit_are_a_risk(company, add_visit):
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-03T01:00:00+00:00")
    plan(company, company.outlet_id, 4)
    night(day(4))
    assert forecasts() == {}
    night(day(5))
    assert forecasts() == {company.outlet_id: (company.rep_id, "at_risk", "plan", 1)}


def test_a_month_that_is_over_has_findings_and_no_forecast(company):
    night(NOVEMBER_30)
    assert len(forecasts()) == 2
    steps = night(DECEMBER_1)
    assert (forecasts(), steps["forecasts changed", "2026-11"], steps["findings proposed", "2026-11"]) == ({}, 2, 2)


def test_the_forecast_follows_the_outlet_to_its_new_rep(company):
    night(day(16))
    assign_outlets([company.outlet_id], company.other_rep_id, day(17), company.supervisor_id, noon(day(17)))
    night(day(17))
    assert {row[0] for row in forecasts().values()} == {company.rep_id, company.other_rep_id}


def test_an_outlet_of_the_pool_costs_nobody(company):
    assign_outlets([company.outlet_id, company.second_outlet_id], None, day(16), company.supervisor_id, noon(day(16)))
    night(NOVEMBER_30)
    assert forecasts() == {}


def test_nothing_is_forecast_of_a_month_to_come_but_what_cannot_fit(company):
    assert forecast_misses(Month(2026, 12), noon(NOVEMBER_30)) == 0


def test_a_planned_day_that_is_over_says_who_was_visited_on_it_and_who_on_another(company, add_visit):
    plan(company, company.outlet_id, 10, 11)
    plan(company, company.second_outlet_id, 10)
    add_visit(company.outlet_id, company.other_rep_id, "2026-11-10T01:00:00+00:00")
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-12T01:00:00+00:00")
    steps = night(day(11))
    assert plan_days() == [(company.rep_id, day(10), 2, 1, 1)]
    assert (steps["visits planned", "2026-11"], steps["visits made as planned", "2026-11"]) == (3, 2)
    night(day(12))
    assert plan_days() == [(company.rep_id, day(10), 2, 1, 1), (company.rep_id, day(11), 1, 0, 1)]
    assert night(day(12))["plan days changed", "2026-11"] == 0


def test_a_visit_that_does_not_count_does_no_planned_day(company, add_visit):
    plan(company, company.outlet_id, 10)
    add_visit(company.outlet_id, company.rep_id, "2026-11-10T01:00:00+00:00", is_checklist_complete=False)
    night(day(11))
    assert plan_days() == [(company.rep_id, day(10), 1, 0, 0)]


def test_a_planned_day_moves_with_its_outlet_and_one_taken_back_is_gone(company):
    plan(company, company.outlet_id, 10)
    night(day(11))
    assign_outlets([company.outlet_id], company.other_rep_id, day(12), company.supervisor_id, noon(day(12)))
    night(day(12))
    assert plan_days() == [(company.other_rep_id, day(10), 1, 0, 0)]
    plan(company, company.second_outlet_id, 13, on=day(12))
    unplan_visit(company.second_outlet_id, day(13), company.supervisor_id, noon(day(13)))
    night(day(14))
    assert plan_days() == [(company.other_rep_id, day(10), 1, 0, 0)]


def away(company, first, last, substitute_id):
    set_leave(WantedLeave(company.rep_id, first, last, substitute_id), company.supervisor_id, noon(day(9)))
    db.session.commit()


def test_a_planned_day_of_a_leave_that_nobody_covers_is_no_day_of_the_plan_unless_it_was_made(company, add_visit):
    plan(company, company.outlet_id, 9, 10, 12, 13)
    plan(company, company.second_outlet_id, 11)
    away(company, day(10), day(12), None)
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-11T01:00:00+00:00", received=noon(day(11)))
    night(day(16))
    assert plan_days() == [(company.rep_id, day(9), 1, 0, 0), (company.rep_id, day(11), 1, 1, 0), (company.rep_id, day(13), 1, 0, 0)]


def test_a_planned_day_between_leaving_and_returning_is_no_day_of_the_plan(company):
    plan(company, company.outlet_id, 9, 10, 12, 13)
    db.session.add(PersonBreak(person_id=company.rep_id, starts_on=day(10), ends_on=day(12)))
    db.session.commit()
    night(day(16))
    assert plan_days() == [(company.rep_id, day(9), 1, 0, 0), (company.rep_id, day(13), 1, 0, 0)]


def test_a_planned_day_before_the_rep_began_is_no_day_of_the_plan(company):
    plan(company, company.outlet_id, 9, 10)
    db.session.get_one(Person, company.rep_id).starts_on = day(10)
    db.session.commit()
    night(day(16))
    assert plan_days() == [(company.rep_id, day(10), 1, 0, 0)]


def test_a_substitute_covers_a_leave_up_to_their_own_last_day(company):
    away(company, day(23), day(26), company.other_rep_id)
    db.session.get_one(Person, company.other_rep_id).ends_on = day(24)
    db.session.commit()
    uncovered = days_uncovered(day(22), day(27))
    assert uncovered[company.rep_id] == {day(25), day(26)}
    for number in range(22, 28):
        told = db.session.scalar(select(is_uncovered(company.rep_id, literal(day(number), Date))))
        assert told == (day(number) in uncovered[company.rep_id])


def test_a_planned_day_is_that_of_the_substitute_while_they_stand_in(company, add_visit):
    plan(company, company.outlet_id, 9, 10, 13)
    plan(company, company.second_outlet_id, 12)
    away(company, day(10), day(12), company.other_rep_id)
    add_visit(company.second_outlet_id, company.other_rep_id, "2026-11-12T01:00:00+00:00", received=noon(day(12)))
    night(day(16))
    theirs = [(company.other_rep_id, day(10), 1, 0, 0), (company.other_rep_id, day(12), 1, 1, 0)]
    assert plan_days() == sorted([(company.rep_id, day(9), 1, 0, 0), (company.rep_id, day(13), 1, 0, 0), *theirs])
    assert night(day(16))["plan days changed", "2026-11"] == 0


@pytest.mark.parametrize(("login", "found"), [("", ("at_risk", "leave", 1)), ("rep2", ("at_risk", "pace", 1))])
def test_a_leave_counts_unless_somebody_stands_in(company, add_visit, login, found):
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-23T01:00:00+00:00")
    wanted = WantedLeave(company.rep_id, day(27), NOVEMBER_30, company.other_rep_id if login else None)
    set_leave(wanted, company.supervisor_id, noon(day(25)))
    db.session.commit()
    night(day(27))
    assert forecasts() == {company.outlet_id: (company.rep_id, *found)}


@pytest.mark.parametrize("is_new", [False, True], ids=["came back", "is new"])
@pytest.mark.parametrize(("back_on", "found"), [(9, {}), (6, {"at_risk": "pace"})])
def test_days_before_the_first_and_between_leaving_and_returning_slow_no_pace(company, add_visit, back_on, found, is_new):
    """On the 19th one of two visits is made, 8 working days are left: fast enough with 8 passed since the 9th, too slow with 9 since the 6th."""
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-17T01:00:00+00:00")
    if is_new:
        db.session.get_one(Person, company.rep_id).starts_on = day(back_on)
    else:
        db.session.add(PersonBreak(person_id=company.rep_id, starts_on=NOVEMBER_2, ends_on=day(back_on - 1)))
    db.session.commit()
    night(day(19))
    assert {row[1]: row[2] for row in forecasts().values()} == found


@pytest.mark.parametrize(("last_day", "reason"), [(26, "leave"), (27, "plan"), (30, "pace")])
def test_days_after_the_reps_last_one_are_nobodys(company, add_visit, last_day, reason):
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-23T01:00:00+00:00")
    plan(company, company.outlet_id, 26, 30)
    db.session.get_one(Person, company.rep_id).ends_on = day(last_day)
    db.session.commit()
    night(day(26))
    assert forecasts() == {company.outlet_id: (company.rep_id, "at_risk", reason, 2)}


@pytest.mark.parametrize(("last_day", "is_at_risk"), [(24, True), (25, False)])
def test_a_visit_planned_after_the_reps_last_day_is_no_day_left_of_the_plan(company, add_visit, last_day, is_at_risk):
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-03T01:00:00+00:00")
    plan(company, company.outlet_id, 25)
    db.session.get_one(Person, company.rep_id).ends_on = day(last_day)
    db.session.commit()
    night(day(3))
    assert forecasts() == ({company.outlet_id: (company.rep_id, "at_risk", "plan", 1)} if is_at_risk else {})


@pytest.mark.parametrize("is_active", [True, False])
def test_days_after_the_last_one_are_nobodys_for_the_plan_and_the_pace_alike(company, is_active):
    person = db.session.get_one(Person, company.rep_id)
    person.ends_on, person.is_active = day(24), is_active
    db.session.commit()
    assert days_uncovered(day(23), day(26)) == {company.rep_id: {day(25), day(26)}}
    columns = [is_uncovered(company.rep_id, literal(day(number), Date)) for number in (24, 25)]
    assert db.session.execute(select(*columns)).one() == (False, True)


@pytest.mark.parametrize(("login", "is_at_risk"), [("", True), ("rep2", False)])
def test_a_visit_planned_for_leave_that_nobody_covers_is_no_day_left_of_the_plan(company, add_visit, login, is_at_risk):
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-03T01:00:00+00:00")
    plan(company, company.outlet_id, 25)
    away(company, day(24), day(25), company.other_rep_id if login else None)
    night(day(3))
    assert forecasts() == ({company.outlet_id: (company.rep_id, "at_risk", "plan", 1)} if is_at_risk else {})
