"""What a phone's readings say about its clock between two records (SYNC §4)."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from server.db import db
from server.intake.models import SyncOp, SyncSlot


def clock_set_back_ms(op_id: str) -> int:
    """By how much the phone's clock was set back between this operation and the one before it, in milliseconds; 0 when it was not.

    Both readings must be of one start of the app. A clock set forward cannot be told from a phone that slept, during
    which its counter stands still.
    """
    before = aliased(SyncOp)
    slot = and_(SyncSlot.client_id == SyncOp.client_id, SyncSlot.n == SyncOp.n - 1)
    query = select(SyncOp.times, before.times).join(SyncSlot, slot).join(before, before.op_id == SyncSlot.op_id)
    found = db.session.execute(query.where(SyncOp.op_id == op_id)).one_or_none()
    return _set_back_ms(*found) if found else 0


def _set_back_ms(later: dict[str, Any], earlier: dict[str, Any]) -> int:
    if not later.get("boot") or later["boot"] != earlier.get("boot"):
        return 0
    passed = datetime.fromisoformat(later["wall"]) - datetime.fromisoformat(earlier["wall"])
    counted_ms = later["mono"] - earlier["mono"]
    return max(0, round(counted_ms - passed.total_seconds() * 1000))
