"""The month a page shows: from the address, and the strip to pick another."""

from dataclasses import dataclass

from server.clock import today
from server.console.days import YEARS
from server.domain.months import Month
from sync.problems import Problem


@dataclass(frozen=True)
class MonthStrip:
    """The month shown, those beside it, and whether it is the running one."""

    chosen: Month
    before: tuple[Month, ...]
    after: Month | None
    is_running: bool


def chosen_month(text: str) -> Month:
    """The month written as 2026-11, or the running one for nothing; raises `invalid` for anything else."""
    if not text:
        return Month.of_date(today())
    try:
        return _month(text)
    except ValueError as fault:
        raise Problem("invalid", f"month {text[:20]}") from fault


def month_in_path(text: str) -> Month:
    """The month of a path; what is no month is not found."""
    try:
        return _month(text)
    except ValueError as fault:
        raise Problem("not_found", "month") from fault


def _month(text: str) -> Month:
    """One that has months before and behind it, which pages show too; raises ValueError."""
    month = Month.parse(text)
    if month.year not in YEARS:
        raise ValueError(f"no month of ours: {text}")
    return month


def month_strip(chosen: Month, reaches_next: bool = False) -> MonthStrip:
    """The strip around a month; `reaches_next` where the month after the running one can be looked at too, as in a plan."""
    running = Month.of_date(today())
    last = running.next() if reaches_next else running
    earlier = (chosen.previous().previous(), chosen.previous())
    return MonthStrip(chosen, earlier, chosen.next() if chosen < last else None, chosen == running)


def recent_months(chosen: Month, count: int = 6, reaches_next: bool = False) -> list[Month]:
    """The running month (the one after it, too, where `reaches_next`) and those before it, newest first, and the chosen one wherever it lies."""
    running = Month.of_date(today())
    months = [running.next()] if reaches_next else [running]
    while len(months) < count:
        months.append(months[-1].previous())
    return months if chosen in months else sorted([*months, chosen], reverse=True)
