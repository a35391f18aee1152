"""Reading a spreadsheet in a process of its own, bounded in memory and time: `python sheet_process.py FILE`.

A few kilobytes of XLSX can claim a cell in row 1,048,576 of column 16,384, or unpack to gigabytes; whoever reads it is ended by
the system then, and the server is not. Imports nothing of ours. Writes lines of JSON: `{"sheet": name}`, then its rows as
`{"rows": [[number, [cells], [columns merged downwards]]]}`; at last `{"end": true}`, or `{"fault": code, "note": text}` at any time.
A date is a list of its text, an empty cell an empty text.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

MOST_MEMORY_BYTES = 1_500_000_000
MOST_CPU_SECONDS = 60
MOST_COLUMNS = 100
MOST_SHEETS = 50
MOST_UNPACKED_BYTES = 600_000_000
BATCH = 500
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS_OF_OLE = "_VBA_PROJECT".encode("utf-16-le")
LOCKED_OF_OLE = "EncryptedPackage".encode("utf-16-le")
EXACT = 10**15
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # no database keeps a zero byte, nor half a sign

Merge = tuple[tuple[int, int], tuple[int, int]]


class Refused(Exception):
    """The workbook is not read; the arguments are the code and what it names."""


def main(path: str) -> None:
    bound_this_process()
    try:
        check_package(path)
        for line in lines(path):
            say(line)
        say({"end": True})
    except Refused as refusal:
        say({"fault": refusal.args[0], "note": refusal.args[1] if len(refusal.args) > 1 else ""})
    except MemoryError:
        say({"fault": "too_large_inside", "note": ""})


def bound_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_package(path: str) -> None:
    """Refuse what no clerk saves as a plain table: broken packages, macros, passwords, packages that unpack to a flood."""
    with open(path, "rb") as file:
        raw = file.read()
    if raw.startswith(OLE):
        if LOCKED_OF_OLE in raw:
            raise Refused("password")
        if MACROS_OF_OLE in raw:
            raise Refused("macros")
        return
    try:
        parts = zipfile.ZipFile(path).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as fault:
        raise Refused("damaged") from fault
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise Refused("macros")
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise Refused("not_a_table")
    if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Refused("too_large_inside")


def lines(path: str) -> Iterator[dict[str, Any]]:
    """The sheets that can be seen, one after another."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
        shown = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet]
        if len(shown) > MOST_SHEETS:
            raise Refused("too_many_sheets")
        for name in shown:
            yield {"sheet": name}
            yield from rows_of(book.get_sheet_by_name(name))
    except PasswordError as fault:
        raise Refused("password") from fault
    except (CalamineError, ValueError, OSError) as fault:
        raise Refused("damaged") from fault


def rows_of(sheet: Any) -> Iterator[dict[str, Any]]:
    if sheet.start is None:
        return
    if sheet.width > MOST_COLUMNS:
        raise Refused("too_many_columns", str(sheet.width))
    merges = merges_downwards(sheet)
    batch: list[Any] = []
    spans: dict[int, tuple[int, Any]] = {}
    for place, row in enumerate(sheet.iter_rows()):
        cells = [plain_value(cell) for cell in row]
        merged = fill_merged(place, cells, merges.get(place, []), spans)
        if any(cell != "" for cell in cells):
            batch.append([place + 1, cells, merged])
        if len(batch) == BATCH:
            yield {"rows": batch}
            batch = []
    yield {"rows": batch}


def merges_downwards(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """By first row: (column, last row) of what is merged over several rows; columns as rows show them."""
    found: dict[int, list[tuple[int, int]]] = {}
    ranges: list[Merge] = sheet.merged_cell_ranges or []
    for (top, left), (bottom, _right) in ranges:
        if bottom > top and left >= sheet.start[1]:
            found.setdefault(top, []).append((left - sheet.start[1], bottom))
    return found


def fill_merged(place: int, cells: list[Any], begun: list[tuple[int, int]], spans: dict[int, tuple[int, Any]]) -> list[int]:
    """Give the rows of a merged cell its value, which only the first one has; returns the columns concerned."""
    for column, last in begun:
        if column < len(cells):
            spans[column] = (last, cells[column])
    for column, (last, value) in list(spans.items()):
        if place > last:
            del spans[column]
        else:
            cells[column] = value
    return sorted(spans)


def plain_value(cell: Any) -> Any:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < EXACT else cell
    if isinstance(cell, str):
        return UNPRINTABLE.sub("", cell)
    if isinstance(cell, int):
        return cell
    if isinstance(cell, datetime | date):
        return [cell.isoformat()[:10]]
    return str(cell)


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(sys.argv[1])
