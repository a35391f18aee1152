"""Dated policy values, and the working-day calendar."""

from datetime import date, datetime

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db
from server.feed.clock import FeedEntry


class PolicyValue(db.Model):
    """A policy value in force from a date; the row made last wins for the same date."""

    __tablename__ = "policy_value"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(400), default="")
    set_by_id: Mapped[str | None] = mapped_column(String(36))
    set_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (Index("ix_policy_value_key_from", "key", "valid_from"),)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("policy", "current", "global")]


class CalendarYear(db.Model):
    """Working days of a year that differ from Monday to Friday: `off` and `on` are lists of ISO dates."""

    __tablename__ = "calendar_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_provisional: Mapped[bool]
    off: Mapped[list[str]] = mapped_column(Json)
    on: Mapped[list[str]] = mapped_column(Json)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("working_year", str(self.year), "global")]
