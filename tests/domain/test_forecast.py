"""The forecast of misses (RULEBOOK §4, §10): both sides of each edge. November 2026: the 30th is a Monday."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.forecast import DaysLeft, OutletForecast, OutletStanding, YuanAtRisk, days_left, rep_forecast, visits_that_fit, yuan_at_risk
from server.domain.months import Month
from server.domain.policy import Policy

NOVEMBER = Month(2026, 11)


def day(number):
    return date(2026, 11, number)


def left_on(number):
    return days_left(day(number), NOVEMBER, {})


def outlook(standing, on, gap_days=0, others=()):
    found = rep_forecast([standing, *others], left_on(on), Policy({"visit.min_gap_days": str(gap_days)}))[0]
    return found.outlook, found.reason


def standing(planned=1, counted=0, **more):
    return OutletStanding("s1", planned, counted, **more)


DONE = tuple(OutletStanding(f"d{number}", 1, 1) for number in range(40))  # a rep of good pace


def test_days_left_hold_today_and_the_working_days_that_are_over():
    assert left_on(27) == DaysLeft((day(27), day(28), day(29), day(30)), (day(27), day(30)), (day(27), day(30)), 19)
    assert days_left(date(2026, 12, 1), NOVEMBER, {}) == DaysLeft((), (), (), 21)


def test_days_on_which_nobody_is_there_are_no_days_at_work():
    away = {day(number) for number in (25, 26, 27, 28)}
    assert days_left(day(27), NOVEMBER, {}, away) == DaysLeft((day(27), day(28), day(29), day(30)), (day(27), day(30)), (day(30),), 17)


@pytest.mark.parametrize(
    ("needed", "away", "found"),
    [
        (1, (27,), ("fine", "")),
        (1, (27, 30), ("at_risk", "leave")),
        (2, (27,), ("at_risk", "leave")),
        (2, (28, 29), ("fine", "")),
        (3, (27,), ("at_risk", "working_days")),
        (5, (27,), ("certain", "days")),
    ],
)
def test_a_leave_without_a_substitute_puts_at_risk_but_makes_nothing_certain(needed, away, found):
    left = days_left(day(27), NOVEMBER, {}, {day(number) for number in away})
    one = rep_forecast([standing(needed), *DONE], left, Policy({"visit.min_gap_days": "0"}))[0]
    assert (one.outlook, one.reason) == found


def test_the_pace_is_of_the_days_at_work():
    """Ten in sixteen days: three more in the five that are left is the same pace, in four it is not, unless there were only eleven before."""
    others = [OutletStanding(f"o{number}", 1, 1) for number in range(10)]
    lacking = [OutletStanding(f"l{number}", 1, 0) for number in range(3)]
    for away, reason in (((), ""), ((24,), "pace"), ((2, 3, 4, 5, 6, 24), "")):
        left = days_left(day(24), NOVEMBER, {}, {day(number) for number in away})
        assert {one.reason for one in rep_forecast([*others, *lacking], left, Policy({})) if one.needed} == {reason}, away


@pytest.mark.parametrize(
    ("gap_days", "last", "fitting"), [(1, None, 4), (1, day(27), 3), (2, None, 2), (3, None, 2), (4, None, 1), (10, day(20), 1), (11, day(20), 0)]
)
def test_visits_that_fit_are_a_gap_apart_and_from_the_last_one(gap_days, last, fitting):
    assert visits_that_fit(left_on(27).days, last, gap_days) == fitting


def test_an_outlet_is_fine_while_working_days_are_left_for_it():
    assert outlook(standing(2), 27, others=DONE) == ("fine", "")
    assert outlook(standing(1), 30, others=DONE) == ("fine", "")


def test_more_visits_than_working_days_are_a_risk_and_more_than_days_a_certain_miss():
    assert outlook(standing(3), 27, others=DONE) == ("at_risk", "working_days")
    assert outlook(standing(4), 27, others=DONE) == ("at_risk", "working_days")
    assert outlook(standing(5), 27, others=DONE) == ("certain", "days")


def test_after_the_last_day_what_is_needed_is_missed():
    found = rep_forecast([standing()], days_left(date(2026, 12, 1), NOVEMBER, {}), Policy({}))
    assert found == [OutletForecast("s1", "certain", "days", 1)]


def test_visited_today_already_a_second_visit_waits_for_tomorrow():
    assert outlook(standing(2, 1, last_counted_on=day(30)), 30, others=DONE) == ("certain", "days")
    assert outlook(standing(2, 1, last_counted_on=day(29)), 30, others=DONE) == ("fine", "")


@pytest.mark.parametrize(("last", "expected"), [(20, ("fine", "")), (21, ("certain", "days"))])
def test_the_minimum_gap_makes_a_miss_certain(last, expected):
    assert outlook(standing(2, 1, last_counted_on=day(last)), 27, gap_days=10, others=DONE) == expected


def test_a_waiting_visit_keeps_a_miss_from_being_certain_but_is_a_risk():
    assert outlook(standing(2, 1, waiting=1, last_counted_on=day(30)), 30, others=DONE) == ("at_risk", "working_days")


@pytest.mark.parametrize(("days", "expected"), [(None, ("fine", "")), (2, ("fine", "")), (1, ("at_risk", "plan")), (0, ("at_risk", "plan"))])
def test_fewer_days_in_the_plan_than_visits_needed_are_a_risk(days, expected):
    assert outlook(standing(2, plan_days_left=days), 9, others=DONE) == expected


def slow(counted):
    """A rep with ten outlets of which so many are visited."""
    return [OutletStanding(f"s{number}", 1, number < counted) for number in range(10)]


def test_a_pace_too_slow_for_what_is_left_puts_all_that_lack_at_risk():
    left = left_on(16)  # ten working days are over, eleven left
    assert {one.outlook for one in rep_forecast(slow(5), left, Policy({}))} == {"fine"}
    found = rep_forecast(slow(4), left, Policy({}))
    assert [one.outlook for one in found] == ["fine"] * 4 + ["at_risk"] * 6
    assert {one.reason for one in found[4:]} == {"pace"}


def test_the_first_working_days_have_no_pace():
    assert {one.outlook for one in rep_forecast(slow(0), left_on(4), Policy({}))} == {"fine"}
    assert {one.outlook for one in rep_forecast(slow(0), left_on(5), Policy({}))} == {"at_risk"}


@pytest.mark.parametrize(
    ("certain", "at_risk", "yuan"),
    [(0, 0, ("0.00", "0.00")), (0, 1, ("0.00", "120.00")), (1, 0, ("120.00", "0.00")), (2, 3, ("140.00", "60.00"))],
)
def test_the_award_is_lost_once_with_the_first_miss(certain, at_risk, yuan):
    assert yuan_at_risk(certain, at_risk, Policy({})) == YuanAtRisk(*map(Decimal, yuan))
