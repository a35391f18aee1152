"""Rows of a table read as what they say, cell by cell; nothing is looked up yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from server.domain.months import Month
from server.transactions.cells import Cell, count_of, day_of, month_of, number_of, plain, text_of, yuan_of
from server.transactions.faults import CellFault, RowFault
from server.transactions.kinds import ACCOUNT, ACCOUNTS, AMOUNT, COUNT, DAY, DAYS, MADE_ON, MONTH, MONTHS, OUTLET, TYPE, TableKind
from server.transactions.reading import Head, Table, TableRow

EARLIEST = date(2015, 1, 1)
PAYMENTS = ("", "交易", "缴费", "收费", "收款", "payment")
REFUNDS = ("退款", "退费", "冲正", "refund")
SHOWN_LETTERS = 60

Value = TypeVar("Value")


class Line(NamedTuple):
    """A row whose outlet and day are said. `on` is the day, the last day of the month, or the day the account was made.

    `amount` is in yuan, negative for a refund; None for accounts; `payments` counts them. A broken line has a fault,
    and holds back what belongs to it.
    """

    row: int
    code: str
    account: str
    on: date
    amount: Decimal | None = None
    payments: int | None = None
    is_refund: bool = False
    is_broken: bool = False


@dataclass
class Reading:
    """What a table says, and all that is wrong with it so far."""

    lines: list[Line] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    rows_read: int = 0


class _Row:
    """The cells of one row by field. What cannot be taken is noted with the rest."""

    def __init__(self, row: TableRow, head: Head, reading: Reading) -> None:
        self.number, self.cells, self.merged, self.places, self.faults = row.number, row.cells, row.merged, head.places, reading.faults
        self.is_broken = False

    def cell(self, name: str) -> Cell:
        place = self.places.get(name)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def is_empty(self, name: str) -> bool:
        return not text_of(self.cell(name))

    def refuse(self, name: str, code: str, note: str = "") -> None:
        self.is_broken = True
        self.faults.append(RowFault(self.number, name, code, text_of(self.cell(name))[:SHOWN_LETTERS], note))

    def read(self, name: str, read: Callable[[Cell], Value]) -> Value | None:
        """The value of the cell; None when it cannot be taken."""
        try:
            return read(self.cell(name))
        except CellFault as fault:
            self.refuse(name, fault.code, fault.note)
            return None

    def needed(self, name: str, read: Callable[[Cell], Value]) -> Value | None:
        """As `read`, for a cell that may not be empty."""
        if self.is_empty(name):
            self.refuse(name, "required")
            return None
        return self.read(name, read)


def read_lines(table: Table, kind: TableKind, today: date, most_yuan: Decimal) -> Reading:
    """Read all rows; an outlet's total above `most_yuan` is a slip of the keyboard. Raises TableFault for what is wrong with the table as a whole."""
    reading = Reading()
    for row in table.rows:
        reading.rows_read += 1
        line = _line(_Row(row, table.head, reading), kind, today, most_yuan)
        if line is not None:
            reading.lines.append(line)
    return reading


def _line(row: _Row, kind: TableKind, today: date, most_yuan: Decimal) -> Line | None:
    numbers = _numbers(row)
    on = _month_end(row, today) if kind.code == MONTHS else _day(row, DAY.field if kind.code == DAYS else MADE_ON.field, today)
    is_refund = _is_refund(row) if kind.code == DAYS else False
    amount = None if kind.code == ACCOUNTS else _amount(row, kind, is_refund, most_yuan)
    payments = None if kind.code == ACCOUNTS else row.read(COUNT.field, count_of)
    if COUNT.field in row.places and row.places[COUNT.field] in row.merged:
        row.refuse(COUNT.field, "merged_value")
    if numbers is None or on is None:
        return None
    return Line(row.number, *numbers, on, amount, payments, is_refund, row.is_broken)


def _numbers(row: _Row) -> tuple[str, str] | None:
    """(code, account number) of the outlet, either of them empty."""
    code, account = row.read(OUTLET.field, number_of), row.read(ACCOUNT.field, number_of)
    if code is None or account is None:
        return None
    if not code and not account:
        row.refuse(ACCOUNT.field if ACCOUNT.field in row.places else OUTLET.field, "required")
        return None
    return code, account


def _day(row: _Row, name: str, today: date) -> date | None:
    day = row.needed(name, day_of)
    if day is None or EARLIEST <= day <= today:
        return day
    row.refuse(name, "early_day" if day < EARLIEST else "future_day")
    return None


def _month_end(row: _Row, today: date) -> date | None:
    """The last day of a month that is over; a running month is given by days."""
    month = row.needed(MONTH.field, month_of)
    if month is None:
        return None
    if Month.of_date(EARLIEST) <= month < Month.of_date(today):
        return month.last_day
    row.refuse(MONTH.field, "early_day" if month.last_day < EARLIEST else "month_not_over")
    return None


def _is_refund(row: _Row) -> bool:
    words = plain(row.cell(TYPE.field)).lower()
    if words not in (*PAYMENTS, *REFUNDS):
        row.refuse(TYPE.field, "unknown_type")
    return words in REFUNDS


def _amount(row: _Row, kind: TableKind, is_refund: bool, most_yuan: Decimal) -> Decimal | None:
    """Yuan of the row; a refund takes away, whether it is written with a minus or not."""
    amount = row.needed(AMOUNT.field, yuan_of)
    if row.places[AMOUNT.field] in row.merged:
        row.refuse(AMOUNT.field, "merged_value")
    if amount is None:
        return None
    if abs(amount) > most_yuan:
        row.refuse(AMOUNT.field, "absurd_amount", f"{most_yuan:,}")
    elif amount < 0 and not is_refund:
        row.refuse(AMOUNT.field, "negative_amount" if kind.code == DAYS else "negative_month")
    return -abs(amount) if is_refund else amount
