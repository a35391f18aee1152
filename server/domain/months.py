"""Business days and calendar months, in Shanghai (RULEBOOK §11, time and place)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}")


def business_date(instant: datetime) -> date:
    """The Shanghai date of an aware instant; raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(SHANGHAI).date()


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; sorts by time, reads and prints as `2026-11`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month written as YYYY-MM; raises ValueError for anything else."""
        if WRITTEN.fullmatch(text) is None:
            raise ValueError(f"not a month: {text!r}")
        year, month = text.split("-")
        return cls(int(year), int(month))

    @classmethod
    def of_date(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def previous(self) -> "Month":
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)


MONTHS_CHECKED = 3  # those that every night checks: the running one and two before it


def months_until(last: Month, count: int) -> list[Month]:
    """So many months up to this one, the oldest first."""
    months = [last]
    while len(months) < count:
        months.insert(0, months[0].previous())
    return months


def oldest_corrected(first_open: Month) -> Month:
    """The oldest closed month that the first open one still puts right: a year before it."""
    return Month(first_open.year - 1, first_open.month)


def same_day_later(day: date, months: int) -> date:
    """The same day of the month some months later, or that month's last day where there is none (RULEBOOK §11, time)."""
    position = day.year * 12 + day.month - 1 + months
    month = Month(position // 12, position % 12 + 1)
    return min(month.last_day, month.first_day + timedelta(days=day.day - 1))
