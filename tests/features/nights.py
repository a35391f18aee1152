"""Nights that ran, without their work."""

from datetime import date, datetime

from server.db import db
from server.jobs.models import NightlyRun
from sync.ids import uuid7


def add_night(day: date, started_at: datetime, finished_at: datetime | None) -> None:
    db.session.add(NightlyRun(id=uuid7(), day=day, started_at=started_at, finished_at=finished_at, steps=[]))
    db.session.commit()
