"""Paging by key: a page ends with a key, and the next one begins behind it (STYLE 14)."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import tuple_

from server.console.days import YEARS
from sync.problems import Problem

PAGE_ROWS = 60
MOST_NUMBER = 2**63 - 1


def after_key(text: str, *kinds: type) -> list[Any] | None:
    """The key in the address, with parts of these kinds (str, int, date) that a column can hold, or None for the first page; raises `invalid`."""
    if not text:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(text.encode() + b"=="))
        return [_part(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    except (binascii.Error, ValueError, TypeError) as fault:
        raise Problem("invalid", "after") from fault


def instant_key(text: str) -> list[Any] | None:
    """The key of a page that is ordered by an instant and an id."""
    key = after_key(text, str, str)
    if key is None:
        return None
    return [key_instant(key[0]), key[1]]


def key_instant(text: str) -> datetime:
    """The instant that a part of a key names, in UTC; raises `invalid` for what is none, and for one beyond all reckoning."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and at.year in YEARS:
            return at.astimezone(UTC)
    except ValueError as fault:
        raise Problem("invalid", "after") from fault
    raise Problem("invalid", "after")


def _part(part: object, kind: type) -> Any:
    if kind is date and isinstance(part, str):
        return date.fromisoformat(part)
    if type(part) is not kind:
        raise TypeError(kind)
    if isinstance(part, int) and abs(part) > MOST_NUMBER:
        raise ValueError("no column holds such a number")
    if isinstance(part, str):
        part.encode()  # a half of a surrogate pair is no text
    return part


def key_text(key: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(key), separators=(",", ":"), default=str).encode()).decode().rstrip("=")


def cut(rows: list[Any], key: Callable[[Any], Sequence[Any]]) -> tuple[list[Any], str | None]:
    """The rows of one page, of what `one_page` found, and the key of the next page while there is one."""
    if len(rows) <= PAGE_ROWS:
        return rows, None
    return rows[:PAGE_ROWS], key_text(key(rows[PAGE_ROWS - 1]))


def one_page(query: Any, order: Sequence[Any], after: list[Any] | None) -> Any:
    """The query in ascending key order behind `after`, one row more than a page so that the end shows."""
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return query.order_by(*order).limit(PAGE_ROWS + 1)


def one_page_down(query: Any, order: Sequence[Any], after: list[Any] | None) -> Any:
    """As `one_page`, newest first."""
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return query.order_by(*(column.desc() for column in order)).limit(PAGE_ROWS + 1)
