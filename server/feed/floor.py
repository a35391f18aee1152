"""The tombstone floor: what was deleted long ago is forgotten; phones older than that start over (SYNC §1).

Who once held a scope is kept: papers of a phone that was silent for long are taken in by it.
"""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from server.db import db
from server.feed.models import SyncCommit, SyncFeed, SyncMeta


def raise_floor(kept_since: datetime) -> int:
    """Forget the deletions of commits before `kept_since`; returns how many rows went. The caller commits."""
    floor = db.session.scalar(select(func.max(SyncCommit.seq)).where(SyncCommit.at < kept_since)) or 0
    known = db.session.scalar(select(SyncMeta.floor_seq)) or 0
    if floor <= known:
        return 0
    db.session.execute(update(SyncMeta).values(floor_seq=floor))
    gone = 0
    for statement in (
        delete(SyncFeed).where(SyncFeed.deleted.is_(True), SyncFeed.seq <= floor),
        delete(SyncCommit).where(SyncCommit.seq < floor),
    ):
        gone += int(db.session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
    return gone
