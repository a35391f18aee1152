"""The working-day calendar, seeded from chinesecalendar (RULEBOOK §6: make-up working days 调休)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import chinese_calendar
from sqlalchemy import select

from server.db import db, take_turn
from server.feed.clock import FeedEntry, touch
from server.policy.models import CalendarYear

FIRST_YEAR = 2024
# features that keep deadlines in working days count them anew
CalendarListener = Callable[[datetime], object]
calendar_listeners: list[CalendarListener] = []
STATUTORY = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


def seed_calendar(now: datetime) -> int:
    """Add the years up to the next one that are missing, and say how many; years not announced yet are provisional, and deadlines are
    counted anew once one is. The caller commits."""
    take_turn("calendar")
    known = {row.year: row for row in db.session.scalars(select(CalendarYear))}
    was_announced = False
    for year in range(FIRST_YEAR, now.year + 2):
        row = known.get(year)
        if row is None:
            db.session.add(calendar_year(year))
        elif row.is_provisional:
            fresh = calendar_year(year)
            if not fresh.is_provisional:
                row.is_provisional, row.off, row.on = False, fresh.off, fresh.on
                was_announced = True
    if not known:
        touch(db.session, FeedEntry("policy", "current", "global"))
    if was_announced:
        tell_listeners(now)
    return len(set(range(FIRST_YEAR, now.year + 2)) - known.keys())


def tell_listeners(now: datetime) -> None:
    """Let deadlines follow a calendar that changed. The caller commits."""
    db.session.flush()
    for listener in calendar_listeners:
        listener(now)


def calendar_year(year: int) -> CalendarYear:
    """Where a year departs from Monday to Friday; provisional with the fixed holidays alone when it is not announced."""
    try:
        return _announced(year)
    except NotImplementedError:
        off = [date(year, month, day) for month, day in STATUTORY]
        return CalendarYear(year=year, is_provisional=True, off=[d.isoformat() for d in off if d.weekday() < 5], on=[])


def _announced(year: int) -> CalendarYear:
    days = [date(year, 1, 1) + timedelta(days=step) for step in range(365 + (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)))]
    working = {day: chinese_calendar.is_workday(day) for day in days}
    off = [day.isoformat() for day in days if day.weekday() < 5 and not working[day]]
    on = [day.isoformat() for day in days if day.weekday() >= 5 and working[day]]
    return CalendarYear(year=year, is_provisional=False, off=off, on=on)
