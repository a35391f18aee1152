"""The month strip: one cell a day, days off shaded, today dotted (drawn by the template, measured here)."""

from dataclasses import dataclass
from datetime import date, timedelta

from server.domain.months import Month
from server.domain.working_days import WorkingYear, is_working_day

CELL = 7


@dataclass(frozen=True)
class MonthGrid:
    """Widths and places in the strip's units; `today_x` is the end of today's cell, or None for another month."""

    width: int
    cell: int
    off: list[int]
    today_x: int | None


def month_grid(month: Month, today: date, years: dict[int, WorkingYear]) -> MonthGrid:
    days = [month.first_day + timedelta(days=offset) for offset in range(month.last_day.day)]
    off = [place_of(day) for day in days if not is_working_day(day, years)]
    return MonthGrid(CELL * len(days), CELL, off, place_of(today) + CELL if Month.of_date(today) == month else None)


def place_of(day: date) -> int:
    return CELL * (day.day - 1)
