"""Call-backs: listed, then made, with an outcome."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db, rows_where


class CallBack(db.Model):
    """A call to a customer. `source_key` makes listing twice harmless; `called_on` is empty until it was made.

    `asked_on` is the day of the customer's question (training), `about_month` the month asked about (inspection).
    `answers` are three of {answer: yes, no or empty for not asked, note}; calls of older releases have none.
    One that was made never changes; a correction is a call-back of its own, named in `corrected_by_id`, and takes its place.
    """

    __tablename__ = "callback"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), index=True)
    listed_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    asked_on: Mapped[date | None] = mapped_column(Date)
    about_month: Mapped[str] = mapped_column(String(7), default="")
    called_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str] = mapped_column(String(16), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[list[dict[str, str]] | None] = mapped_column(Json)
    corrected_by_id: Mapped[str | None] = mapped_column(String(36))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_callback_kind_due", "kind", "due_on"),
        Index("ix_callback_called", "called_on", "id", **rows_where("called_on IS NOT NULL")),
        Index("ix_callback_open", "due_on", "id", **rows_where("called_on IS NULL")),
    )
