"""Trainings, and the outlets that a month plans to train."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, Yuan, db
from server.feed.clock import FeedEntry
from server.outlets.voidable import Voidable


class Training(Voidable, db.Model):
    """A completed training (form 附表三). `op_id` is the phone's operation, empty when the office entered it.

    `signature_refusal` says why nobody signed, None where somebody did; empty once what may name people is forgotten.
    """

    __tablename__ = "training"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    op_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"))
    trainer_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    trained_on: Mapped[date] = mapped_column(Date)
    is_new_customer: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[str] = mapped_column(Text, default="")
    attendees: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    attendee_count: Mapped[int] = mapped_column(default=0)
    photos: Mapped[list[str]] = mapped_column(Json, default=list)
    signature_sha256: Mapped[str | None] = mapped_column(String(64))
    signer_name: Mapped[str] = mapped_column(String(60), default="")
    signature_refusal: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (Index("ix_training_outlet_on", "outlet_id", "trained_on"), Index("ix_training_on", "trained_on", "id"))

    def feed_entries(self) -> list[FeedEntry]:
        """One that is void leaves the phones."""
        return [FeedEntry("training", self.id, f"outlet:{self.outlet_id}", is_deleted=self.voided_at is not None)]


class PlannedTraining(db.Model):
    """An outlet of a month's training plan 客户培训计划表, made on the 28th of the month before.

    `volume_change_yuan` is by how much its volume grew between the two months before that, for which it stands where it stands.
    """

    __tablename__ = "planned_training"
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    outlet_class: Mapped[str] = mapped_column(String(1))
    volume_change_yuan: Mapped[Decimal] = mapped_column(Yuan, default=Decimal("0.00"))
    planned_on: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_planned_training_outlet", "outlet_id"),
        Index("ix_planned_training_change", "month", "volume_change_yuan", "outlet_id"),
    )

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("planned_training", f"{self.outlet_id}:{self.month}", f"outlet:{self.outlet_id}")]
