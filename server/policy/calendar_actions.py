"""Changing the working-day calendar: a day by hand, or a whole year from a table. Every change is an audit row."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.policy.calendar import FIRST_YEAR, tell_listeners
from server.policy.models import CalendarYear
from sync.problems import Problem

MOST_ROWS = 400
WORKING = {"on": True, "班": True, "上班": True, "off": False, "休": False, "放假": False}
ENCODINGS = (("utf-16", (b"\xff\xfe", b"\xfe\xff")), ("utf-8-sig", (b"",)), ("gb18030", (b"",)))


@dataclass(frozen=True)
class RowFault:
    """A row that cannot be taken: its number in the file, what stood there, and a code of what is wrong."""

    number: int
    text: str
    code: str


def set_day(day: date, works: bool, reason: str, by_id: str, now: datetime) -> CalendarYear:
    """Say whether people work on a day. Commits. Raises `invalid` for a year without a calendar and for no reason."""
    row = _year(day.year)
    if row is None:
        raise Problem("invalid", fields={"day": "no_year"})
    if not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    is_weekday = day.weekday() < 5
    off, on = set(row.off) - {day.isoformat()}, set(row.on) - {day.isoformat()}
    if is_weekday and not works:
        off.add(day.isoformat())
    if not is_weekday and works:
        on.add(day.isoformat())
    row.off, row.on = sorted(off), sorted(on)
    record_audit(now, by_id, "calendar.day_set", ("calendar_year", str(day.year)), day=day.isoformat(), works=works, reason=reason.strip())
    tell_listeners(now)
    db.session.commit()
    return row


def replace_year(year: int, days: dict[date, bool], is_provisional: bool, by_id: str, now: datetime) -> CalendarYear:
    """Let a year depart from Monday to Friday on exactly these days. Commits."""
    row = _year(year) or CalendarYear(year=year, off=[], on=[])
    row.off = sorted(day.isoformat() for day, works in days.items() if not works and day.weekday() < 5)
    row.on = sorted(day.isoformat() for day, works in days.items() if works and day.weekday() >= 5)
    row.is_provisional = is_provisional
    db.session.add(row)
    record_audit(now, by_id, "calendar.imported", ("calendar_year", str(year)), off=row.off, on=row.on, is_provisional=is_provisional)
    tell_listeners(now)
    db.session.commit()
    return row


def read_days(content: bytes, year: int) -> dict[date, bool]:
    """The days of a year's table: `2026-10-10,班` or `2026-10-01,休` (on, off) a row, with or without a head, in UTF-8, UTF-16 or GBK.

    Raises `invalid` with `rows`, the faults of every row, or `fields` when the file is none; a table is taken whole or not at all.
    """
    if not FIRST_YEAR <= year <= 2100:
        raise Problem("invalid", fields={"year": "not_a_year"})
    rows = [row for row in csv.reader(StringIO(_text(content))) if any(cell.strip() for cell in row)]
    if not rows or len(rows) > MOST_ROWS:
        raise Problem("invalid", fields={"file": "no_days" if not rows else "too_many_days"})
    found: dict[date, bool] = {}
    faults = list(_read(rows, year, found))
    if faults:
        raise Problem("invalid", fields={"file": "bad_rows"}, rows=faults)
    if not found:
        raise Problem("invalid", fields={"file": "no_days"})
    return found


def _read(rows: list[list[str]], year: int, found: dict[date, bool]) -> Iterable[RowFault]:
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        try:
            day = date.fromisoformat(cells[0].replace("/", "-"))
        except ValueError:
            if number > 1 or any(letter.isdigit() for letter in cells[0]):  # else it is the head
                yield RowFault(number, ",".join(cells)[:40], "not_a_date")
            continue
        code = _fault(cells, day, year, found)
        if code:
            yield RowFault(number, ",".join(cells)[:40], code)
        else:
            found[day] = WORKING[cells[1].lower()]


def _fault(cells: list[str], day: date, year: int, found: dict[date, bool]) -> str:
    if day.year != year:
        return "other_year"
    if len(cells) < 2 or cells[1].lower() not in WORKING:
        return "not_on_or_off"
    return "twice" if day in found else ""


def _text(content: bytes) -> str:
    for encoding, marks in ENCODINGS:
        if content.startswith(marks):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Problem("invalid", fields={"file": "not_text"})


def _year(year: int) -> CalendarYear | None:
    return db.session.scalar(select(CalendarYear).where(CalendarYear.year == year).with_for_update())
