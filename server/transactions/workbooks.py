"""Workbooks that clerks download: templates, and the rows that a check refused. Every cell is a text, none is ever a formula."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby

from flask_babel import gettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from server.transactions.cells import text_of
from server.transactions.fault_words import row_fault_words
from server.transactions.faults import RowFault
from server.transactions.kinds import KINDS, TableColumn, TableKind
from server.transactions.reading import Table, open_table
from server.transactions.spool import KeptCheck, kept_faults, table_path
from server.transactions.words import KIND_WORDS, column_hint, column_words

OPTIONS = {"in_memory": True, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SHEET_NAME = 31
WIDTH, WIDE = 16, 60
MOST_LETTERS = 1000
EXAMPLES = {"day": "2026-11-05", "month": "2026-10", "made_on": "2026-11-05", "amount": "1234.50", "count": "12", "type": ""}
EXAMPLES |= {"starts_on": "2026-11-05", "since": "2026-11-05", "approved_on": "", "id_number": "", "id_kind": "", "lat": "", "lon": ""}
EXAMPLES |= {"floor_area_m2": "60", "monthly_fee_yuan": "12000", "households_nearby": "800", "chain_outlets": "1", "monthly_payments": "300"}


def template_workbook(kind_code: str) -> bytes:
    """The head, a row to show how, which no import takes, and a sheet that explains each column."""
    file = BytesIO()
    book = Workbook(file, OPTIONS)
    text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
    columns = KINDS[kind_code].columns
    sheet = book.add_worksheet(str(KIND_WORDS[kind_code])[:SHEET_NAME])
    sheet.set_column(0, len(columns) - 1, WIDTH, text)
    _write(sheet, 0, [column_words(column.field) for column in columns], head)
    _write(sheet, 1, [EXAMPLES.get(column.field, gettext("示例-0001")) for column in columns], text)
    sheet.freeze_panes(1, 0)
    notes = book.add_worksheet(gettext("填写说明")[:SHEET_NAME])
    notes.set_column(0, 1, WIDTH)
    notes.set_column(2, 2, WIDE)
    _write(notes, 0, [gettext("哪一列"), gettext("要不要填"), gettext("怎么填")], head)
    for place, column in enumerate(columns, 1):
        _write(notes, place, [f"“{column_words(column.field)}”", _need(column, KINDS[kind_code]), column_hint(kind_code, column.field)], text)
    book.close()
    return file.getvalue()


def _need(column: TableColumn, kind: TableKind) -> str:
    if column.field in kind.one_of:
        return gettext("两个里填一个")
    return gettext("要填") if column.is_needed else gettext("可以空着")


def refused_rows_workbook(kept: KeptCheck) -> bytes:
    """The refused rows as they came, with their row in the file and what is wrong: to put right and send again."""
    table = open_table(table_path(kept.id), KINDS[kept.kind])
    own = (gettext("原来的行"), gettext("问题"))
    places = [place for place, words in enumerate(table.head.texts) if words not in own]
    file = BytesIO()
    book = Workbook(file, OPTIONS)
    text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
    sheet = book.add_worksheet(gettext("没有导入的行")[:SHEET_NAME])
    sheet.set_column(0, len(places), WIDTH, text)
    sheet.set_column(len(places) + 1, len(places) + 1, WIDE, text)
    _write(sheet, 0, [*(table.head.texts[place] for place in places), *own], head)
    for place, (number, cells, problem) in enumerate(_refused(table, kept.id), 1):
        _write(sheet, place, [*(cells[one] if one < len(cells) else "" for one in places), str(number), problem], text)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _refused(table: Table, check_id: str) -> Iterator[tuple[int, list[str], str]]:
    """(row, its cells, what is wrong): both the table and the faults come in the order of rows."""
    wrong = ((row, list(faults)) for row, faults in groupby(kept_faults(check_id), key=lambda fault: fault.row))
    row_at_fault, faults = next(wrong, (0, []))
    for row in table.rows:
        if row.number == row_at_fault:
            yield row.number, [text_of(cell) for cell in row.cells], _problem(faults)
            row_at_fault, faults = next(wrong, (0, []))


def _problem(faults: list[RowFault]) -> str:
    return " ".join(gettext("%(column)s：%(what)s。%(remedy)s", column=column_words(fault.field), **_parts(fault)) for fault in faults)


def _parts(fault: RowFault) -> dict[str, str]:
    what, remedy = row_fault_words(fault)
    return {"what": what, "remedy": remedy}


def _write(sheet: Worksheet, row: int, texts: Sequence[str], format_: object) -> None:
    for place, text in enumerate(texts):
        sheet.write_string(row, place, text[:MOST_LETTERS], format_)
