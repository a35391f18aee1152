"""Counts that stop: whether three or a thousand wait is worth knowing, whether 70,000 or 71,000 is not worth reading them all for every page."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal, select
from sqlalchemy.sql.visitors import replacement_traverse

MOST_BADGED = 99  # of an entry of the navigation, which every page has
MOST_WAITING = 500  # of a tile, a queue
MOST_LISTED = 2_000  # of a list and its tabs


def bounded(count: ColumnElement[Any], most: int) -> ColumnElement[Any]:
    """The count (a subquery, or a sum of some), each subquery of which stops reading at one more than `most`.

    A subquery with an order is read in it: where an index has that order, the database need not guess how soon it will have seen enough.
    """

    def stopping(part: Any, **_: Any) -> Any:
        return _stopped(part.element, most) if isinstance(part, ScalarSelect) else None

    replace: Any = stopping
    return replacement_traverse(count, {}, replace)


def rows_up_to(query: Any, most: int = MOST_LISTED) -> ScalarSelect[int]:
    """How many rows the query finds, at the most one more than `most`."""
    return _stopped(query.order_by(None), most)


def _stopped(query: Any, most: int) -> ScalarSelect[int]:
    found = query.with_only_columns(literal(1).label("one"), maintain_column_froms=True).limit(most + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def badge_count(count: int) -> str:
    """27, or 99+ where counting stopped."""
    return _words(count, MOST_BADGED)


def waiting_count(count: int) -> str:
    """27, or 500+ where counting stopped."""
    return _words(count, MOST_WAITING)


def listed_count(count: int) -> str:
    """27, or 2000+ where counting stopped."""
    return _words(count, MOST_LISTED)


def _words(count: int, most: int) -> str:
    return str(count) if count <= most else f"{most}+"
