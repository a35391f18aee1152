"""Visits drawn for a blind review, and what people said of them."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db

AGREES, DOUBTS = "agrees", "doubts"


class VisitSample(db.Model):
    """盲审抽查. A counting visit that somebody looks at without knowing what the machine found; one answer, which stays.

    `share` is the policy by which it was drawn, `machine_score` the evidence score when it was answered: later flags change neither.
    """

    __tablename__ = "visit_sample"
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    drawn_on: Mapped[date] = mapped_column(Date)
    share: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    machine_score: Mapped[int | None]
    __table_args__ = (
        Index("ix_visit_sample_drawn", "drawn_on", "visit_id"),
        Index("ix_visit_sample_open", "drawn_on", "visit_id", sqlite_where=text("answer IS NULL"), postgresql_where=text("answer IS NULL")),
        Index("ix_visit_sample_by", "by_id"),
    )
