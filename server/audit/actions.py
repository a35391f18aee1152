"""Writing audit rows."""

from datetime import datetime
from typing import Any

from server.audit.models import AuditRow
from server.db import db
from sync.ids import uuid7


def record_audit(now: datetime, actor_id: str | None, action: str, subject: tuple[str, str], **detail: Any) -> str:
    """Add an audit row to the transaction under way; returns its id. `subject` is (type, id), `detail` must fit JSON."""
    row = AuditRow(id=uuid7(), at=now, actor_id=actor_id, action=action, subject_type=subject[0], subject_id=subject[1], detail=detail)
    db.session.add(row)
    return row.id
