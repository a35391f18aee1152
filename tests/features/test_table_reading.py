"""Tables as they come: their formats, heads and rows, and what is read of them. No database."""

import codecs
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from server.transactions import sheets
from server.transactions.fault_words import ROW_FAULTS
from server.transactions.kinds import KINDS, head_match
from tests.features.table_reading import OCTOBER, read, refused  # noqa: F401
from tests.features.tables import DAYS_HEAD, OLD_WORKBOOK, comma_separated, open_document, workbook

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


def test_signs_that_no_database_keeps_are_left_out_of_a_workbook(read):
    rows = [["网点编号", "日期", "金额"], ["CD-ZZZ1", "2025-10-02", "8"]]
    for sign in (b"_x0000_", b"_x000B_"):
        assert read(with_words(workbook(rows), b"ZZZ", sign)) == ([(2, "CD-1", "2025-10-02", "8.00", None)], [])


def with_words(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with other bytes inside, which no program of ours writes."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as package, zipfile.ZipFile(changed, "w") as made:
        for name in package.namelist():
            made.writestr(name, package.read(name).replace(old, new))
    return changed.getvalue()


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
