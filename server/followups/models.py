"""Follow-ups and what was seen of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db, rows_where
from server.feed.clock import FeedEntry


class StepKind(StrEnum):
    """`open` and `solved` are looks; the others say nothing of whether it is solved."""

    REGISTERED = "registered"
    OPEN = "open"
    SOLVED = "solved"
    PASSED = "passed"
    MOVED = "moved"


class FollowUp(db.Model):
    """What could not be solved at an outlet. `owner` is a role; `due_on` is the last day in time.

    `solved_on` and `solved_by_id` follow from the newest look, in whatever order looks arrive.
    """

    __tablename__ = "follow_up"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    op_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), index=True)
    problem: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(12))
    registered_on: Mapped[date] = mapped_column(Date)
    registered_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    working_days: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date)
    solved_on: Mapped[date | None] = mapped_column(Date)
    solved_by_id: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_follow_up_open", "due_on", "id", "outlet_id", "solved_on", **rows_where("solved_on IS NULL")),
        Index("ix_follow_up_solved", "due_on", "id", **rows_where("solved_on IS NOT NULL")),
    )

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("follow_up", self.id, f"outlet:{self.outlet_id}")]


class FollowUpStep(db.Model):
    """What happened to a follow-up: who, when, what; `owner` is whom it was passed to, else empty. Append-only."""

    __tablename__ = "follow_up_step"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    follow_up_id: Mapped[str] = mapped_column(ForeignKey("follow_up.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    owner: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
