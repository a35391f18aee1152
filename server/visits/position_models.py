"""Positions of outlets that visits propose, and what was decided about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db, rows_where

WAITING, APPROVED, DECLINED, OVERTAKEN = "", "approved", "declined", "overtaken"


class PositionProposal(db.Model):
    """Where visits say an outlet is, and where its file said it was then (`from_*`); degrees (WGS-84), accuracy in metres.

    `outcome` is empty until somebody decided; `overtaken` when the outlet moved meanwhile by other ways.
    """

    __tablename__ = "position_proposal"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"))
    lat: Mapped[float]
    lon: Mapped[float]
    accuracy_m: Mapped[float]
    from_lat: Mapped[float]
    from_lon: Mapped[float]
    visit_ids: Mapped[list[str]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    outcome: Mapped[str] = mapped_column(String(12), default=WAITING)
    reason: Mapped[str] = mapped_column(String(500), default="")
    settled_by_id: Mapped[str | None] = mapped_column(String(36))
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_position_proposal_outlet", "outlet_id", "settled_at"),
        Index("uq_position_proposal_open", "outlet_id", unique=True, **rows_where("outcome = ''")),
    )
