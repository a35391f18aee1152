"""Files that are refused as a whole: no tables, damaged, hostile or too large. No database."""

import time
from datetime import date

import pytest

from server.transactions import sheet_process, sheets
from server.transactions.kinds import KINDS
from server.transactions.reading import open_table
from tests.features.hostile_tables import HOSTILE
from tests.features.table_reading import OCTOBER, read, refused  # noqa: F401
from tests.features.tables import DAYS_HEAD, comma_separated, flood, open_document, workbook


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
