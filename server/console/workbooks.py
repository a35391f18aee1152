"""Workbooks that we write: one look, and texts as texts, so that no cell is ever a formula."""

from datetime import datetime
from typing import IO, Any, NamedTuple

from xlsxwriter import Workbook

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MONEY = "#,##0.00;[Red]-#,##0.00"
SHEET_NAME = 31  # letters that a sheet's name may have
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Formats(NamedTuple):
    title: Any
    note: Any
    head: Any
    text: Any
    money: Any
    strong: Any
    number: Any
    day: Any
    instant: Any


def new_workbook(file: IO[bytes], now: datetime, is_long: bool = False) -> tuple[Workbook, Formats]:
    """A workbook and its formats, written to `file` when it is closed.

    A long one keeps its rows on disk, not in memory, and takes them only from the top down.
    """
    book = Workbook(file, OPTIONS | ({"constant_memory": True} if is_long else {"in_memory": True}))
    book.set_properties({"created": now.replace(tzinfo=None)})
    font = {"font_name": "SimSun", "font_size": 10, "valign": "vcenter"}
    boxed = {**font, "border": 1}
    formats = Formats(
        title=book.add_format({**font, "font_size": 16, "bold": True, "align": "center"}),
        note=book.add_format(font),
        head=book.add_format({**boxed, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#EEEEEE"}),
        text=book.add_format({**boxed, "num_format": "@"}),
        money=book.add_format({**boxed, "num_format": MONEY}),
        strong=book.add_format({**boxed, "num_format": MONEY, "bold": True}),
        number=book.add_format({**boxed, "num_format": "General"}),
        day=book.add_format({**boxed, "num_format": "yyyy-mm-dd"}),
        instant=book.add_format({**boxed, "num_format": "yyyy-mm-dd hh:mm:ss"}),
    )
    return book, formats
