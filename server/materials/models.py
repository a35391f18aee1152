"""Material requests and their delivery."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db, rows_where
from server.feed.clock import FeedEntry
from server.outlets.voidable import Voidable

OPEN = "delivered_on IS NULL AND voided_at IS NULL"


class MaterialRequest(Voidable, db.Model):
    """Materials, cards or others that an outlet asked for; `due_on` is the last day in time.

    `signature_refusal` says why nobody signed for the delivery, None where somebody did; empty once what may name people is forgotten.
    """

    __tablename__ = "material_request"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), index=True)
    contents: Mapped[str] = mapped_column(Text)
    requested_on: Mapped[date] = mapped_column(Date)
    requested_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(Date)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    delivered_by_id: Mapped[str | None] = mapped_column(String(36))
    delivery_op_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    photo_sha256: Mapped[str | None] = mapped_column(String(64))
    signature_sha256: Mapped[str | None] = mapped_column(String(64))
    signer_name: Mapped[str] = mapped_column(String(60), default="")
    signature_refusal: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_material_request_open", "due_on", "id", "outlet_id", "delivered_on", "voided_at", **rows_where(OPEN)),
        Index("ix_material_request_delivered", "due_on", "id", **rows_where("delivered_on IS NOT NULL")),
    )

    def feed_entries(self) -> list[FeedEntry]:
        """One that is void leaves the phones."""
        return [FeedEntry("material_request", self.id, f"outlet:{self.outlet_id}", is_deleted=self.voided_at is not None)]
