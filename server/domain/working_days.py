"""Working days of the Chinese calendar with make-up days 调休 (RULEBOOK §6, §11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class WorkingYear:
    """Where a year departs from Monday to Friday: weekdays `off`, weekend days `on`. Provisional until announced."""

    year: int
    is_provisional: bool
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()


def is_working_day(day: date, years: Mapping[int, WorkingYear]) -> bool:
    """Whether people work on a day; a year without a table counts Monday to Friday."""
    year = years.get(day.year)
    if year is not None and day in year.off:
        return False
    if year is not None and day in year.on:
        return True
    return day.weekday() < 5


def add_working_days(day: date, count: int, years: Mapping[int, WorkingYear]) -> date:
    """The last day of a deadline of `count` working days: the day of the event is day 0."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, years)
    return day


def working_days_between(after: date, until: date, years: Mapping[int, WorkingYear]) -> int:
    """Working days behind `after`, up to and with `until`; 0 when `until` is not later."""
    days = (after + timedelta(days=step) for step in range(1, (until - after).days + 1))
    return sum(is_working_day(day, years) for day in days)
