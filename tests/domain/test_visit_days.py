"""Visits on days: spacing and levelling (RULEBOOK §4, §11)."""

from datetime import date

import pytest

from server.domain.visit_days import DayChoice, VisitDays

DAYS = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9)]


def choice(gap_days=1, visited_on=(), days=DAYS):
    return DayChoice(days, tuple(date(2026, 11, day) for day in visited_on), gap_days)


@pytest.mark.parametrize(
    ("gap_days", "place", "others", "is_allowed"),
    [
        (1, 0, [0], False),
        (1, 0, [1], True),
        (2, 0, [1], False),
        (2, 0, [2], True),
        (2, 2, [0], True),
        (7, 5, [0], True),
        (8, 5, [0], False),
        (1, 3, [], True),
        (2, 3, [0, 4], False),
    ],
)
def test_days_are_the_gap_or_more_apart(gap_days, place, others, is_allowed):
    assert choice(gap_days).allows(place, others) is is_allowed


@pytest.mark.parametrize(("place", "is_allowed"), [(0, False), (1, False), (2, True)])
def test_days_are_the_gap_or_more_from_a_visit_made(place, is_allowed):
    assert choice(3, visited_on=(1,)).allows(place, []) is is_allowed


@pytest.mark.parametrize(
    ("gap_days", "visited_on", "most"),
    [(1, (), 6), (1, (2, 3), 4), (2, (), 4), (3, (), 3), (4, (), 2), (7, (), 2), (8, (), 1), (8, (1,), 1), (9, (1,), 0)],
)
def test_so_many_visits_fit(gap_days, visited_on, most):
    assert choice(gap_days, visited_on).most == most


@pytest.mark.parametrize(
    ("gap_days", "wanted", "places"),
    [
        (1, [2, 2], [1, 2]),
        (1, [0, 3], [0, 3]),
        (2, [0, 1], [0, 2]),
        (7, [2, 3], [0, 5]),
        (4, [0, 1], [0, 4]),
        (3, [0, 0, 0], [0, 3, 5]),
        (1, [5], [5]),
    ],
)
def test_the_nearest_allowed_days_are_chosen(gap_days, wanted, places):
    assert choice(gap_days).nearest(wanted) == places


def test_a_day_already_visited_is_never_chosen():
    assert choice(visited_on=(4,)).nearest([2]) == [1]


def days_of(sequence, gap_days=1, day_count=3, visited_on=None):
    days = DAYS[:day_count]
    names = list(dict.fromkeys(sequence))
    choices = {one: choice(gap_days, (visited_on or {}).get(one, ()), days) for one in names}
    plan = VisitDays(day_count, choices, {one: place for place, one in enumerate(names)})
    plan.lay(sequence)
    return plan


def outlets(plan):
    return ["".join(plan.outlets_of(place)) for place in range(len(plan.loads))]


def test_a_sequence_is_cut_into_days_of_equal_load():
    assert outlets(days_of("abcdefg")) == ["abc", "de", "fg"]
    assert days_of("abcdefg").loads == [3, 2, 2]
    assert outlets(days_of("ab")) == ["a", "b", ""]
    assert days_of("", day_count=0).loads == []


def test_visits_of_one_outlet_on_one_day_are_moved_apart():
    plan = days_of("aabbcc")
    plan.space()
    assert sorted(plan.places["a"]) == [0, 1]
    assert sorted(plan.places["b"]) == [0, 1]
    assert sorted(plan.places["c"]) == [1, 2]


def test_visits_apart_stay_where_they_are():
    plan = days_of("abcabc")
    plan.space()
    assert outlets(plan) == ["ab", "ac", "bc"]


def placed(*days):
    """Days as they stand, each with the letters of its outlets; the tour goes by the alphabet."""
    names = sorted(set("".join(days)))
    plan = VisitDays(len(days), {one: choice(days=DAYS[: len(days)]) for one in names}, {one: place for place, one in enumerate(names)})
    for place, letters in enumerate(days):
        for one in letters:
            plan._put(one, place)
    return plan


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("abcd", "", "ef"), ["cd", "ab", "ef"]),
        (("abc", "de"), ["abc", "de"]),
        (("abcd", "ez"), ["abc", "dez"]),
        (("abz", "y", "mn"), ["ab", "yz", "mn"]),
        (("bmno", "az"), ["mno", "abz"]),
        (("abc", "", "ad"), ["ac", "b", "ad"]),
        (("abc", "ab", "", "d"), ["ab", "ab", "c", "d"]),
    ],
    ids=[
        "fullest to emptiest",
        "differing by one stays",
        "differing by two",
        "nearest in the tour",
        "nearest to one of a day",
        "rather a single visit",
        "into the empty day",
    ],
)
def test_levelling_evens_the_loads(before, after):
    plan = placed(*before)
    plan.level()
    assert outlets(plan) == after
    assert plan.loads == [len(letters) for letters in after]


def test_levelling_passes_on_through_a_day_between():
    plan = placed("abc", "ab", "a")
    plan.level()
    assert plan.loads == [2, 2, 2]


def test_levelling_keeps_the_gap():
    plan = days_of("abc", day_count=3, visited_on={"a": (2, 3), "b": (2, 3), "c": (2, 3)}, gap_days=1)
    plan.space()
    assert plan.loads == [0, 0, 3]
    plan.level()
    assert plan.loads == [0, 0, 3]
