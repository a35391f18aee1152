"""Cells of tables: numbers, days, months, amounts and counts in each way of writing them, and which are refused. No database."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.months import Month
from server.transactions.cells import count_of, day_of, month_of, number_of, yuan_of
from server.transactions.faults import CellFault
from server.transactions.workbooks import EXAMPLES

NUMBERS = {
    "00120001": "00120001",
    "'00120001": "00120001",
    '="00120001"': "00120001",
    "１２３４": "1234",
    " 12\u200b34\ufeff": "1234",
    "1.23456789012E+11": "123456789012",
    "12E5": "12E5",
    "": "",
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_of_an_outlet_is_read_as_it_was_meant(text):
    assert number_of(text) == NUMBERS[text]


def test_a_number_that_is_a_number_is_read_with_all_its_digits():
    assert (number_of(120001), number_of(120001.0), number_of(999999999999999.0)) == ("120001", "120001", "999999999999999")


@pytest.mark.parametrize(
    ("cell", "code"),
    [("1.23E+11", "scientific_number"), ("1E+5", "scientific_number"), (1e15, "rounded_number"), (1.5, "not_a_number"), (True, "not_a_number")],
)
def test_a_number_that_lost_digits_is_refused(cell, code):
    with pytest.raises(CellFault) as fault:
        number_of(cell)
    assert fault.value.code == code


DAYS = ["2025-10-05", "2025/10/5", "2025.10.05", "2025年10月5日", "20251005", " 2025-10-05 00:00:00", "２０２５－１０－０５", "2025-10-05T13:05"]


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_in_each_way_of_writing_it(text):
    assert day_of(text) == date(2025, 10, 5)


def test_a_day_is_read_from_a_date_and_from_a_bare_number_of_eight_digits():
    assert day_of(date(2025, 10, 5)) == day_of(20251005) == date(2025, 10, 5)


@pytest.mark.parametrize(
    ("cell", "code", "note"),
    [
        ("2025-11-31", "no_such_day", "30"),
        ("2024-02-30", "no_such_day", "29"),
        (45612, "date_is_number", ""),
        ("45612.5", "date_is_number", ""),
        ("05/10/2025", "not_a_date", ""),
        ("25-10-05", "not_a_date", ""),
        ("2025-13-05", "not_a_date", ""),
        ("昨天", "not_a_date", ""),
        ("2025-10", "not_a_date", ""),
        (2025.1, "not_a_date", ""),
        (True, "not_a_date", ""),
        ("=TODAY()", "not_a_date", ""),
    ],
)
def test_what_is_no_day_is_refused(cell, code, note):
    with pytest.raises(CellFault) as fault:
        day_of(cell)
    assert (fault.value.code, fault.value.note) == (code, note)


@pytest.mark.parametrize(
    "cell", ["2025-10", "2025/10", "2025.10", "2025年10月", "202510", 202510, date(2025, 10, 1), date(2025, 10, 31), "2025-10-31", "２０２５年１０月"]
)
def test_a_month_is_read_in_each_way_of_writing_it(cell):
    assert month_of(cell) == Month(2025, 10)


@pytest.mark.parametrize("cell", ["2025-13", "2025", "10月", date(2025, 10, 5), "2025-10-05", 2025.1, "2025.1", "0000-01", "Oct-25"])
def test_what_is_no_month_is_refused(cell):
    with pytest.raises(CellFault) as fault:
        month_of(cell)
    assert fault.value.code == "not_a_month"


AMOUNTS = {
    "1234.5": "1234.50",
    "1,234.50": "1234.50",
    "１，２３４．５０": "1234.50",
    "¥1,234.50": "1234.50",
    "￥ 1234.50": "1234.50",
    "1234.50元": "1234.50",
    "rmb 12": "12.00",
    "-50": "-50.00",
    "−50": "-50.00",
    "-¥50.00": "-50.00",
    "(50.00)": "-50.00",
    "0": "0.00",
    "+7": "7.00",
    '="12.00"': "12.00",
    "1.500": "1.50",
}


@pytest.mark.parametrize("text", AMOUNTS)
def test_an_amount_is_read_in_each_way_of_writing_it(text):
    assert str(yuan_of(text)) == AMOUNTS[text]


def test_an_amount_that_is_a_number_is_read_without_the_noise_of_binary_fractions():
    assert [str(yuan_of(cell)) for cell in (3180, 1234.5, 0.1 + 0.2, -50.0)] == ["3180.00", "1234.50", "0.30", "-50.00"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2,41O.00", "not_an_amount"),
        ("12,34", "not_an_amount"),
        ("1.234,50", "not_an_amount"),
        ("一百", "not_an_amount"),
        ("--5", "not_an_amount"),
        ("(-5)", "not_an_amount"),
        ("(-¥5)", "not_an_amount"),
        ("¥", "not_an_amount"),
        ("1e3", "not_an_amount"),
        ("=1+1", "not_an_amount"),
        ("NaN", "not_an_amount"),
        (float("nan"), "not_an_amount"),
        (float("inf"), "not_an_amount"),
        (True, "not_an_amount"),
        (date(2025, 1, 1), "not_an_amount"),
        ("1.005", "too_many_decimals"),
        (1.005, "too_many_decimals"),
        (1e300, "absurd_amount"),
        ("9" * 16, "not_an_amount"),
    ],
)
def test_what_is_no_amount_is_refused(cell, code):
    with pytest.raises(CellFault) as fault:
        yuan_of(cell)
    assert fault.value.code == code


def test_a_count_is_whole_and_may_be_empty():
    assert [count_of(cell) for cell in (12, 12.0, "12", "1,200", "", 0)] == [12, 12, 12, 1200, None, 0]
    for cell in (-3, 1.5, "x", "-3", True, 10**9, "9" * 30):
        with pytest.raises(CellFault) as fault:
            count_of(cell)
        assert fault.value.code == "not_a_count"


def test_the_example_values_of_templates_can_be_read():
    assert day_of(EXAMPLES["day"]) == day_of(EXAMPLES["made_on"]) == date(2026, 11, 5)
    assert month_of(EXAMPLES["month"]) == Month(2026, 10)
    assert (yuan_of(EXAMPLES["amount"]), count_of(EXAMPLES["count"])) == (Decimal("1234.50"), 12)
