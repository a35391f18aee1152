"""Cells of the office's tables: what is read of them, and by which code one is refused."""

from datetime import date

import pytest

from server.transactions.faults import CellFault
from server.transactions.office_cells import square_metres_of

AREAS = {"80": "80.00", "1,080.5 ㎡": "1080.50", "80平方米": "80.00", "80.25 m2": "80.25", "８０": "80.00", "-1": "-1.00"}


def test_a_floor_area_is_read_with_and_without_its_unit():
    assert {text: str(square_metres_of(text)) for text in AREAS} == AREAS
    assert [str(square_metres_of(cell)) for cell in (80, 80.5, 0.1 + 0.2)] == ["80.00", "80.50", "0.30"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *[(cell, "not_an_area") for cell in ("¥80", "80元", "(80)", "大约八十", "12,34", "1e3", "", True, date(2025, 1, 1), float("nan"))],
        *[(cell, "too_many_decimals") for cell in ("1.234", "80.125 ㎡", 1.005)],
        (1e300, "out_of_range"),
    ],
)
def test_what_is_no_floor_area_is_refused_by_what_is_wrong_with_it(cell, code):
    with pytest.raises(CellFault) as fault:
        square_metres_of(cell)
    assert fault.value.code == code
