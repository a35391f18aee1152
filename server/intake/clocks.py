"""What a phone's readings say about its clock between two records, and during one (SYNC §4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from server.db import db
from server.intake.models import SyncOp, SyncSlot
from sync.times import corrected


def clock_set_back_ms(op_id: str, began_at: datetime) -> int:
    """By how much the phone's clock was set back between this operation and the one before it, in milliseconds; 0 when it was not.

    Both readings must be of one start of the app. A clock set forward cannot be told from a phone that slept, during
    which its counter stands still. What the record tells of began at `began_at`, by the corrected clock: one that was saved
    before it began was set back at least as far.
    """
    before = aliased(SyncOp)
    slot = and_(SyncSlot.client_id == SyncOp.client_id, SyncSlot.n == SyncOp.n - 1)
    query = select(SyncOp.times, before.times).outerjoin(SyncSlot, slot).outerjoin(before, before.op_id == SyncSlot.op_id)
    found = db.session.execute(query.where(SyncOp.op_id == op_id)).one_or_none()
    if found is None:
        return 0
    later, earlier = found
    return max(_set_back_ms(later, earlier) if earlier else 0, _since_begun_ms(later, began_at))


def clock_moved_ms(op_id: str) -> int:
    """How far the phone's clock stood, when it sent this operation, from where the offset that it had kept with it puts it, in
    milliseconds; an operation that was saved after its receipt says the least there can be. 0 where neither is known."""
    row = db.session.get(SyncOp, op_id)
    if row is None or "wall" not in row.times:
        return 0
    skew_ms = row.times.get("skew_ms")
    moved_ms = 0 if skew_ms is None else abs(skew_ms + (row.times.get("offset_ms") or 0))
    return max(round(moved_ms), round((_saved_at(row.times) - row.received_at) / timedelta(milliseconds=1)), 0)


def _set_back_ms(later: dict[str, Any], earlier: dict[str, Any]) -> int:
    if not later.get("boot") or later["boot"] != earlier.get("boot"):
        return 0
    passed = datetime.fromisoformat(later["wall"]) - datetime.fromisoformat(earlier["wall"])
    counted_ms = later["mono"] - earlier["mono"]
    return max(0, round(counted_ms - passed.total_seconds() * 1000))


def _since_begun_ms(times: dict[str, Any], began_at: datetime) -> int:
    if "wall" not in times:
        return 0
    return max(0, round((began_at - _saved_at(times)).total_seconds() * 1000))


def _saved_at(times: dict[str, Any]) -> datetime:
    """When the record was saved, by the corrected clock."""
    return corrected(datetime.fromisoformat(times["wall"]).astimezone(UTC), times.get("offset_ms"))
