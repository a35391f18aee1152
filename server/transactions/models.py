"""What customers moved, by day or by month, and the imports it came by."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, Yuan, db


class OutletTransfer(db.Model):
    """A day's or a month's total of an outlet in yuan, net of refunds. A month's total stands on its last day; both forms never share a month."""

    __tablename__ = "outlet_transfer"
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    on: Mapped[date] = mapped_column("on_day", Date, primary_key=True)
    is_month_total: Mapped[bool] = mapped_column(default=False)
    amount_yuan: Mapped[Decimal] = mapped_column(Yuan)
    count: Mapped[int | None] = mapped_column("transaction_count")
    import_id: Mapped[str | None] = mapped_column(ForeignKey("table_import.id"), index=True)
    __table_args__ = (Index("ix_outlet_transfer_on_day", "on_day", "outlet_id"),)


class TableImport(db.Model):
    """A table that somebody imported: the file's hash, rows read, taken and refused. `kind` names its columns; `undone_at` takes it back.

    `rows_written` counts totals of outlets or changed accounts, `amount_yuan` is their sum. `before` is what they replaced, as rows of
    `totals` or `accounts`. `first_on` is the first day concerned, before or after; `closed_until` the last month closed at the time.
    """

    __tablename__ = "table_import"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    rows_read: Mapped[int]
    rows_taken: Mapped[int]
    rows_refused: Mapped[int]
    rows_written: Mapped[int] = mapped_column(default=0)
    amount_yuan: Mapped[Decimal | None] = mapped_column(Yuan)
    first_on: Mapped[date | None] = mapped_column(Date)
    last_on: Mapped[date | None] = mapped_column(Date)
    closed_until: Mapped[str] = mapped_column(String(7), default="")
    before: Mapped[list[list[Any]]] = mapped_column(Json, default=list, deferred=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    undone_by_id: Mapped[str | None] = mapped_column(String(36))
