"""Rows of a time line: every source answers with the same columns, so that one query asks them all."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Float, String, cast, literal, null, select, true, tuple_

from server.console.paging import after_key, key_instant
from server.db import Json, UtcInstant
from server.domain.months import SHANGHAI, business_date
from server.outlets.models import Outlet
from server.people.models import Person

NOTHING = cast(null(), String)
EMPTY: dict[str, Any] = {
    "at": cast(null(), UtcInstant()),
    "on": cast(null(), Date),
    "by_name": NOTHING,
    "code": NOTHING,
    "subject": NOTHING,
    "other_name": NOTHING,
    "note": NOTHING,
    "facts": cast(null(), Json),
    "distance_m": cast(null(), Float),
    "allowed_m": cast(null(), Float),
}


@dataclass(frozen=True)
class Before:
    """The last row of a page; the next page begins behind it. What has only a day stands at its last moment."""

    at: datetime
    source: str
    id: str


@dataclass(frozen=True)
class Asked:
    """Whose time line is read by whom, behind which row, and how many rows at most."""

    outlet: Outlet
    reader: Person
    today: date
    before: Before | None
    most: int


def before_in(text: str) -> Before | None:
    """From the address; raises `invalid` for what is no such row."""
    key = after_key(text, str, str, str)
    if key is None:
        return None
    return Before(key_instant(key[0]), key[1], key[2])


def last_moment(day: date) -> datetime:
    """Where a row that has only a day stands: behind what was asked, said or made on that day, from which it follows."""
    return datetime.combine(day, time.max, SHANGHAI)


def rows_of(asked: Asked, source: str, row_id: Any, record_id: Any, **columns: Any) -> Any:
    """A select of a source's newest rows behind the page before; `columns` are named as in `EMPTY`, and either `at` or `on` is one.

    `record_id` is of the record whose page tells more. Joins and conditions are the caller's.
    """
    named = {"source": literal(source), "id": row_id, "record_id": record_id} | EMPTY | columns
    when: Any = columns["at"] if "at" in columns else columns["on"]
    query = select(*(column.label(name) for name, column in named.items()))
    return query.where(_is_behind(asked.before, source, when, row_id, "at" in columns)).order_by(when.desc(), row_id.desc()).limit(asked.most)


def _is_behind(before: Before | None, source: str, when: Any, row_id: Any, is_instant: bool) -> ColumnElement[bool]:
    """The condition that a row comes after `before` in the order newest first, by source, by id."""
    if before is None:
        return true()
    day = business_date(before.at)
    if not is_instant and before.at < last_moment(day):
        return when < day  # type: ignore[no-any-return]
    edge: Any = before.at if is_instant else day
    if source == before.source:
        return tuple_(when, row_id) < tuple_(edge, before.id)
    return when <= edge if source < before.source else when < edge  # type: ignore[no-any-return]
