"""Days in addresses."""

from datetime import date

from sync.problems import Problem

YEARS = range(1970, 3000)  # beyond lies no business day, and not far beyond it the end of what Python reckons with


def asked_day(text: str) -> date | None:
    """The day written as 2026-11-24, None for nothing; raises `invalid` for anything else."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as fault:
        raise _no_day(text) from fault
    if day.year not in YEARS:
        raise _no_day(text)
    return day


def _no_day(text: str) -> Problem:
    return Problem("invalid", f"day {text[:20]}", fields={"day": "not_a_date"})
