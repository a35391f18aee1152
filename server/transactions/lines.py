"""Rows of a table read as what they say, cell by cell; nothing is looked up yet."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from server.domain.months import Month
from server.transactions.cells import count_of, day_of, month_of, number_of, plain, yuan_of
from server.transactions.kinds import ACCOUNT, ACCOUNTS, AMOUNT, COUNT, DAY, DAYS, MADE_ON, MONTH, MONTHS, OUTLET, TYPE, TableKind
from server.transactions.rows import EARLIEST, Row

PAYMENTS = ("", "交易", "缴费", "收费", "收款", "payment")
REFUNDS = ("退款", "退费", "冲正", "refund")


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


def read_line(row: Row, kind: TableKind, today: date, most_yuan: Decimal) -> Line | None:
    """What a row says; an outlet's total above `most_yuan` is a slip of the keyboard."""
    numbers = outlet_named(row)
    on = _month_end(row, today) if kind.code == MONTHS else _day(row, DAY.field if kind.code == DAYS else MADE_ON.field, today)
    is_refund = _is_refund(row) if kind.code == DAYS else False
    amount = None if kind.code == ACCOUNTS else _amount(row, kind, is_refund, most_yuan)
    payments = None if kind.code == ACCOUNTS else row.read(COUNT.field, count_of)
    if COUNT.field in row.places and row.places[COUNT.field] in row.merged:
        row.refuse(COUNT.field, "merged_value")
    if numbers is None or on is None:
        return None
    return Line(row.number, *numbers, on, amount, payments, is_refund, row.is_broken)


def outlet_named(row: Row) -> tuple[str, str] | None:
    """(code, account number) of the outlet, either of them empty."""
    code, account = row.read(OUTLET.field, number_of), row.read(ACCOUNT.field, number_of)
    if code is None or account is None:
        return None
    if not code and not account:
        row.refuse(ACCOUNT.field if ACCOUNT.field in row.places else OUTLET.field, "required")
        return None
    return code, account


def _day(row: Row, name: str, today: date) -> date | None:
    day = row.needed(name, day_of)
    if day is None or EARLIEST <= day <= today:
        return day
    row.refuse(name, "early_day" if day < EARLIEST else "future_day")
    return None


def _month_end(row: Row, today: date) -> date | None:
    """The last day of a month that is over; a running month is given by days."""
    month = row.needed(MONTH.field, month_of)
    if month is None:
        return None
    if Month.of_date(EARLIEST) <= month < Month.of_date(today):
        return month.last_day
    row.refuse(MONTH.field, "early_day" if month.last_day < EARLIEST else "month_not_over")
    return None


def _is_refund(row: Row) -> bool:
    words = plain(row.cell(TYPE.field)).lower()
    if words not in (*PAYMENTS, *REFUNDS):
        row.refuse(TYPE.field, "unknown_type")
    return words in REFUNDS


def _amount(row: Row, kind: TableKind, is_refund: bool, most_yuan: Decimal) -> Decimal | None:
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
