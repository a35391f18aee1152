"""A year of the working-day calendar, month by month."""

from dataclasses import dataclass
from datetime import date, timedelta

from server.clock import today
from server.domain.months import Month
from server.domain.working_days import WorkingYear, is_working_day
from server.policy.queries import working_years


@dataclass(frozen=True)
class ShownMonth:
    """A month's working days, and where it departs from Monday to Friday."""

    month: Month
    working: int
    off: list[date]
    on: list[date]


def asked_year(text: str) -> int:
    """The year written with four digits, else the running one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today().year


def shown_months(year: int) -> list[ShownMonth]:
    """The twelve months; nothing for a year that has no calendar."""
    calendar = working_years()
    return [_shown(Month(year, number), calendar) for number in range(1, 13)] if year in calendar else []


def _shown(month: Month, calendar: dict[int, WorkingYear]) -> ShownMonth:
    days = [month.first_day + timedelta(days=step) for step in range(month.last_day.day)]
    working = {day: is_working_day(day, calendar) for day in days}
    off = [day for day in days if day.weekday() < 5 and not working[day]]
    on = [day for day in days if day.weekday() >= 5 and working[day]]
    return ShownMonth(month, sum(working.values()), off, on)
