"""Working days with make-up days 调休 (RULEBOOK §6, §11); more cases are in sync/vectors/working_days.json."""

from datetime import date

import pytest

from server.domain.working_days import WorkingYear, add_working_days, is_working_day, working_days_between

NATIONAL_DAY = frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7))
YEARS = {2026: WorkingYear(2026, False, NATIONAL_DAY, frozenset({date(2026, 10, 10)}))}


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 11, 6), True),
        (date(2026, 11, 7), False),
        (date(2026, 11, 8), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2027, 10, 1), True),
    ],
)
def test_a_day_is_worked_by_the_week_and_the_years_table(day, is_worked):
    assert is_working_day(day, YEARS) is is_worked


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2026, 11, 7), 0, date(2026, 11, 7)),
        (date(2026, 11, 2), 3, date(2026, 11, 5)),
        (date(2026, 11, 6), 1, date(2026, 11, 9)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
    ],
)
def test_the_day_of_the_event_is_day_0(day, count, last):
    assert add_working_days(day, count, YEARS) == last


@pytest.mark.parametrize(
    ("after", "until", "count"),
    [
        (date(2026, 11, 2), date(2026, 11, 5), 3),
        (date(2026, 11, 2), date(2026, 11, 3), 1),
        (date(2026, 11, 6), date(2026, 11, 9), 1),
        (date(2026, 11, 2), date(2026, 11, 2), 0),
        (date(2026, 11, 3), date(2026, 11, 2), 0),
        (date(2026, 9, 30), date(2026, 10, 10), 3),
    ],
)
def test_working_days_behind_a_day_count_up_to_and_with_the_last(after, until, count):
    assert working_days_between(after, until, YEARS) == count


def test_a_year_without_departures_counts_the_week_alone():
    assert is_working_day(date(2026, 10, 1), {2026: WorkingYear(2026, True)})
