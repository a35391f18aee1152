"""Rows of an XLSX, XLS or ODS workbook, read by a process of its own that may be ended at any time (`sheet_process`)."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from server.transactions.cells import Cell
from server.transactions.faults import TableFault

READER = Path(__file__).with_name("sheet_process.py")
MOST_SECONDS = 90.0


class SheetRow(NamedTuple):
    """A row that is not empty. `number` is as the sheet counts; `merged` are the places of cells that reach over several rows."""

    sheet: str
    number: int
    cells: list[Cell]
    merged: tuple[int, ...] = ()


def sheet_rows(path: Path) -> Iterator[SheetRow]:
    """The rows of all sheets that can be seen. Raises TableFault with the reader's code, `too_large_inside` when it was ended by force."""
    with _reader(path) as process:
        assert process.stdout is not None
        sheet, is_whole = "", False
        for line in process.stdout:
            said: dict[str, Any] = json.loads(line)
            if "fault" in said:
                raise TableFault(said["fault"], said["note"])
            sheet, is_whole = said.get("sheet", sheet), said.get("end", False)
            for number, cells, merged in said.get("rows", ()):
                yield SheetRow(sheet, number, [date.fromisoformat(cell[0]) if type(cell) is list else cell for cell in cells], tuple(merged))
        if not is_whole:
            raise TableFault("too_large_inside" if process.wait() < 0 else "damaged")


@contextmanager
def _reader(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which says line by line what it reads; it is ended when nobody listens any more, or after a minute and a half."""
    command = [sys.executable, "-I", "-X", "utf8", str(READER), str(path)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}) as process:  # noqa: S603 (our own reader)
        clock = threading.Timer(MOST_SECONDS, process.kill)
        clock.start()
        try:
            yield process
        finally:
            clock.cancel()
            process.kill()
