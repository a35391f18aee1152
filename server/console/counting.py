"""Counts that stop: whether three or a thousand wait is worth knowing, whether 70,000 or 71,000 is not worth reading them all for every page."""

from typing import Any

from sqlalchemy import BooleanClauseList, ColumnElement, Integer, ScalarSelect, Select, false, func, literal, literal_column, not_, select
from sqlalchemy.sql.operators import or_ as either
from sqlalchemy.sql.visitors import replacement_traverse

from server.db import db

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


def counted_apart(query: Select[int], reach: ColumnElement[bool]) -> ColumnElement[int]:
    """A count of what `reach` holds for: of conditions joined by "or" each is asked alone, and a row is counted under the first that holds.

    Of the "or" PostgreSQL would read all outlets of a region before it looks at the first row; asked alone it stops when it has seen enough. SQLite
    takes the "or" row by row.
    """
    is_joined = isinstance(reach, BooleanClauseList) and reach.operator is either and db.engine.dialect.name == "postgresql"
    ways = list(reach.clauses) if is_joined else [reach]
    counts = [query.where(way, *(not_(func.coalesce(before, false())) for before in ways[:number])) for number, way in enumerate(ways)]
    total: ColumnElement[int] = counts[0].scalar_subquery()
    for count in counts[1:]:
        total = total + count.scalar_subquery()
    return total


def rows_up_to(query: Any, most: int = MOST_LISTED) -> ScalarSelect[int]:
    """How many rows the query finds, at the most one more than `most`."""
    return _stopped(query.order_by(None), most)


def _stopped(query: Any, most: int) -> ScalarSelect[int]:
    at_most = literal_column(str(most + 1), Integer)  # in the words of the statement: a plan that is kept for any number would read all of them
    found = query.with_only_columns(literal(1).label("one"), maintain_column_froms=True).limit(at_most).subquery()
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
