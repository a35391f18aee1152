"""What can be wrong with a table, a row or a cell: stable codes, which `fault_words` puts into words."""

from dataclasses import dataclass


class TableFault(Exception):
    """The table cannot be read at all. `note` is what the words name, such as the columns that are missing."""

    def __init__(self, code: str, note: str = "") -> None:
        super().__init__(code, note)
        self.code = code
        self.note = note


class CellFault(Exception):
    """A cell cannot be taken; the reader of its row notes it and goes on."""

    def __init__(self, code: str, note: str = "") -> None:
        super().__init__(code, note)
        self.code = code
        self.note = note


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row as the file counts them: the column's field, the value found there, and what the words name besides."""

    row: int
    field: str
    code: str
    value: str = ""
    note: str = ""
