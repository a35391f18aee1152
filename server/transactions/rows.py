"""A row of a table by field: its cells read one after another, and all that is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from server.domain.resident_id import masked
from server.transactions.cells import Cell, day_of, text_of
from server.transactions.faults import CellFault, RowFault
from server.transactions.kinds import ID_NUMBER
from server.transactions.reading import Head, TableRow

EARLIEST = date(2015, 1, 1)
SHOWN_LETTERS = 60

Value = TypeVar("Value")


@dataclass
class Reading:
    """What a table says, a line for each row that could be read, and all that is wrong with it so far."""

    lines: list[Any] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    rows_read: int = 0


class Row:
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
        """Note what is wrong; the number of somebody's document is noted masked (RULEBOOK §2)."""
        self.is_broken = True
        value = text_of(self.cell(name))[:SHOWN_LETTERS]
        self.faults.append(RowFault(self.number, name, code, masked(value) if name == ID_NUMBER.field else value, note))

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

    def day(self, name: str, today: date, earliest: date = EARLIEST) -> date | None:
        """A day that has come, `earliest` at the earliest; None for an empty cell and for one that cannot be taken."""
        day = None if self.is_empty(name) else self.read(name, day_of)
        if day is None or earliest <= day <= today:
            return day
        self.refuse(name, "early_day" if day < earliest else "future_day")
        return None
