"""Records of the office about an outlet, of whatever feature: made once by a form, and taken along when two outlet files become one."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select

from server.db import db, take_turn
from server.feed.clock import touch
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


def take_along(model: Any, gone_id: str, kept_id: str) -> list[Any]:
    """Give an outlet's records of a kind to the outlet that is kept, on phones too; returns them. The caller commits."""
    rows = list(db.session.scalars(select(model).where(model.outlet_id == gone_id).order_by(model.id)))
    for row in rows:
        touch(db.session, *(entry._replace(is_deleted=True) for entry in row.feed_entries()))
        row.outlet_id = kept_id
    db.session.flush()
    return rows
