"""Wage sheets, their lines, and the records behind each line."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import Json, UtcInstant, Yuan, db
from server.feed.clock import FeedEntry


class WageSheet(db.Model):
    """工资单 of one person and month."""

    __tablename__ = "wage_sheet"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    month: Mapped[str] = mapped_column(String(7))
    state: Mapped[str] = mapped_column(String(8))
    gross_yuan: Mapped[Decimal] = mapped_column(Yuan)
    deductions_yuan: Mapped[Decimal] = mapped_column(Yuan)
    total_yuan: Mapped[Decimal] = mapped_column(Yuan)
    limit_yuan: Mapped[Decimal] = mapped_column(Yuan)
    shortfall_yuan: Mapped[Decimal] = mapped_column(Yuan)
    policy_version: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime] = mapped_column(UtcInstant)
    lines: Mapped[list["WageLine"]] = relationship(order_by="WageLine.position", cascade="all, delete-orphan", lazy="raise")
    __table_args__ = (Index("uq_wage_sheet_person_month", "person_id", "month", unique=True),)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("wage_sheet", f"{self.person_id}:{self.month}", f"user:{self.person_id}")]


class WageLine(db.Model):
    """One line: kind, quantity times unit, and `evidence`, a list of {kind, id}."""

    __tablename__ = "wage_line"
    sheet_id: Mapped[str] = mapped_column(ForeignKey("wage_sheet.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    quantity: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    unit_yuan: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    amount_yuan: Mapped[Decimal] = mapped_column(Yuan)
    rule_key: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
