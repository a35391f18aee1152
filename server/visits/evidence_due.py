"""Whose flags have to be worked out: noted in the transaction that changes a visit, worked off behind it (flagging.py).

So neither a push nor an upload waits for it, and whatever dies in between leaves the note where it is.
"""

from functools import cache
from typing import Any

from sqlalchemy import delete, exists, or_, select

from server.db import db
from server.feed.clock import upsert
from server.media.models import Blob, PhotoHash
from server.visits.models import EvidenceDue, Visit, VisitPhoto


def mark_due(visit_id: str, spreads: bool = True) -> None:
    """Note that this visit's flags are to be worked out, with `spreads` those of its neighbours too. The caller commits.

    A note that is there already is written again, so that whoever works it off just now waits and sees what changed.
    """
    db.session.execute(_note(db.engine.dialect.name), {"visit_id": visit_id, "spreads": spreads})


@cache
def _note(_dialect: str) -> Any:
    row = upsert(EvidenceDue.__table__)
    again = {"spreads": or_(EvidenceDue.spreads, row.excluded.spreads)}
    return row.on_conflict_do_update(index_elements=["visit_id"], set_=again)


def take_due(visit_id: str) -> bool | None:
    """Take the note away and say whether it spreads; None when somebody else did. The caller commits."""
    gone = delete(EvidenceDue).where(EvidenceDue.visit_id == visit_id).returning(EvidenceDue.spreads)
    return db.session.scalars(gone.execution_options(synchronize_session=False)).one_or_none()


def due_visits(most: int, without: set[str]) -> list[str]:
    """Some that are noted, in the order they were made; `without` those that failed."""
    query = select(EvidenceDue.visit_id).order_by(EvidenceDue.visit_id).limit(most + len(without))
    return [visit_id for visit_id in db.session.scalars(query) if visit_id not in without][:most]


def mark_overlooked(after: str, most: int) -> list[str]:
    """Note sealed visits behind this id that have no score, as those of earlier releases, or photos nobody looked at; their ids.

    The caller commits.
    """
    is_behind = (Visit.seal.is_not(None), Visit.id > after)
    unscored = select(Visit.id).where(*is_behind, Visit.score.is_(None))
    unseen = select(Visit.id).join(VisitPhoto, VisitPhoto.visit_id == Visit.id).join(Blob, Blob.sha256 == VisitPhoto.sha256)
    unseen = unseen.where(*is_behind, Blob.stored_at.is_not(None), ~exists().where(PhotoHash.sha256 == VisitPhoto.sha256))
    found = {visit_id for query in (unscored, unseen) for visit_id in db.session.scalars(query.order_by(Visit.id).limit(most))}
    first = sorted(found)[:most]
    for visit_id in first:
        mark_due(visit_id)
    return first
