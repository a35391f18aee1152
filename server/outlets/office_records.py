"""Records of the office about an outlet, of whatever feature: kept once, found by who may see them, taken along when outlets become one."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select

from server.db import db, take_turn
from server.feed.clock import touch
from server.outlets.models import Outlet
from sync.problems import Problem

Kept = TypeVar("Kept")


def kept_once(model: type[Kept], sent: Any, same: tuple[str, ...], keep: Callable[[], Kept]) -> Kept:
    """Keep what a form sent, whose id was made with the form. Commits.

    The same again changes nothing; `stale` when the id holds something else. `same` names what tells the two apart, alike
    in the form's record and in the row.
    """
    take_turn(f"{model.__name__} {sent.id}")
    known = db.session.get(model, sent.id)
    if known is not None:
        if any(getattr(known, name) != getattr(sent, name) for name in same):
            raise Problem("stale")
        return known
    made = keep()
    db.session.commit()
    return made


def found_at_outlet(model: type[Kept], record_id: str, is_visible: ColumnElement[bool]) -> tuple[Kept, Outlet]:
    """The record and its outlet; raises `not_found` when the condition lets nobody see one of this id."""
    table: Any = model
    query = select(table, Outlet).join(Outlet, Outlet.id == table.outlet_id).where(table.id == record_id, is_visible)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise Problem("not_found", f"{table.__tablename__} {record_id}")
    return row[0], row[1]


def take_along(model: Any, gone_id: str, kept_id: str) -> list[Any]:
    """Give an outlet's records of a kind to the outlet that is kept, on phones too; returns them. The caller commits."""
    rows = list(db.session.scalars(select(model).where(model.outlet_id == gone_id).order_by(model.id)))
    for row in rows:
        touch(db.session, *(entry._replace(is_deleted=True) for entry in row.feed_entries()))
        row.outlet_id = kept_id
    db.session.flush()
    return rows
