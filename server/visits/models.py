"""Visits, their photos and reviews, and what each outlet owes a month."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, extract, func, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Json, UtcInstant, db, rows_where
from server.domain.evidence import FULL_SCORE
from server.feed.clock import FeedEntry


class Visit(db.Model):
    """巡检 (form 附表四). Written once by intake; only the verdict columns at the end change afterwards.

    Instants are corrected by `clock_offset_ms`: what the phone knew of its clock, less what would lie after the receipt. The record as the
    phone sent it stays in `sync_op`.
    """

    __tablename__ = "visit"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    op_id: Mapped[str] = mapped_column(String(36), unique=True)
    form: Mapped[str] = mapped_column(String(24))
    record_sha256: Mapped[str] = mapped_column(String(64))
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"))
    rep_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    visited_on: Mapped[date] = mapped_column(Date)
    checked_in_at: Mapped[datetime] = mapped_column(UtcInstant)
    checked_out_at: Mapped[datetime] = mapped_column(UtcInstant)
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    fix_lat: Mapped[float | None]
    fix_lon: Mapped[float | None]
    fix_accuracy_m: Mapped[float | None]
    fix_taken_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    fix_source: Mapped[str | None] = mapped_column(String(12))
    distance_m: Mapped[float | None]
    presence_reason: Mapped[str | None] = mapped_column(String(16))
    presence_note: Mapped[str] = mapped_column(Text, default="")
    has_complaint: Mapped[bool]
    complaint_note: Mapped[str] = mapped_column(Text, default="")
    condition: Mapped[str] = mapped_column(Text, default="")
    handling: Mapped[str] = mapped_column(Text, default="")
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    checklist_version_id: Mapped[str | None] = mapped_column(String(36))
    is_card_genuine: Mapped[bool | None]
    is_checklist_complete: Mapped[bool]
    signer_name: Mapped[str | None] = mapped_column(String(60))
    signer_role: Mapped[str | None] = mapped_column(String(12))
    signature_sha256: Mapped[str | None] = mapped_column(String(64))
    signature_refusal: Mapped[str | None] = mapped_column(Text)
    corrects_id: Mapped[str | None] = mapped_column(String(36))
    was_out_of_scope: Mapped[bool] = mapped_column(default=False)
    is_replaced: Mapped[bool] = mapped_column(default=False)
    previous_sha256: Mapped[str | None] = mapped_column(String(64))
    device_id: Mapped[str | None] = mapped_column(String(36))
    seal: Mapped[str | None] = mapped_column(String(64))
    seal_version: Mapped[int | None]
    seal_n: Mapped[int | None]
    previous_seal: Mapped[str | None] = mapped_column(String(64))
    score: Mapped[int | None]
    is_complete: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[bool] = mapped_column(default=False)
    needs_review: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    allowed_m: Mapped[float | None]
    photos: Mapped[list["VisitPhoto"]] = relationship(order_by="VisitPhoto.position", lazy="raise")
    __table_args__ = (
        Index("ix_visit_outlet_on", "outlet_id", "visited_on", "counts", "needs_review", "fix_lat"),
        Index("ix_visit_rep_on", "rep_id", "visited_on"),
        Index("ix_visit_on", "visited_on", "id"),
        Index("ix_visit_placed", "visited_on", "counts", "needs_review", "outlet_id", **rows_where("fix_lat IS NOT NULL")),
        Index("ix_visit_waiting", "visited_on", "id", sqlite_where=text("needs_review = 1"), postgresql_where=text("needs_review")),
        Index("ix_visit_handed_over", "visited_on", "id", sqlite_where=text("was_out_of_scope = 1"), postgresql_where=text("was_out_of_scope")),
        Index("ix_visit_rep_at", "rep_id", "checked_in_at", "id"),
        Index("ix_visit_chain", "device_id", "seal_n", unique=True),
    )

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("visit", self.id, f"outlet:{self.outlet_id}")]


VISIT_YEAR, VISIT_MONTH = extract("year", Visit.visited_on), extract("month", Visit.visited_on)
SCORE_ORDER = func.coalesce(Visit.score, literal_column(str(FULL_SCORE + 1)))  # what has no score yet comes last
Index("ix_visit_score", VISIT_YEAR, VISIT_MONTH, SCORE_ORDER, Visit.id)


class VisitPhoto(db.Model):
    """A photo of a visit; the file itself is the blob of that hash."""

    __tablename__ = "visit_photo"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    slot: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(12))
    taken_at: Mapped[datetime] = mapped_column(UtcInstant)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    exif_taken_at: Mapped[str | None] = mapped_column(String(40))
    exif_lat: Mapped[float | None]
    exif_lon: Mapped[float | None]
    is_blurred: Mapped[bool] = mapped_column(default=False)
    is_dark: Mapped[bool] = mapped_column(default=False)


class VisitReview(db.Model):
    """A supervisor's word on a visit. Append-only; the last one holds (RULEBOOK §11)."""

    __tablename__ = "visit_review"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    decision: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class VisitFlag(db.Model):
    """Something about a visit that a supervisor may want to look at (DESIGN §5); `detail` are the figures behind it."""

    __tablename__ = "visit_flag"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    points: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class EvidenceDue(db.Model):
    """A visit whose flags have to be worked out (again); with `spreads`, those of its neighbours too."""

    __tablename__ = "evidence_due"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    spreads: Mapped[bool] = mapped_column(default=True)


class SealChain(db.Model):
    """The end of a phone's chain of seals: how many links it has, and the last; without a known phone the id is empty."""

    __tablename__ = "seal_chain"
    device_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    last_n: Mapped[int] = mapped_column(default=0)
    last_seal: Mapped[str] = mapped_column(String(64), default="")


class OutletMonth(db.Model):
    """达标情况: what an outlet owed and got in a month, charged to the rep responsible on its last day.

    `planned` is what the month's plan asks for, never less than is owed; by it the month is done or missed (RULEBOOK §11).
    """

    __tablename__ = "outlet_month"
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    rep_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    outlet_class: Mapped[str] = mapped_column(String(1))
    owed: Mapped[int]
    planned: Mapped[int]
    counted: Mapped[int]
    waiting: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    visit_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    policy_version: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        Index("ix_outlet_month_rep", "month", "rep_id", "state", "planned", "owed", "counted", "waiting", "outlet_id"),
        Index("ix_outlet_month_state", "month", "state", "outlet_id"),
    )

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("outlet_month", f"{self.outlet_id}:{self.month}", f"outlet:{self.outlet_id}")]


class MonthSum(db.Model):
    """A month's outlets added up as a night saw them, by region, rep (empty: the region's pool) and class; for long looks back.

    Outlets: in the plan (`outlets`), owing visits (`owing`, which no page shows), done (`met`), over and not done (`missed`), and as the
    forecast has them (`certain`, `at_risk`). Visits: `owed`, `planned`, those that count towards them (`credited`, `done`), and `waiting`.
    """

    __tablename__ = "month_sum"
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    region_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    rep_id: Mapped[str] = mapped_column(String(36), primary_key=True, default="")
    outlet_class: Mapped[str] = mapped_column(String(1), primary_key=True)
    outlets: Mapped[int]
    owing: Mapped[int]
    met: Mapped[int]
    missed: Mapped[int]
    certain: Mapped[int]
    at_risk: Mapped[int]
    owed: Mapped[int]
    credited: Mapped[int]
    planned: Mapped[int]
    done: Mapped[int]
    waiting: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
