"""Columns of exported tables: how a row is read, and of which kind the values are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any

from flask_babel import gettext, lazy_gettext

Cell = str | int | float | Decimal | date | datetime | None
Read = Callable[[Any], Cell]


class Kind(StrEnum):
    """What a spreadsheet makes of a value. Ids, phone and account numbers are texts."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    INSTANT = "instant"


WIDTHS = {Kind.TEXT: 18, Kind.NUMBER: 10, Kind.MONEY: 12, Kind.DAY: 11, Kind.INSTANT: 19}


@dataclass(frozen=True)
class Column:
    """`title` is in the reader's language; `read` takes a row of its list."""

    title: Any
    read: Read
    kind: Kind = Kind.TEXT


def texts(*titles_and_names: tuple[Any, str]) -> list[Column]:
    """Columns of texts that a row has by these names."""
    return [Column(title, attrgetter(name)) for title, name in titles_and_names]


def number(title: Any, name: str) -> Column:
    return Column(title, attrgetter(name), Kind.NUMBER)


def money(title: Any, name: str) -> Column:
    """An amount in yuan."""
    return Column(title, attrgetter(name), Kind.MONEY)


def day(title: Any, name: str) -> Column:
    return Column(title, attrgetter(name), Kind.DAY)


def instant(title: Any, name: str) -> Column:
    return Column(title, attrgetter(name), Kind.INSTANT)


def flag(title: Any, name: str) -> Column:
    """Yes, no, or nothing for what nobody knows."""
    return Column(title, lambda row: _yes_or_no(getattr(row, name)))


def worded(title: Any, name: str, words: Any) -> Column:
    """A code in words; one that has none stands as it is."""
    return Column(title, lambda row: str(words.get(getattr(row, name), getattr(row, name) or "")))


def _yes_or_no(value: bool | None) -> str:
    if value is None:
        return ""
    return gettext("是") if value else gettext("否")


def titles(columns: Sequence[Column]) -> list[str]:
    return [str(column.title) for column in columns]


OUTLET = [*texts((lazy_gettext("编号"), "code"), (lazy_gettext("网点"), "outlet"), (lazy_gettext("区域"), "region"))]
ID = texts((lazy_gettext("记录编号"), "id"))
SINCE = lazy_gettext("从何时起等")  # of whatever waits for the office
