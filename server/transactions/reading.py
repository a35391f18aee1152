"""Reading a table that somebody uploads: what it is, where its head is, its rows one after another."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from server.transactions.cells import Cell, text_of
from server.transactions.delimited import HEAD_ROWS, delimited_rows
from server.transactions.faults import TableFault
from server.transactions.kinds import HeadMatch, TableKind, head_match
from server.transactions.sheets import SheetRow, sheet_rows

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 100
WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
NAMES_BETWEEN = "、"
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".et")
OF_TEXTS = ("no_head", "not_a_table", "encoding", "bad_quotes")


class Head(NamedTuple):
    """The head of the table: what it says, and the place of each field."""

    texts: list[str]
    places: dict[str, int]


class TableRow(NamedTuple):
    """`number` is the row as the file counts; `merged` are the places of cells that reach over several rows."""

    number: int
    cells: Sequence[Cell]
    merged: tuple[int, ...] = ()


class Table(NamedTuple):
    head: Head
    rows: Iterator[TableRow]


def open_table(path: Path, kind: TableKind) -> Table:
    """The table of this kind in a file, whatever its name says; it is read while its rows are asked for.

    Raises TableFault, now or while rows are read: `empty`, `too_large`, `not_a_table`, `damaged`, `encoding`, `bad_quotes`, `macros`,
    `password`, `too_large_inside`, `too_many_rows`, `too_many_columns`, `too_many_sheets`, `several_sheets`, `no_head` with the fields
    that are lacking, `column_twice` with the field.
    """
    found = _found(path, kind)
    head = next(found)
    assert isinstance(head, Head)
    return Table(head, found)  # type: ignore[arg-type]


def fault_of_file(fault: TableFault, path: Path, file_name: str) -> TableFault:
    """The fault in terms of the file's name: what is named as a workbook and holds text or anything else is `not_a_workbook` with the name's
    ending, as nobody looks for the head of a table there. A workbook, and a table of text named as one that can be read, are no such case."""
    ending = Path(file_name.lower()).suffix
    if fault.code not in OF_TEXTS or ending not in WORKBOOK_ENDINGS or _is_workbook(path):
        return fault
    return TableFault("not_a_workbook", ending)


def _found(path: Path, kind: TableKind) -> Iterator[Head | TableRow]:
    """The head, then the rows under it."""
    taken, best, is_empty = "", head_match([], kind), True
    for sheet, rows in groupby(_source(path, kind), key=lambda row: row.sheet):
        is_empty = False
        match, texts = _head_of(rows, kind, best)
        if not match.is_head:
            best = match
            continue
        if taken:
            raise TableFault("several_sheets", NAMES_BETWEEN.join((taken, sheet)))
        if match.twice:
            raise TableFault("column_twice", match.twice[0])
        taken = sheet or "1"
        yield Head(texts, match.places)
        yield from _body(rows)  # noqa: B031 (what is behind the head)
    if is_empty:
        raise TableFault("empty")
    if not taken:
        raise TableFault("no_head", " ".join(best.lacking))


def _source(path: Path, kind: TableKind) -> Iterator[SheetRow]:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TableFault("too_large")
    if _is_workbook(path):
        yield from sheet_rows(path)
        return
    for number, cells in delimited_rows(path, lambda row: len(head_match(row, kind).places)):
        if any(cells):
            if len(cells) > MOST_COLUMNS:
                raise TableFault("too_many_columns", str(len(cells)))
            yield SheetRow("", number, list(cells))


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8).startswith(WORKBOOKS)


def _head_of(rows: Iterator[SheetRow], kind: TableKind, best: HeadMatch) -> tuple[HeadMatch, list[str]]:
    """The first row that can be the head, or the best try so far when there is none among the first rows."""
    for place, row in enumerate(rows):
        match = head_match(row.cells, kind)
        if match.is_head:
            return match, [text_of(cell) for cell in row.cells]
        if len(match.places) > len(best.places):
            best = match
        if place + 1 == HEAD_ROWS:
            break
    return best, []


def _body(rows: Iterator[SheetRow]) -> Iterator[TableRow]:
    count = 0
    for row in rows:
        if not any(text_of(cell) for cell in row.cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TableFault("too_many_rows")
        yield TableRow(row.number, row.cells, row.merged)
    if not count:
        raise TableFault("no_rows")
