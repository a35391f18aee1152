"""What phones sent, for those who check that nothing was changed since."""

from sqlalchemy import select

from server.db import db
from server.intake.models import SyncOp

CHUNK = 500


def record_bodies(op_ids: list[str]) -> dict[str, bytes]:
    """The raw bytes by operation; one that is gone is absent."""
    found: dict[str, bytes] = {}
    for start in range(0, len(op_ids), CHUNK):
        query = select(SyncOp.op_id, SyncOp.body).where(SyncOp.op_id.in_(op_ids[start : start + CHUNK]))
        found |= {op_id: body for op_id, body in db.session.execute(query)}
    return found
