"""CSV that Excel opens right: UTF-8 with its mark, no cell that is a formula, no number that loses digits."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import StringIO
from typing import Any

from server.domain.months import SHANGHAI
from server.reports.columns import Cell, Column, titles

CSV = "text/csv"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMERIC = re.compile(r"[0-9][0-9.,/: eE+-]*")
CHUNK_LETTERS = 64_000


def csv_parts(columns: list[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    """The table in pieces, its head first."""
    return table_parts(titles(columns), ([_written(column.read(row)) for column in columns] for row in rows))


def table_parts(head: list[str], rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Rows that are texts already, in pieces."""
    lines = StringIO()
    lines.write(BYTE_ORDER_MARK)
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([harmless(title) for title in head])
    for row in rows:
        writer.writerow(row)
        if lines.tell() > CHUNK_LETTERS:
            yield _taken(lines)
    yield _taken(lines)


def _taken(lines: StringIO) -> bytes:
    part = lines.getvalue().encode("utf-8", "replace")
    lines.seek(0)
    lines.truncate()
    return part


def _written(value: Cell) -> str:
    """Numbers, days and Shanghai times as spreadsheets read them; texts stay texts."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return kept_as_text(value) if isinstance(value, str) else f"{value:f}" if not isinstance(value, int | float) else str(value)


def kept_as_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula or a number: an id of 18 digits would lose its last three.

    What begins like a formula gets an apostrophe before it, what looks like a number a tab behind it, which does not show.
    """
    if text.startswith(FORMULA_SIGNS):
        return f"'{text}"
    return f"{text}\t" if NUMERIC.fullmatch(text) else text


def harmless(text: str) -> str:
    """A text for programs: only what begins like a formula is marked."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
