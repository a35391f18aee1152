"""What a table would write, worked out before anything is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from server.transactions.faults import RowFault

CHUNK = 500

Element = TypeVar("Element")


class Write(NamedTuple):
    """What rows of the table come to: an outlet's total of a day or month in yuan, or the account that it gets."""

    rows: tuple[int, ...]
    outlet_id: str
    on: date
    amount: Decimal | None = None
    payments: int | None = None
    account_no: str = ""


@dataclass
class Plan:
    """`writes` change totals or accounts of outlets, or confirm them; `entries` are what the office enters anew: people, agents, outlets,
    assignments. `before` is what an undo needs to know. `new`, `changed` and `same` count what becomes of the rows."""

    writes: list[Write] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    before: list[list[Any]] = field(default_factory=list)
    first_on: date | None = None
    new: int = 0
    changed: int = 0
    same: int = 0

    @property
    def amount(self) -> Decimal | None:
        """The sum in yuan; None for accounts."""
        amounts = [write.amount for write in self.writes if write.amount is not None]
        return sum(amounts, Decimal("0.00")) if amounts else None

    @property
    def size(self) -> int:
        """How much the table writes."""
        return len(self.writes) + len(self.entries)

    @property
    def outlets(self) -> int:
        return len({write.outlet_id for write in self.writes})

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that what is written counts from."""
        days = [one.on for one in (*self.writes, *self.entries) if one.on is not None]
        return (min(days), max(days)) if days else None


def parts(whole: Sequence[Element], size: int = CHUNK) -> Iterator[Sequence[Element]]:
    """A long sequence in pieces that fit into one statement."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
