"""Churn cases and the words that decide them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db
from server.domain.churn import WAITING
from server.feed.clock import FeedEntry


class ChurnCase(db.Model):
    """A customer of a month's list. `state` follows its words (domain/churn.py); `reason` is ops' mark of normal churn."""

    __tablename__ = "churn_case"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"))
    month: Mapped[str] = mapped_column(String(7))
    listed_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(16), default="")
    decided_on: Mapped[date | None] = mapped_column(Date)
    decided_by_id: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("uq_churn_case_outlet_month", "outlet_id", "month", unique=True),
        Index("ix_churn_case_state", "state", "due_on", "id", "outlet_id"),
    )

    def feed_entries(self) -> list[FeedEntry]:
        """Phones hold what waits for a word."""
        return [FeedEntry("churn_case", self.id, f"outlet:{self.outlet_id}", is_deleted=self.state not in WAITING)]


class ChurnWord(db.Model):
    """A confirmation that the customer has left, or a denial: by marketing, by ops, or on site. Append-only."""

    __tablename__ = "churn_word"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("churn_case.id"), index=True)
    source: Mapped[str] = mapped_column(String(12))
    on: Mapped[date] = mapped_column("on_day", Date)
    is_gone: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    visit_id: Mapped[str | None] = mapped_column(String(36))
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
