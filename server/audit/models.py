"""The audit row."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db


class AuditRow(db.Model):
    """Who did what to which record. Append-only; `actor_id` is empty for the system itself."""

    __tablename__ = "audit_row"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    actor_id: Mapped[str | None] = mapped_column(String(36))
    action: Mapped[str] = mapped_column(String(48))
    subject_type: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    __table_args__ = (Index("ix_audit_row_subject", "subject_type", "subject_id"),)
