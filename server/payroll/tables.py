"""工资表 and 工资条 as spreadsheets, as Chinese payroll clerks know them. Texts are written as texts: no cell is ever a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from flask_babel import gettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from server.console.formats import exact, month_name
from server.console.workbooks import SHEET_NAME, Formats, new_workbook
from server.domain.months import Month
from server.payroll.table_columns import Column, columns_of
from server.payroll.table_rows import PaidPerson

HEAD_ROW = 2


def wage_table(month: Month, people: Sequence[PaidPerson], is_closed: bool, seal: str, now: datetime) -> bytes:
    """One row per person, a column per kind of line, sums at the end, the head frozen."""
    book, formats, file = _book(now)
    sheet = book.add_worksheet(gettext("工资表")[:SHEET_NAME])
    columns = columns_of(people)
    _title(sheet, gettext("%(month)s 工资表", month=month_name(month)), len(columns), formats)
    sheet.write_string(1, 0, _standing(is_closed, seal, now), formats.note)
    _head(sheet, HEAD_ROW, columns, formats)
    for place, person in enumerate(people, 1):
        _row(sheet, HEAD_ROW + place, columns, person, place, formats)
    _sums(sheet, HEAD_ROW + len(people) + 1, columns, people, formats)
    sheet.freeze_panes(HEAD_ROW + 1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    return _closed(book, file)


def wage_strips(month: Month, people: Sequence[PaidPerson], is_closed: bool, seal: str, now: datetime) -> bytes:
    """One strip per person to cut off: the head above each row, an empty row between."""
    book, formats, file = _book(now)
    sheet = book.add_worksheet(gettext("工资条")[:SHEET_NAME])
    columns = columns_of(people)
    _title(sheet, gettext("%(month)s 工资条", month=month_name(month)), len(columns), formats)
    sheet.write_string(1, 0, _standing(is_closed, seal, now), formats.note)
    for place, person in enumerate(people, 1):
        top = HEAD_ROW + (place - 1) * 3
        _head(sheet, top, columns, formats)
        _row(sheet, top + 1, columns, person, place, formats)
    sheet.freeze_panes(HEAD_ROW, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return _closed(book, file)


def _book(now: datetime) -> tuple[Workbook, Formats, BytesIO]:
    file = BytesIO()
    book, formats = new_workbook(file, now)
    return book, formats, file


def _closed(book: Workbook, file: BytesIO) -> bytes:
    book.close()
    return file.getvalue()


def _title(sheet: Worksheet, text: str, width: int, formats: Formats) -> None:
    sheet.merge_range(0, 0, 0, width - 1, "", formats.title)
    sheet.write_string(0, 0, text, formats.title)


def _standing(is_closed: bool, seal: str, now: datetime) -> str:
    if is_closed:
        return gettext("已关账，封印 %(seal)s。%(at)s 导出", seal=seal, at=exact(now))
    return gettext("试算，未关账。%(at)s 导出", at=exact(now))


def _head(sheet: Worksheet, row: int, columns: Iterable[Column], formats: Formats) -> None:
    for place, column in enumerate(columns):
        sheet.write_string(row, place, column.title, formats.head)
        sheet.set_column(place, place, column.width)


def _row(sheet: Worksheet, row: int, columns: Iterable[Column], person: PaidPerson, number: int, formats: Formats) -> None:
    for place, column in enumerate(columns):
        value = column.value(person, number)
        if isinstance(value, Decimal):
            sheet.write_number(row, place, float(value), formats.strong if column.is_total else formats.money)
        else:
            sheet.write_string(row, place, value, formats.text)


def _sums(sheet: Worksheet, row: int, columns: Sequence[Column], people: Sequence[PaidPerson], formats: Formats) -> None:
    """Sums are numbers too: a formula would be the only one of the book."""
    for place, column in enumerate(columns):
        values = [column.value(person, number) for number, person in enumerate(people, 1)]
        if column.is_money:
            sheet.write_number(row, place, float(sum((v for v in values if isinstance(v, Decimal)), Decimal(0))), formats.strong)
        else:
            sheet.write_string(row, place, gettext("合计") if place == 0 else "", formats.text)
