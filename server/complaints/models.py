"""Complaints and the steps of their handling."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db, rows_where
from server.feed.clock import FeedEntry
from server.outlets.voidable import Voidable


class ComplaintState(StrEnum):
    RECEIVED = "received"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    REPORTED = "reported"
    VOIDED = "voided"


@dataclass(frozen=True)
class Triage:
    """What kind of complaint it is, by which it is decided who may handle it."""

    kind: str
    is_about_rep: bool
    needs_call: bool


class Complaint(Voidable, db.Model):
    """客户投诉 (form 附表五). `verdict` is empty until investigated, else founded or unfounded; `due_on` is the last day in time."""

    __tablename__ = "complaint"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    op_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    is_about_rep: Mapped[bool] = mapped_column(default=False)
    needs_call: Mapped[bool] = mapped_column(default=False)
    received_on: Mapped[date] = mapped_column(Date)
    received_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(Date)
    assigned_to_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(12))
    complainant: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    account: Mapped[str] = mapped_column(Text, default="")
    demand: Mapped[str] = mapped_column(Text, default="")
    investigation: Mapped[str] = mapped_column(Text, default="")
    investigated_on: Mapped[date | None] = mapped_column(Date)
    verdict: Mapped[str] = mapped_column(String(12), default="")
    handling: Mapped[str] = mapped_column(Text, default="")
    resolved_on: Mapped[date | None] = mapped_column(Date)
    resolved_by_id: Mapped[str | None] = mapped_column(String(36))
    feedback_result: Mapped[str] = mapped_column(String(12), default="")
    feedback_speed: Mapped[str] = mapped_column(String(12), default="")
    feedback_text: Mapped[str] = mapped_column(Text, default="")
    signature_sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_complaint_received", "received_on"),
        Index("ix_complaint_state_due", "state", "due_on", "id"),
        Index("ix_complaint_open", "due_on", "id", **rows_where("resolved_on IS NULL AND voided_at IS NULL")),
        Index("ix_complaint_assigned", "assigned_to_id", **rows_where("resolved_on IS NULL")),
    )

    @property
    def triage(self) -> Triage:
        return Triage(self.kind, self.is_about_rep, self.needs_call)

    @property
    def has_feedback(self) -> bool:
        """Whether the customer said what they think of it."""
        return bool(self.feedback_result or self.feedback_speed or self.feedback_text)

    @property
    def is_known_to_rep(self) -> bool:
        """One about the rep is, once it was investigated: until then nobody should work on the customer."""
        return not self.is_about_rep or bool(self.verdict)

    def feed_entries(self) -> list[FeedEntry]:
        """None while the outlet's rep, whose phone holds the outlet's scope, may not know of it; one that is void leaves the phones."""
        return [self.feed_entry._replace(is_deleted=self.voided_at is not None)] if self.is_known_to_rep else []

    @property
    def feed_entry(self) -> FeedEntry:
        return FeedEntry("complaint", self.id, f"outlet:{self.outlet_id}")


class ComplaintStep(db.Model):
    """A change of a complaint: who, when, what; `to_id` is whom it was given to, `to_office` whether they, or who let it go, were of the office.

    Append-only.
    """

    __tablename__ = "complaint_step"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaint.id"), index=True)
    action: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[str | None] = mapped_column(String(36))
    to_office: Mapped[bool | None]
    at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (Index("ix_complaint_step_reported", "at", "complaint_id", **rows_where("action = 'reported'")),)
