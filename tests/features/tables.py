"""Tables as clerks and attackers make them."""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

DAYS_HEAD = ["工号", "日期", "金额", "笔数", "类型"]


def workbook(
    *sheets: Sequence[Sequence[Any]], merges: Iterable[tuple[int, int, int, int, Any]] = (), formulas: Iterable[tuple[str, str, Any]] = ()
) -> bytes:
    """An XLSX file of rows; `merges` and `formulas` (cell, formula, what it came to) are of the first sheet."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, rows in enumerate(sheets):
        sheet = book.add_worksheet(f"表{place + 1}")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), day)
                elif value not in (None, ""):
                    sheet.write(number, column, value)
        if place == 0:
            for top, left, bottom, right, value in merges:
                sheet.merge_range(top, left, bottom, right, value)
            for cell, formula, result in formulas:
                sheet.write_formula(cell, formula, None, result)
    book.close()
    return file.getvalue()


def comma_separated(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    file = StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def open_document(rows: Sequence[Sequence[str]], tail: str = "") -> bytes:
    """An ODS file; `tail` is XML behind the rows."""
    cells = ["".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in row) for row in rows]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="十月">{body}{tail}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def repacked(raw: bytes, **changes: bytes) -> bytes:
    """An XLSX file with other parts: keys name them with `__` for `/`."""
    with zipfile.ZipFile(BytesIO(raw)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return zipped(parts | {name.replace("__", "/"): content for name, content in changes.items()})


def far_cell() -> bytes:
    """A few kilobytes that claim a cell in the last row and column there can be."""
    sheet = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="CV1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    return repacked(workbook([["工号"]]), **{"xl__worksheets__sheet1.xml": sheet.encode()})


def flood(megabytes: int) -> bytes:
    """A workbook whose one sheet unpacks to so many megabytes."""
    return repacked(workbook([["工号"]]), **{"xl__worksheets__sheet1.xml": b" " * (megabytes << 20)})


def rows_of(raw: bytes, sheet: int = 0) -> list[list[Any]]:
    """What a workbook of ours says, read by another library than the one that wrote it."""
    return CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(sheet).to_python()


def sheets_of(raw: bytes) -> list[list[list[Any]]]:
    """The rows of every sheet, as `rows_of` reads them."""
    book = CalamineWorkbook.from_filelike(BytesIO(raw))
    return [book.get_sheet_by_index(number).to_python() for number in range(len(book.sheet_names))]


def formula_cells(raw: bytes) -> int:
    """How many cells of a workbook hold a formula."""
    with zipfile.ZipFile(BytesIO(raw)) as package:
        return sum(package.read(name).count(b"<f") for name in package.namelist() if name.startswith("xl/worksheets/sheet"))


OLD_WORKBOOK = Path(__file__).parent / "tables" / "transactions_97.xls"
