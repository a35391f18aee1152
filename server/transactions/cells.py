"""Cells of a table turned into values: numbers of outlets, days, months, yuan, counts. Pure; raises CellFault."""

import math
import re
import unicodedata
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import lru_cache

from server.domain.months import Month
from server.transactions.faults import CellFault

Cell = str | int | float | bool | date

INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u200e\u200f"))
QUOTED_FOR_EXCEL = re.compile(r'="([^"]*)"')  # how programs keep leading zeros in a CSV that Excel opens
SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?E\+([0-9]{1,2})", re.IGNORECASE)
DAY = re.compile(r"([0-9]{4})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.0+)?)?")
BARE_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
MONTH = re.compile(r"([0-9]{4})(?:[-/年]([0-9]{1,2})月?|\.([0-9]{2}))")  # 2025.1 may be what Excel made of 2025.10
BARE_MONTH = re.compile(r"([0-9]{4})([0-9]{2})")
SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,12})?")
CURRENCY = re.compile(r"^(?:¥|RMB|CNY)|元$", re.IGNORECASE)
WHOLE = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")
EXACT = 10**15  # Excel keeps fifteen digits of a number
MOST_COUNT = 100_000_000
HUNDREDTH = Decimal("0.01")
NOISE = Decimal("0.000001")


def text_of(cell: Cell) -> str:
    """The cell as a clerk reads it, without blanks around it and letters that cannot be seen."""
    if isinstance(cell, str):
        text = (cell if cell.isascii() else cell.translate(INVISIBLE)).strip()
        quoted = QUOTED_FOR_EXCEL.fullmatch(text) if text.startswith("=") else None
        return quoted[1].strip() if quoted else text.removeprefix("'")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f") if math.isfinite(cell) else repr(cell)
    return str(cell)


def plain(cell: Cell) -> str:
    """As `text_of`, with full-width digits and signs as narrow ones."""
    text = text_of(cell)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()


def number_of(cell: Cell) -> str:
    """The number of an outlet or account as text, empty for an empty cell. A number that Excel has rounded is refused."""
    if isinstance(cell, float):
        if not cell.is_integer():
            raise CellFault("not_a_number")
        if abs(cell) >= EXACT:
            raise CellFault("rounded_number")
        return str(int(cell))
    if isinstance(cell, bool | date):
        raise CellFault("not_a_number")
    text = plain(cell)
    scientific = SCIENTIFIC.fullmatch(text)
    return text if scientific is None else _written_out(scientific)


def _written_out(scientific: re.Match[str]) -> str:
    """1.23456789012E+11 shows all digits; 1.23E+11 hides most of them."""
    digits = scientific[1] + (scientific[2] or "")
    if len(digits) != int(scientific[3]) + 1:
        raise CellFault("scientific_number")
    return digits


def day_of(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    return _day(plain(cell))


@lru_cache(4096)
def _day(text: str) -> date:
    """Cached, for a table says the same few days thousands of times; a fault is not."""
    found = DAY.fullmatch(text) or BARE_DAY.fullmatch(text)
    if found is None:
        raise CellFault("date_is_number" if SERIAL.fullmatch(text) else "not_a_date")
    year, month, day = (int(part) for part in found.groups())
    if year < 1 or not 1 <= month <= 12:
        raise CellFault("not_a_date")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise CellFault("no_such_day", str(monthrange(year, month)[1]))
    return date(year, month, day)


def month_of(cell: Cell) -> Month:
    """A month; a date that Excel made of one stands for it when it is its first or last day."""
    if isinstance(cell, date):
        return _month_of_day(cell)
    if isinstance(cell, float):
        raise CellFault("not_a_month")
    return _month(plain(cell))


@lru_cache(512)
def _month(text: str) -> Month:
    found = MONTH.fullmatch(text) or BARE_MONTH.fullmatch(text)
    if found is None:
        try:
            return _month_of_day(_day(text))
        except CellFault as fault:
            raise CellFault(fault.code if fault.code == "date_is_number" else "not_a_month") from None
    try:
        return Month(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        raise CellFault("not_a_month") from None


def _month_of_day(day: date) -> Month:
    month = Month.of_date(day)
    if day not in (month.first_day, month.last_day):
        raise CellFault("not_a_month")
    return month


def yuan_of(cell: Cell) -> Decimal:
    """An amount in yuan with at most two decimals; ¥ and 元, thousands separators and accountants' brackets are understood.

    Raises `not_an_amount`, `absurd_amount` or `too_many_decimals`.
    """
    if not isinstance(cell, str):
        return hundredths_of(cell, "not_an_amount", "absurd_amount")
    text = plain(cell)
    is_negative = text.startswith("(") and text.endswith(")")
    text = CURRENCY.sub("", text[1:-1] if is_negative else text, count=2).strip()
    if not NUMBER.fullmatch(text):
        text = _sign_before_currency(text)
    if is_negative and text[:1] in ("-", "+"):
        raise CellFault("not_an_amount")
    amount = hundredths_in(text, "not_an_amount")
    return -amount if is_negative else amount


def _sign_before_currency(text: str) -> str:
    """-¥50.00 as -50.00."""
    return text[0] + CURRENCY.sub("", text[1:]).strip() if text[:1] in ("-", "+") else text


def hundredths_of(cell: int | float | date, not_one: str, too_large: str) -> Decimal:
    """A number of Excel with at most two decimals; raises the code `not_one`, `too_large` or `too_many_decimals`."""
    if isinstance(cell, bool | date) or not math.isfinite(cell):
        raise CellFault(not_one)
    if abs(cell) >= EXACT:
        raise CellFault(too_large)
    return _hundredths(Decimal(repr(cell)).quantize(NOISE))  # a formula may say 0.30000000000000004


def hundredths_in(text: str, not_one: str) -> Decimal:
    """As `hundredths_of`, of a written number, with or without separators of thousands."""
    if not NUMBER.fullmatch(text):
        raise CellFault(not_one)
    return _hundredths(Decimal(text.replace(",", "")))


def _hundredths(number: Decimal) -> Decimal:
    if number != round(number, 2):
        raise CellFault("too_many_decimals")
    return number.quantize(HUNDREDTH)


def count_of(cell: Cell) -> int | None:
    """How many, or None for an empty cell."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        if 0 <= cell <= MOST_COUNT:
            return cell
        raise CellFault("not_a_count")
    text = plain(cell)
    if not text:
        return None
    if not WHOLE.fullmatch(text) or int(text.replace(",", "")) > MOST_COUNT:
        raise CellFault("not_a_count")
    return int(text.replace(",", ""))
