"""Whether any record of any feature speaks of a row: asked before one is taken away for good."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import JSON, Column, exists, or_, select

from server.db import db

CHUNK = 400


def are_referred_to(model: Any, ids: Sequence[str], but: Sequence[Any] = ()) -> bool:
    """Whether a row elsewhere has one of these ids of `model` as a foreign key; the tables of the models in `but` are left out."""
    columns = list(_columns(model.__table__.name, {one.__table__.name for one in but}))
    for start in range(0, len(ids), CHUNK):
        part = list(ids[start : start + CHUNK])
        if columns and db.session.scalar(select(or_(*(exists().where(column.in_(part)) for column in columns)))):
            return True
    return False


def are_listed(row_id: str, column_name: str) -> bool:
    """Whether a row of any table has the id in its JSON list of this name, such as `region_ids`: no foreign key guards those."""
    lists = [table.c[column_name] for table in db.metadata.sorted_tables if column_name in table.c]
    return any(row_id in (ids or ()) for one in lists if isinstance(one.type, JSON) for ids in db.session.scalars(select(one)))


def _columns(table_name: str, but: set[str]) -> Iterator[Column[Any]]:
    for table in db.metadata.sorted_tables:
        if table.name not in but:
            yield from (key.parent for key in table.foreign_keys if key.column.table.name == table_name)
