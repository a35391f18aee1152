"""Wage sheets, their lines, and the records behind each line."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
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
    adjustments_yuan: Mapped[Decimal] = mapped_column(Yuan, default=Decimal("0.00"))
    withheld_yuan: Mapped[Decimal] = mapped_column(Yuan, default=Decimal("0.00"))
    carried_yuan: Mapped[Decimal] = mapped_column(Yuan, default=Decimal("0.00"))
    total_yuan: Mapped[Decimal] = mapped_column(Yuan)
    limit_yuan: Mapped[Decimal] = mapped_column(Yuan)
    shortfall_yuan: Mapped[Decimal] = mapped_column(Yuan)
    policy_version: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime] = mapped_column(UtcInstant)
    facts: Mapped[str] = mapped_column(Text, default="")
    seal: Mapped[str | None] = mapped_column(String(64))
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
    unit_yuan: Mapped[Decimal | None] = mapped_column(Numeric(14, 6))
    amount_yuan: Mapped[Decimal] = mapped_column(Yuan)
    rule_key: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    is_estimate: Mapped[bool] = mapped_column(default=False)
    of_month: Mapped[str] = mapped_column(String(7), default="")


class WageMonth(db.Model):
    """关账: a month that the manager closed, with the policy it was paid by, the kinds of line, and a seal over all its sheets."""

    __tablename__ = "wage_month"
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(UtcInstant)
    closed_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    checks: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    policy_values: Mapped[str] = mapped_column(Text)
    kinds: Mapped[str] = mapped_column(Text)
    seal: Mapped[str] = mapped_column(String(64))


class PayslipStep(db.Model):
    """工资条: what the person did with it (seen, confirmed, objected) and, for an objection, why. Append-only."""

    __tablename__ = "payslip_step"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    op_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    sheet_id: Mapped[str] = mapped_column(ForeignKey("wage_sheet.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class CustomWageKind(db.Model):
    """A kind of award or deduction that the company added: paid once for each upheld finding of its kind, from a month on."""

    __tablename__ = "custom_wage_kind"
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    sign: Mapped[int]
    finding_kind: Mapped[str] = mapped_column(String(32), unique=True)
    unit_yuan: Mapped[Decimal] = mapped_column(Yuan)
    zh: Mapped[str] = mapped_column(String(60))
    en: Mapped[str] = mapped_column(String(60))
    rule_zh: Mapped[str] = mapped_column(String(200))
    rule_en: Mapped[str] = mapped_column(String(200))
    from_month: Mapped[str] = mapped_column(String(7))
    made_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
