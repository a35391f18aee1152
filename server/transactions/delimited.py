"""Rows of a CSV file: its encoding and its delimiter are found out, as nobody who exports one knows either."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path

from server.transactions.faults import TableFault

Score = Callable[[Sequence[str]], int]

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = (",", ";", "\t")
LOOKED_AT_BYTES = 4096
HEAD_ROWS = 50
BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def delimited_rows(path: Path, score: Score) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every record. `score` says how much a row looks like the head; the delimiter that makes one is taken.

    Raises TableFault: `empty`, `encoding`, `not_a_table`, `bad_quotes` with the row at fault.
    """
    text = decoded(path.read_bytes())
    delimiter = max(DELIMITERS, key=lambda one: max((score(row) for row in islice(_leniently(text, one), HEAD_ROWS)), default=0))
    number = 0
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=None), delimiter=delimiter, strict=True), 1):
            yield number, cells
    except csv.Error as fault:
        raise TableFault("bad_quotes", str(number + 1)) from fault


def decoded(raw: bytes) -> str:
    """The text of a CSV file in UTF-8, GB18030 (which holds GBK and GB2312) or UTF-16 of either order, with a byte order mark or without."""
    if not raw.strip():
        raise TableFault("empty")
    encoding = next((name for mark, name in BOMS if raw.startswith(mark)), None) or _utf16_without_mark(raw[:LOOKED_AT_BYTES])
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = raw.decode(name).removesuffix("\x1a")  # the end of a file, said by old programs
        except UnicodeDecodeError:
            continue
        if BINARY.search(text):
            raise TableFault("not_a_table")
        return text
    raise TableFault("not_a_table" if b"\0" in raw else "encoding")


def _utf16_without_mark(head: bytes) -> str | None:
    """Commas, digits and line ends have a zero byte in UTF-16, and always on the same side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 20 or min(even, odd) > len(head) // 200:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _leniently(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(StringIO(text[: HEAD_ROWS * LOOKED_AT_BYTES], newline=None), delimiter=delimiter)
    except csv.Error:
        return
