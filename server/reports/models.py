"""Tokens of the reporting API."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db


class ReportToken(db.Model):
    """What lets a program read reports; only a hash is kept. `parts` are what it may read, no region ids mean the whole company."""

    __tablename__ = "report_token"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    parts: Mapped[list[str]] = mapped_column(Json, default=list)
    region_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    made_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
