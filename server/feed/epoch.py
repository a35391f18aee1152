"""The epoch: which life of the database this is. A restored backup gets a new one."""

from sqlalchemy import insert, select, update

from server.db import db
from server.feed.models import SyncClock, SyncMeta
from sync.ids import uuid7

_EPOCH = select(SyncMeta.epoch)


def current_epoch() -> str:
    epoch: str = db.session.execute(_EPOCH).scalar_one()
    return epoch


def begin_epoch() -> str:
    """Start a new epoch (first start, or after a restore); makes the one-row tables when they are empty."""
    epoch = uuid7()
    if not db.session.execute(update(SyncMeta).values(epoch=epoch)).rowcount:  # type: ignore[attr-defined]
        db.session.execute(insert(SyncMeta).values(id=1, epoch=epoch, floor_seq=0))
        db.session.execute(insert(SyncClock).values(id=1, seq=0))
    return epoch
