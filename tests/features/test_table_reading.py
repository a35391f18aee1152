"""Tables as they come: what is read of them, and what is refused with words. No database."""

import codecs
import os
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from server.domain.months import Month
from server.transactions import sheet_process, sheets
from server.transactions.cells import count_of, day_of, month_of, number_of, yuan_of
from server.transactions.checking import read_table
from server.transactions.fault_words import ROW_FAULTS, TABLE_FAULTS
from server.transactions.faults import CellFault, TableFault
from server.transactions.kinds import KINDS, head_match
from server.transactions.reading import open_table
from server.transactions.rows import Reading
from server.transactions.workbooks import EXAMPLES
from tests.features.tables import DAYS_HEAD, OLD_WORKBOOK, comma_separated, far_cell, flood, open_document, repacked, workbook, zipped

TODAY = date(2026, 11, 26)
MOST_YUAN = {"days": Decimal(5_000_000), "months": Decimal(100_000_000), "accounts": Decimal(0)}
OCTOBER = [["工号", "日期", "金额", "笔数"], ["00120001", "2025-10-01", "1234.50", "12"], ["00120001", "2025-10-02", "80", ""]]


@pytest.fixture
def read(tmp_path: Path):
    """Read bytes as a table of days; returns what its lines say and the faults as (row, field, code)."""

    def read_bytes(raw: bytes, kind: str = "days") -> tuple[list[tuple[Any, ...]], list[tuple[int, str, str]]]:
        path = tmp_path / "table"
        path.write_bytes(raw)
        reading: Reading = read_table(path, KINDS[kind], TODAY, MOST_YUAN[kind])
        lines = [(line.row, line.code or line.account, str(line.on), str(line.amount), line.payments) for line in reading.lines if not line.is_broken]
        return lines, [(fault.row, fault.field, fault.code) for fault in reading.faults]

    return read_bytes


def refused(read, raw: bytes, kind: str = "days") -> tuple[str, str]:
    """(code, note) of a table that is refused as a whole."""
    with pytest.raises(TableFault) as fault:
        read(raw, kind)
    assert fault.value.code in TABLE_FAULTS
    return fault.value.code, fault.value.note


GOOD = ([(2, "00120001", "2025-10-01", "1234.50", 12), (3, "00120001", "2025-10-02", "80.00", None)], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_in_every_encoding_and_with_every_delimiter(read, encoding, delimiter):
    assert read(comma_separated(OCTOBER, encoding, delimiter)) == GOOD


def test_utf_16_of_the_other_order_with_its_mark_is_read(read):
    assert read(codecs.BOM_UTF16_BE + comma_separated(OCTOBER, "utf-16-be")) == GOOD


def test_line_ends_of_old_machines_and_the_end_mark_of_older_ones_are_read(read):
    assert read(comma_separated(OCTOBER).replace(b"\r\n", b"\r") + b"\x1a") == GOOD


def test_workbooks_of_three_formats_are_read(read):
    assert read(workbook(OCTOBER)) == GOOD
    assert read(open_document(OCTOBER)) == GOOD
    assert read(OLD_WORKBOOK.read_bytes()) == (
        [(4, "00120001", "2025-10-01", "1234.50", 12), (6, "00120001", "2025-10-02", "1000.00", None)],
        [],
    )


def test_the_head_is_found_by_its_names_in_any_order_under_titles_and_empty_rows(read):
    rows = [["2025年10月交易明细"], [], ["备注", "交易金额（元）", "网点编号", " 交易\n日期 "], [], ["x", 80, "CD-1", date(2025, 10, 2)], [" "]]
    assert read(workbook(rows)) == ([(5, "CD-1", "2025-10-02", "80.00", None)], [])
    english = [["Amount (yuan)", "Outlet code", "DATE", "Count"], [80, "CD-1", date(2025, 10, 2), 3]]
    assert read(workbook(english)) == ([(2, "CD-1", "2025-10-02", "80.00", 3)], [])


def test_a_table_that_begins_in_the_middle_of_a_sheet_is_read_with_its_own_row_numbers(read):
    rows = [[], [], ["", "", *DAYS_HEAD], ["", "", "00120001", date(2025, 10, 1), 5]]
    assert read(workbook(rows)) == ([(4, "00120001", "2025-10-01", "5.00", None)], [])


def test_months_and_accounts_have_their_own_columns(read):
    months = [["账号", "月份", "金额"], ["00120001", "2025年9月", 100], ["00120001", "202510", "2,000.10"]]
    assert read(workbook(months), "months") == ([(2, "00120001", "2025-09-30", "100.00", None), (3, "00120001", "2025-10-31", "2000.10", None)], [])
    accounts = [["网点编号", "工号", "开户日期"], ["CD-1", "00120001", "2025/3/4"]]
    assert read(workbook(accounts), "accounts") == ([(2, "CD-1", "2025-03-04", "None", None)], [])


def test_a_value_merged_downwards_counts_in_each_row_but_an_amount_does_not(read):
    rows = [DAYS_HEAD, ["", date(2025, 10, 1), 1], ["", date(2025, 10, 2), 2], ["", date(2025, 10, 3), ""], ["", date(2025, 10, 4), ""]]
    raw = workbook(rows, merges=[(1, 0, 4, 0, "00120001"), (3, 2, 4, 2, 50)])
    lines, faults = read(raw)
    assert lines == [(2, "00120001", "2025-10-01", "1.00", None), (3, "00120001", "2025-10-02", "2.00", None)]
    assert faults == [(4, "amount", "merged_value"), (5, "amount", "merged_value")]


def test_a_formula_is_worth_what_it_came_to_and_never_run(read):
    rows = [DAYS_HEAD, ["00120001", date(2025, 10, 1)], ["00120001", date(2025, 10, 2)], ["", date(2025, 10, 3), 5]]
    formulas = [("C2", "=1+2", 3), ("C3", "=1/0", "#DIV/0!"), ("A4", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0")]
    lines, faults = read(workbook(rows, formulas=formulas))
    assert lines == [(2, "00120001", "2025-10-01", "3.00", None), (4, "=cmd|' /C calc'!A0", "2025-10-03", "5.00", None)]
    assert faults in ([(3, "amount", "required")], [(3, "amount", "not_an_amount")])


def test_hidden_sheets_are_left_alone_and_two_with_data_are_refused(read):
    notes = [["怎么填"], ["工号"]]
    assert read(workbook(OCTOBER, notes)) == GOOD
    assert refused(read, workbook(OCTOBER, OCTOBER)) == ("several_sheets", "表1、表2")


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


ROWS = [
    (["", date(2025, 10, 1), 5], [("account_no", "required")]),
    (["00120001", "", 5], [("day", "required")]),
    (["00120001", date(2025, 10, 1), ""], [("amount", "required")]),
    (["00120001", date(2026, 11, 27), 5], [("day", "future_day")]),
    (["00120001", date(2014, 12, 31), 5], [("day", "early_day")]),
    (["00120001", date(2025, 10, 1), -5], [("amount", "negative_amount")]),
    (["00120001", date(2025, 10, 1), 5_000_000.01], [("amount", "absurd_amount")]),
    (["00120001", date(2025, 10, 1), 5, -3], [("count", "not_a_count")]),
    (["00120001", date(2025, 10, 1), 5, 3, "赠送"], [("type", "unknown_type")]),
    (["1.2E+11", "x", "y", "z"], [("account_no", "scientific_number"), ("day", "not_a_date"), ("amount", "not_an_amount"), ("count", "not_a_count")]),
]


@pytest.mark.parametrize(("row", "expected"), ROWS)
def test_a_row_says_everything_that_is_wrong_with_it(read, row, expected):
    lines, faults = read(workbook([DAYS_HEAD, row]))
    assert (lines, faults) == ([], [(2, *fault) for fault in expected])


def test_the_edges_of_days_and_amounts_are_taken(read):
    rows = [
        DAYS_HEAD,
        ["1", date(2026, 11, 26), 5_000_000],
        ["1", date(2015, 1, 1), 0],
        ["1", date(2015, 1, 2), 5, "", "退款"],
        ["1", "20150103", -5, "", "refund"],
    ]
    assert [line[3] for line in read(workbook(rows))[0]] == ["5000000.00", "0.00", "-5.00", "-5.00"]


def test_only_months_that_are_over_are_taken(read):
    rows = [
        ["工号", "月份", "金额"],
        ["1", "2026-11", 5],
        ["1", "2014-12", 5],
        ["1", "2026-10", -5],
        ["1", "2026-10", 100_000_001],
        ["1", "2015-01", 100_000_000],
    ]
    lines, faults = read(workbook(rows), "months")
    assert [line[2] for line in lines] == ["2015-01-31"]
    assert faults == [(2, "month", "month_not_over"), (3, "month", "early_day"), (4, "amount", "negative_month"), (5, "amount", "absurd_amount")]


def test_every_code_of_a_row_has_words(read):
    codes = {code for _, faults in ROWS for _, code in faults}
    assert codes <= set(ROW_FAULTS)


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
HOSTILE = {
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n \n", "empty"),
    "a picture": (PNG, "not_a_table"),
    "a program": (b"\x7fELF" + os.urandom(3000), "not_a_table"),
    "bytes of no encoding": (b"\xff\xfa\xff" * 40, "encoding"),
    "another text": ("亲爱的同事：\n你好".encode(), "no_head"),
    "JSON": (b'{"rows": [1, 2]}', "no_head"),
    "a table of something else": (comma_separated([["姓名", "电话"], ["张三", "1"]]), "no_head"),
    "the head alone": (comma_separated([DAYS_HEAD]), "no_rows"),
    "a column twice": (comma_separated([["工号", "日期", "金额", "金额"], ["1", "2025-10-01", "1", "2"]]), "column_twice"),
    "1,000 columns of text": (comma_separated([["工号", "日期", "金额", *["x"] * 997], ["1"] * 1000]), "too_many_columns"),
    "1,000 columns": (workbook([["工号", "日期", "金额", *["x"] * 997], ["1"] * 1000]), "too_many_columns"),
    "a quotation mark alone": ('工号,日期,金额\n1,2025-10-01,"5\n2,2025-10-01,6\n3,2025-10-01,"7"\n'.encode(), "bad_quotes"),
    "half a workbook": (workbook(OCTOBER)[:-200], "damaged"),
    "a package of nothing": (zipped({"readme.txt": b"hello"}), "not_a_table"),
    "a workbook without its sheet": (zipped({"xl/workbook.xml": b"<workbook/>"}), "damaged"),
    "no XML": (repacked(workbook(OCTOBER), **{"xl__worksheets__sheet1.xml": b"<worksheet><sheetData><row r='1'><c r='A1'><v>"}), None),
    "macros": (repacked(workbook(OCTOBER), **{"xl__vbaProject.bin": b"macro"}), "macros"),
    "a password": (OLD_WORKBOOK.read_bytes() + "EncryptedPackage".encode("utf-16-le"), "password"),
    "macros of 1997": (OLD_WORKBOOK.read_bytes() + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
    "half an old workbook": (OLD_WORKBOOK.read_bytes()[:1000], "damaged"),
    "a cell at the end of the world": (far_cell(), "too_large_inside"),
    "an empty sheet": (workbook([]), "empty"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_table_is_refused_with_a_code(read, name):
    raw, expected = HOSTILE[name]
    code, _ = refused(read, raw)
    assert expected is None or code == expected


def test_a_file_without_a_head_says_which_columns_it_lacks(read):
    assert refused(read, comma_separated([["网点", "日期", "缴费金额"], ["x", "2025-10-01", "5"]])) == ("no_head", "account_no")
    assert refused(read, comma_separated([["工号", "日期", "金额"], ["1", "2025-10-01", "5"]]), "months") == ("no_head", "month")


def test_a_flood_in_a_small_file_is_refused_before_it_is_unpacked(read):
    raw = flood(700)
    assert len(raw) < 1_000_000
    began = time.monotonic()
    assert refused(read, raw)[0] == "too_large_inside"
    assert time.monotonic() - began < 10


def test_a_flood_that_lies_about_its_size_is_stopped_by_the_bounds_of_its_reader(read):
    raw, size = flood(700), (700 << 20).to_bytes(4, "little")
    assert raw.count(size) == 2  # in the part's own head and in the directory
    began = time.monotonic()
    assert refused(read, raw.replace(size, (1000).to_bytes(4, "little")))[0] in ("damaged", "too_large_inside", "empty")
    assert time.monotonic() - began < sheets.MOST_SECONDS


def test_a_reader_that_takes_too_long_is_ended(read, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_SECONDS", 0.0)
    assert refused(read, workbook(OCTOBER))[0] == "too_large_inside"


def test_a_reader_is_ended_when_nobody_asks_for_more_rows(tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(workbook([DAYS_HEAD, *([["00120001", date(2025, 10, 1), 5]] * 5000)]))
    started = []
    popen = sheets.subprocess.Popen
    sheets.subprocess.Popen = lambda *args, **kwargs: started.append(popen(*args, **kwargs)) or started[-1]
    try:
        table = open_table(path, KINDS["days"])
        next(table.rows)
        table.rows.close()
    finally:
        sheets.subprocess.Popen = popen
    assert started[0].poll() is not None


def test_the_reader_of_workbooks_is_bound_in_memory_and_time():
    assert sheet_process.MOST_MEMORY_BYTES <= 1_500_000_000
    assert sheet_process.MOST_CPU_SECONDS <= 60


def test_200_001_rows_are_one_too_many(read):
    rows = [["工号", "日期", "金额"], *([["00120001", "2025-10-01", "5"]] * 200_000)]
    assert len(read(comma_separated(rows))[0]) == 200_000
    assert refused(read, comma_separated([*rows, rows[1]]))[0] == "too_many_rows"


def test_more_than_20_megabytes_are_too_many(read):
    assert refused(read, comma_separated(OCTOBER) + b" " * (20 << 20))[0] == "too_large"


def test_rows_without_end_in_an_open_document_are_stopped(read):
    cell = '<table:table-cell office:value-type="string"><text:p>1</text:p></table:table-cell>'
    tail = f'<table:table-row table:number-rows-repeated="1048570">{cell}</table:table-row>'
    code, _ = refused(read, open_document(OCTOBER, tail))
    assert code in ("too_many_rows", "too_large_inside")


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_of_a_kind_are_found_by_the_names_that_the_console_gives_them(kind):
    from flask import Flask
    from flask_babel import Babel, force_locale

    from server.transactions.words import column_words

    app = Flask("server")
    Babel(app, default_translation_directories=str(Path(sheets.__file__).parent.parent / "translations"), default_locale="zh")
    for language in ("zh", "en"):
        with app.test_request_context(), force_locale(language):
            names = [column_words(column.field) for column in KINDS[kind].columns]
        assert sorted(head_match(names, KINDS[kind]).places) == sorted(column.field for column in KINDS[kind].columns), names


def test_the_example_values_of_templates_can_be_read():
    assert day_of(EXAMPLES["day"]) == day_of(EXAMPLES["made_on"]) == date(2026, 11, 5)
    assert month_of(EXAMPLES["month"]) == Month(2026, 10)
    assert (yuan_of(EXAMPLES["amount"]), count_of(EXAMPLES["count"])) == (Decimal("1234.50"), 12)
