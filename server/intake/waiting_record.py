"""One record that was not taken in, and one whose id came twice, as their pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.intake.waiting_views import record_in_reach, reused_in_reach
from server.intake.waiting_words import readable_body
from server.media.store import stored_among
from server.people.models import Person


@dataclass(frozen=True)
class RecordView:
    """`saved_at` is the phone's clock when its user saved; None when that cannot be read."""

    op: SyncOp
    sender: str
    settled_by: str
    saved_at: datetime | None
    body: str
    files: int
    files_here: int


@dataclass(frozen=True)
class ReusedView:
    conflict: SyncConflict
    op: SyncOp
    sender: str
    first: str
    second: str


def record_view(reader: Person, op_id: str) -> RecordView:
    op = record_in_reach(reader, op_id)
    saved_at = _instant(op.times)
    body, files_here = readable_body(op.body), len(stored_among(op.blobs))
    return RecordView(op, _name(op.person_id), _name(op.settled_by_id), saved_at, body, len(op.blobs), files_here)


def reused_view(reader: Person, conflict_id: str) -> ReusedView:
    conflict = reused_in_reach(reader, conflict_id)
    op = db.session.get_one(SyncOp, conflict.op_id)
    return ReusedView(conflict, op, _name(op.person_id), readable_body(op.body), readable_body(conflict.mine.encode()))


def _instant(times: dict[str, Any]) -> datetime | None:
    wall = times.get("wall")
    return datetime.fromisoformat(wall) if isinstance(wall, str) else None


def _name(person_id: str | None) -> str:
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
