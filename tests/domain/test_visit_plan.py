"""The proposed plan of a rep's visits, and what became of a plan (RULEBOOK §4, §11)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.geo import distance_m
from server.domain.policy import Policy
from server.domain.visit_plan import OutletToVisit, PlanAdherence, plan_adherence, proposed_plan
from server.domain.wage_facts import PlannedOutlet

MONDAY = date(2026, 11, 2)
NOVEMBER = [day for number in range(30) if (day := date(2026, 11, 1) + timedelta(days=number)).weekday() < 5]
WEST, EAST = (30.0, 104.0), (30.0, 105.0)


def outlet(name, owed=1, position=None, visited_on=()):
    return OutletToVisit(name, owed, tuple(date(2026, 11, day) for day in visited_on), position)


def line(count, owed=1):
    """Outlets from west to east, a kilometre apart."""
    return [outlet(f"o{number:02d}", owed, (30.0, 104 + number / 100)) for number in range(count)]


def plan_of(outlets, days=NOVEMBER, gap_days=0):
    return proposed_plan(outlets, days, Policy({"visit.min_gap_days": str(gap_days)}))


def days_of(plan, outlet_id):
    return [day.on for day in plan.days if outlet_id in day.outlet_ids]


def visits_by_day(plan):
    return [list(day.outlet_ids) for day in plan.days]


def test_single_visits_follow_the_tour_with_equal_loads():
    plan = plan_of(reversed(line(7)), NOVEMBER[:3])
    assert visits_by_day(plan) == [["o00", "o01", "o02"], ["o03", "o04"], ["o05", "o06"]]
    assert [day.on for day in plan.days] == NOVEMBER[:3]
    assert plan.unplaced == {}


def test_class_a_is_visited_twice_half_a_month_apart():
    plan = plan_of(line(4, owed=2), NOVEMBER[:8])
    assert visits_by_day(plan) == [["o00"], ["o01"], ["o02"], ["o03"], ["o00"], ["o01"], ["o02"], ["o03"]]


def test_single_visits_alternate_between_the_rounds_by_stretches_of_a_day():
    singles = [outlet(f"s{number}", 1, (30.0, 104 + number / 100)) for number in range(8)]
    plan = plan_of([*singles, outlet("twice", 2, (30.0, 103.0))], NOVEMBER[:5])
    assert visits_by_day(plan) == [["twice", "s0"], ["s1", "s4"], ["twice", "s5"], ["s2", "s3"], ["s6", "s7"]]


def test_two_towns_are_never_mixed_in_a_day():
    towns = [outlet(f"{town}{number}", 1, (30 + number / 1000, place[1])) for town, place in (("w", WEST), ("e", EAST)) for number in range(10)]
    for day in plan_of(towns, NOVEMBER[:4]).days:
        assert len({name[0] for name in day.outlet_ids}) == 1


def length_m(positions):
    return sum(distance_m(*here, *there) for here, there in pairwise(positions))


def test_a_months_plan_is_far_shorter_than_one_in_any_order():
    places = [(30 + (number * 7919 % 101) / 100, 104 + (number * 6007 % 103) / 100) for number in range(100)]
    outlets = [outlet(f"o{number}", 2 if number % 3 == 0 else 1, place) for number, place in enumerate(places)]
    where = {one.outlet_id: one.position for one in outlets}
    plan = plan_of(outlets)
    planned_m = sum(length_m([where[name] for name in day.outlet_ids]) for day in plan.days)
    by_name = sorted(name for day in plan.days for name in day.outlet_ids)
    unplanned_m = sum(length_m([where[name] for name in by_name[start : start + 7]]) for start in range(0, len(by_name), 7))
    assert planned_m < unplanned_m / 3


def test_second_visits_of_a_mixed_month_come_13_days_later_or_more():
    outlets = [outlet(f"o{number:02d}", 2 if number % 3 == 0 else 1, (30 + number % 7 / 50, 104 + number / 100)) for number in range(60)]
    plan = plan_of(outlets)
    gaps = [(days[1] - days[0]).days for one in outlets if len(days := days_of(plan, one.outlet_id)) == 2]
    assert len(gaps) == 20
    assert min(gaps) >= 11
    assert max(gaps) <= 19


def test_a_visit_already_made_is_not_planned_again_and_the_second_comes_late():
    plan = plan_of([outlet("done", 1, visited_on=(3,)), outlet("half", 2, visited_on=(9,)), *line(9)], NOVEMBER[6:16])
    assert days_of(plan, "done") == []
    assert days_of(plan, "half") == [date(2026, 11, 23)]


def test_two_visits_on_one_date_count_once():
    assert len(days_of(plan_of([outlet("a", 2, visited_on=(2, 2))], NOVEMBER[5:]), "a")) == 1


@pytest.mark.parametrize(("gap_days", "free", "planned"), [(7, [9], [9]), (8, [9], []), (8, [9, 10], [10]), (9, [9, 10], [])])
def test_the_gap_to_a_visit_already_made_is_kept(gap_days, free, planned):
    plan = plan_of([outlet("a", 2, visited_on=(2,))], [date(2026, 11, day) for day in free], gap_days)
    assert [day.day for day in days_of(plan, "a")] == planned
    assert plan.unplaced == ({} if planned else {"a": 1})


def test_what_does_not_fit_is_named_with_its_number():
    plan = plan_of([outlet("a", 3), outlet("b", 2), outlet("c", 1)], NOVEMBER[:2])
    assert plan.unplaced == {"a": 1}
    assert len(days_of(plan, "a")) == 2
    assert plan_of([outlet("b", 2), outlet("a", 1)], []).unplaced == {"a": 1, "b": 2}


def test_a_gap_longer_than_the_days_left_leaves_one_visit_out():
    assert plan_of([outlet("a", 2)], NOVEMBER[:5], 5).unplaced == {"a": 1}
    assert plan_of([outlet("a", 2)], NOVEMBER[:5], 4).unplaced == {}


def test_nothing_owed_is_an_empty_plan():
    plan = plan_of([outlet("a", 0), outlet("b", 1, visited_on=(2, 3))], NOVEMBER[:2])
    assert visits_by_day(plan) == [[], []]
    assert plan.unplaced == {}


def test_days_in_any_order_and_twice_are_planned_once_by_date():
    plan = plan_of(line(2), [NOVEMBER[1], NOVEMBER[0], NOVEMBER[1]])
    assert [(day.on, day.outlet_ids) for day in plan.days] == [(NOVEMBER[0], ("o00",)), (NOVEMBER[1], ("o01",))]


DAYS = st.lists(st.integers(0, 29), min_size=0, max_size=22, unique=True).map(
    lambda numbers: [date(2026, 11, 1) + timedelta(days=n) for n in numbers]
)
PLACES = st.none() | st.tuples(st.floats(20, 40), st.floats(100, 120))
OWED = st.lists(st.tuples(st.integers(0, 4), PLACES), max_size=25)
MADE = st.lists(st.integers(1, 31), max_size=3)


@settings(max_examples=60, deadline=None)
@given(owed=OWED, days=DAYS)
def test_plan_holds_each_visit_once_with_loads_that_differ_by_at_most_one(owed, days):
    outlets = [OutletToVisit(f"o{number}", count, (), place) for number, (count, place) in enumerate(owed)]
    plan = plan_of(outlets, days)
    for one in outlets:
        assert len(days_of(plan, one.outlet_id)) == min(one.owed, len(days))
        assert len(days_of(plan, one.outlet_id)) + plan.unplaced.get(one.outlet_id, 0) == one.owed
    loads = [len(day.outlet_ids) for day in plan.days]
    assert max(loads, default=0) - min(loads, default=0) <= 1
    assert all(len(set(day.outlet_ids)) == len(day.outlet_ids) for day in plan.days)


@settings(max_examples=60, deadline=None)
@given(owed=st.lists(st.tuples(st.integers(0, 4), PLACES, MADE), max_size=25), days=DAYS, gap_days=st.integers(0, 20))
def test_plan_keeps_the_gap_to_all_visits_planned_and_made(owed, days, gap_days):
    made = [tuple(date(2026, 10, 31) + timedelta(days=day) for day in visited) for *_, visited in owed]
    outlets = [OutletToVisit(f"o{number}", count, made[number], place) for number, (count, place, _) in enumerate(owed)]
    plan = plan_of(outlets, days, gap_days)
    for one in outlets:
        planned = days_of(plan, one.outlet_id)
        counted = counted_by_hand(one.visited_on, max(1, gap_days))
        dates = sorted([*planned, *counted]) if planned else []
        assert all((later - earlier).days >= max(1, gap_days) for earlier, later in pairwise(dates))
        assert len(planned) + plan.unplaced.get(one.outlet_id, 0) == max(0, one.owed - len(counted))


def counted_by_hand(dates, gap_days):
    counted = []
    for day in sorted(dates):
        if not counted or (day - counted[-1]).days >= gap_days:
            counted.append(day)
    return counted


PLAN = [PlannedOutlet("a", 2, 1), PlannedOutlet("b", 1, 3), PlannedOutlet("c", 1, 0, (), True), PlannedOutlet("d", 1, 0)]


def test_adherence_counts_no_visit_for_another_outlet():
    assert plan_adherence(PLAN, True) == PlanAdherence(planned=5, done=2, open=0, missed=2, missed_outlets=("a", "d"))


def test_adherence_calls_open_what_the_month_still_allows():
    assert plan_adherence(PLAN, False) == PlanAdherence(planned=5, done=2, open=2, missed=0, missed_outlets=())


def test_adherence_of_a_done_plan_misses_nothing():
    assert plan_adherence([PlannedOutlet("a", 2, 2)], True) == PlanAdherence(2, 2, 0, 0, ())
    assert plan_adherence([], True) == PlanAdherence(0, 0, 0, 0, ())


def test_an_outlet_visited_already_comes_in_the_second_half():
    plan = plan_of([outlet("v", 2, (30.0, 103.0), visited_on=(2,)), *line(9)], NOVEMBER[1:6])
    assert visits_by_day(plan) == [["o00", "o03"], ["o04", "o07"], ["v", "o08"], ["o01", "o02"], ["o05", "o06"]]


def test_rounds_are_as_many_as_the_most_visits_of_an_outlet():
    plan = plan_of([outlet("x", 3, (30.0, 104.0)), outlet("y", 2, (30.0, 104.1)), outlet("z", 2, (30.0, 104.2), visited_on=(1,))], NOVEMBER[:6])
    assert visits_by_day(plan) == [["x"], ["y"], ["x"], ["y"], ["x"], ["z"]]
