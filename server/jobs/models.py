"""What each night did."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db


class NightlyRun(db.Model):
    """A run of the nightly check: its steps with how many rows each changed; `finished_at` is empty while it runs or when it was killed."""

    __tablename__ = "nightly_run"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
