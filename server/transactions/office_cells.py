"""Cells of the office's tables turned into values: texts, yes and no, lists of names, degrees. Pure; raises CellFault."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from server.transactions.cells import Cell, hundredths_in, hundredths_of, plain, text_of
from server.transactions.faults import CellFault, RowFault
from server.transactions.rows import Row

YES = frozenset(("是", "有", "对", "齐备", "合规", "整洁", "yes", "y", "true", "1"))
NO = frozenset(("否", "无", "没有", "不", "不是", "no", "n", "false", "0"))
AREA_UNIT = re.compile(r"\s*(?:平方米|平米|m2|sqm)$", re.IGNORECASE)
BETWEEN = re.compile(r"[、,，;；/\n]+")
CASHIER = re.compile(r"(?P<name>[^()]+)\((?P<word>[^()]*)\)")
CERTIFIED = {"有证": True, "持证": True, "certified": True, "无证": False, "没有证": False, "notcertified": False, "uncertified": False}

Element = TypeVar("Element")


def text_within(most: int) -> Callable[[Cell], str]:
    """Reads a text of at most so many letters."""

    def read(cell: Cell) -> str:
        text = text_of(cell)
        if len(text) > most:
            raise CellFault("too_long", str(most))
        return text

    return read


def yes_no_of(cell: Cell) -> bool | None:
    """None for an empty cell."""
    text = plain(cell).lower()
    if not text:
        return None
    if text not in YES | NO:
        raise CellFault("not_yes_no")
    return text in YES


def names_of(cell: Cell) -> list[str]:
    """The names in a cell, each once, in their order."""
    return list(dict.fromkeys(name for part in BETWEEN.split(text_of(cell)) if (name := part.strip())))


def cashiers_of(cell: Cell) -> list[dict[str, Any]]:
    """Names, each with a certificate yes, no or unknown: 李梅（有证）、王强（无证）、赵丽."""
    return [_cashier(name) for name in names_of(cell)]


def _cashier(text: str) -> dict[str, Any]:
    found = CASHIER.fullmatch(text.replace("（", "(").replace("）", ")"))
    if found is None:
        return {"name": text, "is_certified": None}
    word = found["word"].replace(" ", "").lower()
    if word not in CERTIFIED:
        raise CellFault("not_a_cashier", text[:20])
    return {"name": found["name"].strip(), "is_certified": CERTIFIED[word]}


def degrees_of(cell: Cell) -> float | None:
    """WGS-84 degrees; None for an empty cell."""
    text = plain(cell)
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", text):
        raise CellFault("not_degrees")
    return float(text)


def named_twice(lines: list[Element], key: Callable[[Element], str], field: str, faults: list[RowFault]) -> set[int]:
    """Rows with a key that another row has too; each is refused and told of the other. An empty key is none."""
    groups: dict[str, list[int]] = {}
    for line in lines:
        if key(line):
            groups.setdefault(key(line), []).append(line.row)  # type: ignore[attr-defined]
    rows: set[int] = set()
    for group in groups.values():
        if len(group) > 1:
            faults += [RowFault(row, field, "duplicate_row", "", str(next(other for other in group if other != row))) for row in group]
            rows.update(group)
    return rows


def needed_text(row: Row, field: str, most: int) -> str:
    """The text of a cell that may not be empty; empty when it cannot be taken."""
    return row.needed(field, text_within(most)) or ""


def square_metres_of(cell: Cell) -> Decimal:
    """A floor area with at most two decimals, with or without its unit; raises `not_an_area`, `out_of_range` or `too_many_decimals`."""
    if isinstance(cell, str):
        return hundredths_in(AREA_UNIT.sub("", plain(cell)), "not_an_area")
    return hundredths_of(cell, "not_an_area", "out_of_range")
