"""Exported tables as workbooks: typed numbers, days and times, everything else a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from xlsxwriter.worksheet import Worksheet

from server.console.workbooks import SHEET_NAME, Formats, new_workbook
from server.domain.months import SHANGHAI
from server.reports.columns import WIDTHS, Cell, Column, Kind

MOST_LETTERS = 32_767  # of a cell
NO_SHEET_NAME = str.maketrans("[]:*?/\\", "-------")


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook. Its rows are read once, when it is written."""

    name: str
    columns: list[Column]
    rows: Iterable[Any]


def write_workbook(file: IO[bytes], tables: list[Table], now: datetime) -> None:
    """The tables, each a sheet; rows go to disk as they come."""
    book, formats = new_workbook(file, now, is_long=True)
    for table in tables:
        _write_table(book.add_worksheet(table.name.translate(NO_SHEET_NAME)[:SHEET_NAME]), table, formats)
    book.close()


def _write_table(sheet: Worksheet, table: Table, formats: Formats) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(0, place, str(column.title), formats.head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for number, row in enumerate(table.rows, 1):
        for place, column in enumerate(table.columns):
            _write_cell(sheet, number, place, column, column.read(row), formats)


def _write_cell(sheet: Worksheet, row: int, place: int, column: Column, value: Cell, formats: Formats) -> None:
    """A value of the column's kind; where there is none, an empty cell."""
    if value is None:
        sheet.write_blank(row, place, None, formats.text)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(SHANGHAI).replace(tzinfo=None), formats.instant)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, formats.day)
    elif isinstance(value, str):
        sheet.write_string(row, place, value[:MOST_LETTERS], formats.text)
    else:
        is_money = column.kind == Kind.MONEY or isinstance(value, Decimal)
        sheet.write_number(row, place, float(value), formats.money if is_money else formats.number)
