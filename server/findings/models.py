"""Findings, their steps and their evidence."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, Yuan, db, rows_where
from server.feed.clock import FeedEntry


class FindingState(StrEnum):
    PROPOSED = "proposed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


OVERTAKEN, STANDING = "overtaken", "standing"  # steps that leave it upheld: facts speak against it, and no more so
IS_OVERTAKEN = text("state = 'overtaken'")


class Finding(db.Model):
    """考核事项: something that would cost a rep, until the manager decides. `source_key` makes proposing twice harmless."""

    __tablename__ = "finding"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    month: Mapped[str] = mapped_column(String(7))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    outlet_id: Mapped[str | None] = mapped_column(ForeignKey("outlet.id"))
    amount_yuan: Mapped[Decimal] = mapped_column(Yuan)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_finding_month_state", "month", "state"),
        Index("ix_finding_state", "state", "month", "id"),
        Index("ix_finding_outlet", "outlet_id", "id"),
        Index("ix_finding_no_outlet", "state", "id", **rows_where("outlet_id IS NULL")),
    )

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("finding", self.id, f"user:{self.person_id}")]


class FindingStep(db.Model):
    """A change of a finding's state, or facts that speak against what was upheld: who, when, why. Append-only; `by_id` is empty for the
    nightly check."""

    __tablename__ = "finding_step"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (Index("ix_finding_step_overtaken", "finding_id", sqlite_where=IS_OVERTAKEN, postgresql_where=IS_OVERTAKEN),)


class FindingObjection(db.Model):
    """异议 of the person concerned, with photos by hash; `answer` is empty until the manager answered, then accepted or rejected."""

    __tablename__ = "finding_objection"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    op_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"), index=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    text: Mapped[str] = mapped_column(Text)
    photos: Mapped[list[str]] = mapped_column(Json, default=list)
    answer: Mapped[str] = mapped_column(String(12), default="")
    answer_reason: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[str | None] = mapped_column(String(36))
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    def feed_entries(self) -> list[FeedEntry]:
        """It stands in the finding's document; only the person concerned objects."""
        return [FeedEntry("finding", self.finding_id, f"user:{self.by_id}")]


class FindingEvidence(db.Model):
    """A record that the finding rests on; `kind` is a table's word (visit, outlet_month, ...)."""

    __tablename__ = "finding_evidence"
    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    ref_id: Mapped[str] = mapped_column(String(64), primary_key=True)
