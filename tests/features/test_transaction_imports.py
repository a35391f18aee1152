"""Imports of accounts and transactions: checked, imported, taken back. Happy, who may not, bad input, twice; on both databases."""

import os
import time
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.feed.models import SyncFeed
from server.jobs.nightly import TIDYING
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.payroll.closing import close_month
from server.policy.actions import set_policy
from server.transactions import actions, routes, spool
from server.transactions.fault_words import ROW_FAULTS
from server.transactions.forms import UploadForm
from server.transactions.models import OutletTransfer, TableImport
from server.transactions.spool import kept_faults, purge_checks
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.tables import DAYS_HEAD, formula_cells, rows_of, workbook
from tests.features.test_table_reading import HOSTILE
from tests.sync.conftest import Company, company  # noqa: F401

FIRST, SECOND = date(2025, 10, 1), date(2025, 10, 2)
MONTHS_HEAD = ["工号", "月份", "金额"]
ACCOUNTS_HEAD = ["网点编号", "工号", "开户日期"]
OTHERS = ["boss", "chief", "payer", "clerk", "rep1"]
ONE_ACCOUNT, OTHER_ACCOUNT = "00120001", "00120002"


@pytest.fixture
def books(app: Flask, company: Company, staff: Staff) -> Company:
    """The company, its outlets with accounts that begin with zeros."""
    with app.app_context():
        for outlet_id, account in ((company.outlet_id, ONE_ACCOUNT), (company.second_outlet_id, OTHER_ACCOUNT)):
            db.session.get_one(Outlet, outlet_id).account_no = account
        db.session.commit()
    return company


def days(*rows: list[Any]) -> bytes:
    return workbook([DAYS_HEAD, *rows])


def send(client: FlaskClient, raw: bytes, kind: str = "days", name: str = "交易.xlsx") -> Any:
    return client.post("/imports/checks", data={"kind": kind, "file": (BytesIO(raw), name)}, content_type="multipart/form-data")


def check(client: FlaskClient, raw: bytes, kind: str = "days") -> str:
    """The address of the check of a table that can be read."""
    answer = send(client, raw, kind)
    assert answer.status_code == 303, answer.text
    place: str = answer.headers["Location"]
    assert "/imports/checks/" in place
    return place


def bring_in(client: FlaskClient, raw: bytes, kind: str = "days", accept: str = "good") -> str:
    """Check and import; returns the address of the import."""
    answer = client.post(f"{check(client, raw, kind)}/import", data={"accept": accept})
    assert answer.status_code == 303, answer.text
    place: str = answer.headers["Location"]
    return place


def stored(app: Flask) -> list[tuple[str, str, str, int | None, bool]]:
    """All transactions as (outlet code, day, yuan, count, whether of a month)."""
    with app.app_context():
        query = (
            select(Outlet.code, OutletTransfer).join(OutletTransfer, OutletTransfer.outlet_id == Outlet.id).order_by(Outlet.code, OutletTransfer.on)
        )
        return [(code, str(row.on), str(row.amount_yuan), row.count, row.is_month_total) for code, row in db.session.execute(query)]


def accounts(app: Flask) -> dict[str, tuple[str | None, str | None]]:
    with app.app_context():
        columns = (Outlet.code, Outlet.account_no, Outlet.account_made_on)
        return {code: (no, str(on) if on else None) for code, no, on in db.session.execute(select(*columns))}


def import_rows(app: Flask) -> list[TableImport]:
    with app.app_context():
        return list(db.session.scalars(select(TableImport).order_by(TableImport.at)))


def spooled(app: Flask) -> list[str]:
    folder = Path(app.extensions["xundian"].data) / "imports"
    return sorted(path.name for path in folder.glob("*"))


def faults_of(app: Flask, place: str) -> list[tuple[int, str, str, str]]:
    with app.app_context():
        return [(fault.row, fault.field, fault.code, fault.note) for fault in kept_faults(place.rpartition("/")[2])]


def test_days_are_checked_then_imported(app, books):
    client = console(app, "ops")
    place = check(client, days([ONE_ACCOUNT, FIRST, 1234.5, 12], ["00120002", "2025年10月2日", "¥80"], [ONE_ACCOUNT, SECOND, 10]))
    page = client.get(place).text
    assert "每一行都通过了检查" in page and "1,324.50" in page and "还没有写入任何东西" in page
    assert (stored(app), import_rows(app)) == ([], [])
    answer = client.post(f"{place}/import")
    assert answer.status_code == 303
    assert stored(app) == [
        ("CD-1", "2025-10-01", "1234.50", 12, False),
        ("CD-1", "2025-10-02", "10.00", None, False),
        ("CD-2", "2025-10-02", "80.00", None, False),
    ]
    [row] = import_rows(app)
    assert (row.rows_read, row.rows_taken, row.rows_refused, row.rows_written, row.amount_yuan) == (3, 3, 0, 3, Decimal("1324.50"))
    assert (row.first_on, row.last_on, row.file_name) == (FIRST, SECOND, "交易.xlsx")
    result = client.get(answer.headers["Location"]).text
    assert "交易.xlsx" in result and "吴静" in result and "撤销这次导入" in result
    listed = client.get("/imports").text
    assert "交易.xlsx" in listed and "吴静" in listed and "已导入" in listed
    assert spooled(app) == []


def test_months_are_imported_on_their_last_day(app, books):
    bring_in(console(app, "root"), workbook([MONTHS_HEAD, [ONE_ACCOUNT, "2025-09", 900], [ONE_ACCOUNT, "2025年10月", "1,000.50"]]), "months")
    assert stored(app) == [("CD-1", "2025-09-30", "900.00", None, True), ("CD-1", "2025-10-31", "1000.50", None, True)]


def test_accounts_are_imported_with_their_zeros_and_phones_hear_of_it(app, books, staff):
    with app.app_context():
        before = db.session.scalar(select(SyncFeed.seq).where(SyncFeed.entity_type == "outlet", SyncFeed.entity_id == staff.far_outlet_id))
    bring_in(console(app, "ops"), workbook([ACCOUNTS_HEAD, ["CX-1", "00990001", date(2025, 9, 3)]]), "accounts")
    assert accounts(app)["CX-1"] == ("00990001", "2025-09-03")
    with app.app_context():
        after = db.session.scalar(select(SyncFeed.seq).where(SyncFeed.entity_type == "outlet", SyncFeed.entity_id == staff.far_outlet_id))
        assert after > (before or 0)


def test_a_day_of_an_account_may_be_given_by_code_or_by_account_alone(app, books):
    rows = [ACCOUNTS_HEAD, ["CD-1", "", date(2025, 9, 3)], ["", OTHER_ACCOUNT, date(2025, 9, 4)]]
    bring_in(console(app, "ops"), workbook(rows), "accounts")
    assert accounts(app)["CD-1"] == (ONE_ACCOUNT, "2025-09-03")
    assert accounts(app)["CD-2"] == (OTHER_ACCOUNT, "2025-09-04")


def test_a_spreadsheet_that_took_the_zeros_still_finds_the_outlet_and_keeps_its_account(app, books):
    client = console(app, "ops")
    bring_in(client, days([120001, FIRST, 5]))
    assert stored(app) == [("CD-1", "2025-10-01", "5.00", None, False)]
    bring_in(client, workbook([ACCOUNTS_HEAD, ["CD-1", 120001, date(2025, 9, 3)]]), "accounts")
    assert accounts(app)["CD-1"] == (ONE_ACCOUNT, "2025-09-03")


def test_a_refund_takes_from_the_payments_of_its_day(app, books):
    rows = [
        [ONE_ACCOUNT, FIRST, 100, 4, "交易"],
        [ONE_ACCOUNT, FIRST, 30.5, 1, "退款"],
        [OTHER_ACCOUNT, FIRST, 0],
        [OTHER_ACCOUNT, FIRST, -20, "", "退款"],
    ]
    bring_in(console(app, "ops"), days(*rows))
    assert stored(app) == [("CD-1", "2025-10-01", "69.50", 4, False), ("CD-2", "2025-10-01", "-20.00", None, False)]


CONTRADICTIONS = {
    "the same day twice": (
        [[ONE_ACCOUNT, FIRST, 5], ["CD-1?", FIRST, 1], [ONE_ACCOUNT, FIRST, 6]],
        [(2, "day", "duplicate_row", "4"), (3, "account_no", "unknown_outlet", ""), (4, "day", "duplicate_row", "2")],
    ),
    "a refund alone": ([[ONE_ACCOUNT, FIRST, 5, "", "退款"]], [(2, "type", "refund_alone", "")]),
    "a refund beside a fault": (
        [[ONE_ACCOUNT, FIRST, "5O"], [ONE_ACCOUNT, FIRST, 5, "", "退款"]],
        [(2, "amount", "not_an_amount", ""), (3, "amount", "other_line_refused", "2")],
    ),
    "two refunds": (
        [[ONE_ACCOUNT, FIRST, 50], [ONE_ACCOUNT, FIRST, 5, "", "退款"], [ONE_ACCOUNT, FIRST, 6, "", "退款"]],
        [(2, "amount", "other_line_refused", "3"), (3, "day", "duplicate_row", "4"), (4, "day", "duplicate_row", "3")],
    ),
    "a stranger": ([["99999", FIRST, 5]], [(2, "account_no", "unknown_outlet", "")]),
    "a formula": ([["=cmd|' /C calc'!A0", FIRST, 5]], [(2, "account_no", "unknown_outlet", "")]),
}


def test_rows_that_cannot_be_are_named_and_none_is_written(app, books):
    client = console(app, "ops")
    for name, (rows, expected) in CONTRADICTIONS.items():
        place = check(client, days(*rows))
        assert faults_of(app, place) == expected, name
        page = client.get(place).text
        assert all(str(ROW_FAULTS[code][0]) % {"note": note} in page for _, _, code, note in expected), name
        answer = client.post(f"{place}/import", data={"accept": "good"})
        assert answer.status_code == 422 and "没有一行可以导入" in answer.text, name
    assert (stored(app), import_rows(app)) == ([], [])


def test_the_most_of_a_day_and_of_a_month_are_policy(app, books, staff):
    """Of the month in which the table is read; what a clerk was shown before the policy changed is shown anew."""
    client = console(app, "ops")
    month = str(Month.of_date(today()).previous())
    raw = {"days": days([ONE_ACCOUNT, today(), 900]), "months": workbook([["工号", "月份", "金额"], [ONE_ACCOUNT, month, 2000]])}
    places = {kind: check(client, table, kind) for kind, table in raw.items()}
    with app.app_context():
        for key, value in (("import.most_yuan_day", "899.99"), ("import.most_yuan_month", "1999")):
            set_policy(key, value, Month.of_date(today()).first_day, "小公司", staff.ids["chief"], now())
    for kind, most in (("days", "899.99"), ("months", "1,999")):
        assert client.post(f"{places[kind]}/import").status_code == 409
        assert [fault[2:] for fault in faults_of(app, check(client, raw[kind], kind))] == [("absurd_amount", most)]
    assert stored(app) == []
    bring_in(client, days([ONE_ACCOUNT, today(), 899.99]))
    assert [row[2] for row in stored(app)] == ["899.99"]


def test_outlets_are_named_by_code_or_account_but_not_by_two_different_ones(app, books):
    head = ["网点编号", "工号", "日期", "金额"]
    rows = [
        ["CD-1", ONE_ACCOUNT, FIRST, 1],
        ["CD-1", OTHER_ACCOUNT, FIRST, 2],
        ["cd-2", "", FIRST, 3],
        ["", "", FIRST, 4],
        ["CD-9", ONE_ACCOUNT, FIRST, 5],
    ]
    place = check(console(app, "ops"), workbook([head, *rows]))
    assert faults_of(app, place) == [
        (3, "account_no", "outlets_differ", "CD-2"),
        (5, "account_no", "required", ""),
        (6, "outlet_code", "unknown_outlet", ""),
    ]


def test_removed_and_merged_outlets_are_named(app, books, staff):
    with app.app_context():
        merge_outlets(books.second_outlet_id, books.outlet_id, books.supervisor_id, now())
        db.session.get_one(Outlet, staff.far_outlet_id).removed_at = now()
        db.session.commit()
    place = check(console(app, "ops"), workbook([["网点编号", "工号", "日期", "金额"], ["", OTHER_ACCOUNT, FIRST, 1], ["CX-1", "", FIRST, 2]]))
    assert faults_of(app, place) == [(2, "account_no", "merged_outlet", "CD-1"), (3, "outlet_code", "removed_outlet", "")]


def test_an_account_of_two_outlets_is_ambiguous(app, books):
    with app.app_context():
        db.session.get_one(Outlet, books.second_outlet_id).account_no = ONE_ACCOUNT
        db.session.commit()
    place = check(console(app, "ops"), days([ONE_ACCOUNT, FIRST, 1]))
    assert faults_of(app, place) == [(2, "account_no", "ambiguous_outlet", "CD-1 CD-2")]


def test_accounts_that_contradict_each_other_are_refused(app, books):
    rows = [
        ["CD-1", "0099", date(2025, 9, 1)],
        ["CD-1", "0098", date(2025, 9, 1)],
        ["CX-1", OTHER_ACCOUNT, date(2025, 9, 1)],
        ["CD-2", "=1+1", date(2025, 9, 1)],
        ["CX-1", "", date(2025, 9, 1)],
        ["CD-2", "x" * 41, date(2025, 9, 1)],
        ["", "007", date(2025, 9, 1)],
    ]
    place = check(console(app, "ops"), workbook([ACCOUNTS_HEAD, *rows]), "accounts")
    assert faults_of(app, place) == [
        (2, "outlet_code", "duplicate_row", "3"),
        (3, "outlet_code", "duplicate_row", "2"),
        (4, "account_no", "account_taken", "CD-2"),
        (5, "account_no", "not_an_account", ""),
        (6, "account_no", "required", ""),
        (7, "account_no", "not_an_account", ""),
        (8, "account_no", "unknown_outlet", ""),
    ]
    place = check(console(app, "ops"), workbook([ACCOUNTS_HEAD, ["CD-1", "0099", "2025-09-01"], ["CD-2", "0099", "2025-09-01"]]), "accounts")
    assert faults_of(app, place) == [(2, "account_no", "duplicate_row", "3"), (3, "account_no", "duplicate_row", "2")]


def test_days_and_a_months_total_never_share_a_month_of_an_outlet(app, books):
    client = console(app, "ops")
    bring_in(client, days([ONE_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, date(2025, 9, 30), 7]))
    place = check(
        client, workbook([MONTHS_HEAD, [ONE_ACCOUNT, "2025-10", 900], [OTHER_ACCOUNT, "2025-10", 800], [ONE_ACCOUNT, "2025-09", 700]]), "months"
    )
    assert faults_of(app, place) == [(2, "month", "days_stand", "2025-10")]
    client.post(f"{place}/import", data={"accept": "good"})
    place = check(client, days([OTHER_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, date(2025, 10, 31), 5], [OTHER_ACCOUNT, date(2025, 11, 1), 6]))
    assert faults_of(app, place) == [(2, "day", "month_stands", "2025-10"), (3, "day", "month_stands", "2025-10")]


GOOD_AND_BAD = ([ONE_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, "2025-11-31", 6, "", ""], [OTHER_ACCOUNT, SECOND, 7])


def test_good_rows_alone_come_in_only_when_the_clerk_accepts_that(app, books):
    client = console(app, "ops")
    place = check(client, days(*GOOD_AND_BAD))
    page = client.get(place).text
    assert "只导入无错的 2 行" in page and "没有这一天" in page and "这个月只有 30 天" in page
    answer = client.post(f"{place}/import")
    assert answer.status_code == 422 and 'id="bad-accept"' in answer.text
    assert (stored(app), import_rows(app)) == ([], [])
    assert client.post(f"{place}/import", data={"accept": "good"}).status_code == 303
    assert [row[:3] for row in stored(app)] == [("CD-1", "2025-10-01", "5.00"), ("CD-2", "2025-10-02", "7.00")]
    [row] = import_rows(app)
    assert (row.rows_read, row.rows_taken, row.rows_refused) == (3, 2, 1)


def test_the_faulty_rows_are_downloaded_as_texts_corrected_and_sent_alone(app, books):
    client = console(app, "ops")
    head = ["备注", *DAYS_HEAD]
    rows = [["=1+1", ONE_ACCOUNT, FIRST, 5], ["=cmd|' /C calc'!A0", OTHER_ACCOUNT, "2025-11-31", 6.5], ["@SUM(1)", "+99", SECOND, -7, "", ""]]
    place = check(client, workbook([head, *rows]))
    answer = client.get(f"{place}/errors.xlsx")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    table = rows_of(answer.data)
    assert table[0] == [*head, "原来的行", "问题"]
    assert table[1] == ["=cmd|' /C calc'!A0", "00120002", "2025-11-31", "6.5", "", "", "3", "日期：没有这一天。这个月只有 30 天。"]
    assert table[2][:4] == ["@SUM(1)", "+99", "2025-10-02", "-7"] and len(table) == 3
    assert "没有这个网点" in table[2][-1] and "退款另起一行" in table[2][-1]
    assert formula_cells(answer.data) == 0
    table[1][2], table[2][1], table[2][3] = "2025-11-30", "00120001", "7"
    again = check(client, workbook(table))
    assert faults_of(app, again) == []
    bring_in(client, workbook(table))
    assert [row[:3] for row in stored(app)] == [("CD-1", "2025-10-02", "7.00"), ("CD-2", "2025-11-30", "6.50")]


def test_only_the_first_hundred_faults_are_shown_and_all_are_in_the_file(app, books):
    client = console(app, "ops")
    place = check(client, days(*([["x", FIRST, 5]] * 130)))
    page = client.get(place).text
    assert page.count("没有这个网点") == 100 and "只列出前 100 处" in page
    assert len(rows_of(client.get(f"{place}/errors.xlsx").data)) == 131


def test_the_same_day_again_writes_over_it_and_says_so(app, books):
    client = console(app, "ops")
    bring_in(client, days([ONE_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, FIRST, 6]))
    place = check(client, days([ONE_ACCOUNT, FIRST, 50, 3], [OTHER_ACCOUNT, FIRST, 6], [OTHER_ACCOUNT, SECOND, 7]))
    with app.app_context():
        result = spool.find_check(place.rpartition("/")[2]).result
        assert (result.new, result.changed, result.same) == (1, 1, 1)
    client.post(f"{place}/import")
    assert [row[:4] for row in stored(app)] == [
        ("CD-1", "2025-10-01", "50.00", 3),
        ("CD-2", "2025-10-01", "6.00", None),
        ("CD-2", "2025-10-02", "7.00", None),
    ]


def test_days_that_lie_years_apart_are_written_over_too(app, books):
    client = console(app, "ops")
    rows = [[ONE_ACCOUNT, date(2016, 1, 4), 5], [OTHER_ACCOUNT, FIRST, 6, 2]]
    bring_in(client, days(*rows, [ONE_ACCOUNT, date(2020, 1, 4), 9]))
    place = bring_in(client, days(*rows[::-1], [OTHER_ACCOUNT, date(2017, 5, 5), 8]))
    [_, row] = import_rows(app)
    with app.app_context():
        assert len(db.session.merge(row).before) == 2
    client.post(f"{place}/undo")
    assert [row[1:4] for row in stored(app)] == [("2016-01-04", "5.00", None), ("2020-01-04", "9.00", None), ("2025-10-01", "6.00", 2)]


NO_WORKBOOKS = {
    "a page of the web": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "交易.xls", "文件名以 .xls 结尾，里面却不是"),
    "a letter": ("亲爱的同事：\n你好".encode(), "交易.XLSX", "文件名以 .xlsx 结尾，里面却不是"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "交易.xlsx", "文件名以 .xlsx 结尾，里面却不是"),
    "text with another name": ("亲爱的同事：\n你好".encode(), "交易.csv", "没有找到表头"),
    "a locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "交易.xlsx", "这个工作簿有密码"),
    "half a workbook": (workbook([DAYS_HEAD])[:-200], "交易.xlsx", "文件不完整或坏了"),
    "a workbook of something else": (workbook([["姓名", "电话"], ["张三", "1"]]), "交易.xlsx", "没有找到表头"),
}


def test_what_is_no_workbook_is_called_that_and_says_what_to_do(app, books):
    client = console(app, "root")
    for name, (raw, file_name, words) in NO_WORKBOOKS.items():
        answer = send(client, raw, name=file_name)
        assert answer.status_code == 422 and words in answer.text, name
    assert spooled(app) == []


def test_a_table_of_text_named_as_a_workbook_is_read(app, books):
    assert check(console(app, "root"), "工号\t日期\t金额\n1\t2026-10-01\t5\n".encode("gbk"))


def test_the_same_file_again_changes_nothing_and_says_who_brought_it(app, books):
    raw = days([ONE_ACCOUNT, FIRST, 5])
    place = bring_in(console(app, "ops"), raw)
    client = console(app, "root")
    answer = send(client, raw)
    assert answer.status_code == 303 and answer.headers["Location"] == place
    page = client.get(place).text
    assert "已经导入过，这次什么也没有改变" in page and "吴静" in page
    assert (len(import_rows(app)), spooled(app)) == (1, [])


def test_the_same_file_is_checked_again_once_it_stands_no_more(app, books):
    client = console(app, "ops")
    raw = days([ONE_ACCOUNT, FIRST, 5])
    place = bring_in(client, raw)
    later = bring_in(client, days([ONE_ACCOUNT, FIRST, 6]))
    assert "/imports/checks/" in send(client, raw).headers["Location"]
    client.post(f"{later}/undo")
    assert send(client, raw).headers["Location"] == place
    client.post(f"{place}/undo")
    bring_in(client, raw)
    assert [row[2] for row in stored(app)] == ["5.00"]


def test_a_file_with_refused_rows_may_come_again_when_they_are_good(app, books):
    client = console(app, "ops")
    raw = days([ONE_ACCOUNT, FIRST, 5], ["0077", FIRST, 6])
    bring_in(client, raw)
    bring_in(client, workbook([ACCOUNTS_HEAD, ["CX-1", "0077", date(2025, 9, 1)]]), "accounts")
    bring_in(client, raw)
    assert [row[:3] for row in stored(app)] == [("CD-1", "2025-10-01", "5.00"), ("CX-1", "2025-10-01", "6.00")]


def test_pressing_import_twice_is_one_import(app, books):
    client = console(app, "ops")
    place = check(client, days([ONE_ACCOUNT, FIRST, 5]))
    first, second = client.post(f"{place}/import"), client.post(f"{place}/import")
    assert first.headers["Location"] == second.headers["Location"] == client.get(place).headers["Location"]
    assert len(import_rows(app)) == 1


def test_two_checks_of_one_file_are_one_import(app, books):
    client, raw = console(app, "ops"), days([ONE_ACCOUNT, FIRST, 5])
    one, other = check(client, raw), check(client, raw)
    first = client.post(f"{one}/import").headers["Location"]
    assert client.post(f"{other}/import").headers["Location"] == first
    assert len(import_rows(app)) == 1


def test_what_changed_since_the_check_is_shown_before_anything_is_written(app, books):
    client = console(app, "ops")
    place = check(client, days([ONE_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, FIRST, 6]))
    with app.app_context():
        merge_outlets(books.second_outlet_id, books.outlet_id, books.supervisor_id, now())
    answer = client.post(f"{place}/import", data={"accept": "good"})
    assert answer.status_code == 409
    assert "检查以后情况变了" in answer.text and "这个网点已并入 CD-1" in answer.text
    assert (stored(app), import_rows(app)) == ([], [])
    assert client.post(f"{place}/import", data={"accept": "good"}).status_code == 303
    assert [row[:3] for row in stored(app)] == [("CD-1", "2025-10-01", "5.00")]


def test_an_undo_brings_back_what_was_written_over_and_removes_the_rest(app, books):
    client = console(app, "ops")
    bring_in(client, days([ONE_ACCOUNT, FIRST, 5, 1]))
    before = stored(app)
    place = bring_in(client, days([ONE_ACCOUNT, FIRST, 50], [ONE_ACCOUNT, SECOND, 60]))
    assert client.post(f"{place}/undo").status_code == 303
    assert stored(app) == before
    page = client.get(place).text
    assert "撤销了这次导入" in page and "撤销这次导入" not in page
    assert "已撤销" in client.get("/imports").text
    answer = client.post(f"{place}/undo")
    assert answer.status_code == 422 and "已经撤销过了" in answer.text
    assert stored(app) == before


def test_an_undo_gives_outlets_their_accounts_back(app, books):
    client, before = console(app, "ops"), accounts(app)
    place = bring_in(client, workbook([ACCOUNTS_HEAD, ["CD-1", "0077", date(2025, 9, 1)], ["CX-1", "0078", date(2025, 9, 2)]]), "accounts")
    assert accounts(app) != before
    assert client.post(f"{place}/undo").status_code == 303
    assert accounts(app) == before


def test_an_import_that_a_later_one_touched_is_undone_only_after_that(app, books):
    client = console(app, "ops")
    first = bring_in(client, days([ONE_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, FIRST, 6]))
    second = bring_in(client, days([ONE_ACCOUNT, FIRST, 5]))
    assert "先撤销后来的导入" in client.get(first).text
    answer = client.post(f"{first}/undo")
    assert answer.status_code == 422 and "先撤销后来的导入" in answer.text
    assert len(stored(app)) == 2
    client.post(f"{second}/undo")
    assert client.post(f"{first}/undo").status_code == 303
    assert stored(app) == []


def test_accounts_that_were_changed_since_are_not_undone(app, books):
    client = console(app, "ops")
    place = bring_in(client, workbook([ACCOUNTS_HEAD, ["CD-1", "0077", date(2025, 9, 1)]]), "accounts")
    with app.app_context():
        db.session.get_one(Outlet, books.second_outlet_id).account_no = ONE_ACCOUNT  # what CD-1 had goes to another
        db.session.commit()
    assert client.post(f"{place}/undo").status_code == 422
    with app.app_context():
        db.session.get_one(Outlet, books.second_outlet_id).account_no = OTHER_ACCOUNT
        db.session.get_one(Outlet, books.outlet_id).account_no = "0079"
        db.session.commit()
    assert client.post(f"{place}/undo").status_code == 422
    assert accounts(app)["CD-1"] == ("0079", "2025-09-01")


def close(app: Flask, staff: Staff, month: Month) -> None:
    with app.app_context():
        close_month(month, "关账", staff.ids["chief"], now())


def test_an_import_is_not_undone_once_a_month_that_uses_it_is_closed(app, books, staff):
    client = console(app, "ops")
    place = bring_in(client, days([ONE_ACCOUNT, FIRST, 5]))
    close(app, staff, Month(2025, 9))
    assert "撤销这次导入" in client.get(place).text
    close(app, staff, Month(2025, 10))
    answer = client.post(f"{place}/undo")
    assert answer.status_code == 422 and "后来已经关账" in answer.text
    assert len(stored(app)) == 1


def test_what_comes_after_a_month_was_closed_is_announced_and_can_be_undone(app, books, staff):
    client = console(app, "ops")
    close(app, staff, Month(2025, 10))
    place = check(client, days([ONE_ACCOUNT, FIRST, 5], [ONE_ACCOUNT, date(2025, 11, 1), 5]))
    assert "1 项属于已经关账的月份" in client.get(place).text
    imported = client.post(f"{place}/import").headers["Location"]
    assert client.post(f"{imported}/undo").status_code == 303
    imported = bring_in(client, days([ONE_ACCOUNT, FIRST, 6]))
    close(app, staff, Month(2025, 11))
    assert client.post(f"{imported}/undo").status_code == 422


def test_an_import_and_its_undo_leave_audit_rows(app, books, staff):
    client = console(app, "ops")
    place = bring_in(client, days([ONE_ACCOUNT, FIRST, 5]))
    client.post(f"{place}/undo")
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.subject_type == "table_import").order_by(AuditRow.at)).all()
        assert [(row.action, row.actor_id, row.detail["kind"]) for row in rows] == [
            ("table.imported", staff.ids["ops"], "days"),
            ("table.undone", staff.ids["ops"], "days"),
        ]
        assert rows[0].detail["rows"] == 1 and len(rows[0].detail["sha256"]) == 64


def test_imports_are_for_ops_and_administrators(app, books):
    ops = console(app, "ops")
    place, checked = bring_in(ops, days([ONE_ACCOUNT, FIRST, 5])), check(ops, days(*GOOD_AND_BAD))
    before = stored(app)
    for login in OTHERS:
        client = console(app, login)
        for path in ("/imports", place, checked, f"{checked}/errors.xlsx", "/imports/templates/days.xlsx"):
            assert client.get(path).status_code == 403, (login, path)
        for path in (f"{checked}/import", f"{place}/undo"):
            assert client.post(path, data={"accept": "good"}).status_code == 403, (login, path)
        assert send(client, days([ONE_ACCOUNT, SECOND, 5])).status_code == 403, login
        assert '"/imports"' not in client.get("/").text, login
    assert (stored(app), len(import_rows(app))) == (before, 1)
    assert '"/imports"' in ops.get("/").text and '"/imports"' in console(app, "root").get("/").text


def test_a_stranger_and_a_post_without_a_token_import_nothing(app, books):
    assert send(app.test_client(), days([ONE_ACCOUNT, FIRST, 5])).headers["Location"].startswith("/login")
    client = console(app, "ops")
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, days([ONE_ACCOUNT, FIRST, 5])).status_code == 409
    assert (spooled(app), import_rows(app)) == ([], [])


def test_what_does_not_exist_is_not_found(app, books):
    client = console(app, "ops")
    for path in (
        "/imports/x",
        "/imports/checks/x",
        "/imports/checks/..%2f..%2fsecret",
        f"/imports/checks/{books.outlet_id}",
        "/imports/templates/x.xlsx",
        "/imports/%00",
    ):
        assert client.get(path).status_code in (400, 404), path
    assert client.post(f"/imports/checks/{books.outlet_id}/import").status_code == 404
    assert client.post("/imports/x/undo").status_code == 404


def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(app, books):
    chinese, english = console(app, "ops"), console(app, "ops", "en")
    for name, (raw, _) in HOSTILE.items():
        for client in (chinese, english):
            answer = send(client, raw)
            assert answer.status_code == 422 and 'id="bad-file"' in answer.text, name
        assert untranslated(answer.text) == [], name
    assert (stored(app), import_rows(app), spooled(app)) == ([], [], [])


def test_a_form_without_a_file_or_a_kind_says_so(app, books):
    client = console(app, "ops")
    answer = client.post("/imports/checks", data={"kind": "days"})
    assert answer.status_code == 422 and "还没有选文件" in answer.text
    answer = send(client, days([ONE_ACCOUNT, FIRST, 5]), kind="wages")
    assert answer.status_code == 422 and "要选一个" in answer.text


def test_a_file_above_the_limit_is_refused_in_words(app, books, monkeypatch):
    monkeypatch.setattr(spool, "MOST_BYTES", 1000)
    answer = send(console(app, "ops"), days([ONE_ACCOUNT, FIRST, 5]))
    assert answer.status_code == 422 and "超过 20 MB" in answer.text
    monkeypatch.setattr(routes, "MOST_BYTES", 0)
    monkeypatch.setattr(routes, "ENVELOPE_BYTES", 500)
    answer = send(console(app, "ops"), days([ONE_ACCOUNT, FIRST, 5]))
    assert answer.status_code == 413 and "超过 20 MB" in answer.text
    assert spooled(app) == []


def test_a_name_with_folders_and_odd_letters_is_kept_without_them(app, books):
    client = console(app, "ops")
    answer = send(client, days([ONE_ACCOUNT, FIRST, 5]), name="C:/temp/../十月\u202e<b>.xlsx")
    client.post(f"{answer.headers['Location']}/import")
    [row] = import_rows(app)
    assert row.file_name == "十月<b>.xlsx"
    assert "<b>" not in client.get("/imports").text.split("<main")[1]


def test_a_name_from_windows_loses_its_folders():
    assert UploadForm("days", FileStorage(filename="C:\\temp\\十月.xlsx")).file_name == "十月.xlsx"


def test_a_fault_in_the_middle_of_an_import_leaves_nothing_written(app, books, monkeypatch):
    client = console(app, "ops")
    place = check(client, days([ONE_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, FIRST, 6]))
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def break_down(*_args: Any, **_detail: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "record_audit", break_down)
    assert client.post(f"{place}/import").status_code == 500
    assert (stored(app), import_rows(app)) == ([], [])
    monkeypatch.undo()
    assert client.post(f"{place}/import").status_code == 303
    assert len(stored(app)) == 2


def test_an_outlet_merged_away_while_its_rows_are_written_stops_the_import(app, books, monkeypatch):
    client = console(app, "ops")
    place = check(client, days([ONE_ACCOUNT, FIRST, 5]))
    write = actions.write_totals

    def merge_then_write(*args: Any) -> None:
        db.session.execute(update(Outlet.__table__).where(Outlet.id == books.outlet_id).values(removed_at=now()))
        write(*args)

    monkeypatch.setattr(actions, "write_totals", merge_then_write)
    assert client.post(f"{place}/import").status_code == 409
    assert (stored(app), import_rows(app)) == ([], [])


def test_an_account_changed_while_it_is_written_stops_the_import(app, books, monkeypatch):
    client = console(app, "ops")
    place = check(client, workbook([ACCOUNTS_HEAD, ["CD-1", "0077", date(2025, 9, 1)], ["CX-1", "0078", date(2025, 9, 1)]]), "accounts")
    write = actions.write_accounts

    def change_then_write(*args: Any) -> bool:
        db.session.execute(update(Outlet.__table__).where(Outlet.id == books.outlet_id).values(account_no="0055"))
        return write(*args)

    before = accounts(app)
    monkeypatch.setattr(actions, "write_accounts", change_then_write)
    assert client.post(f"{place}/import").status_code == 409
    assert (accounts(app), import_rows(app)) == (before, [])


def test_checked_tables_that_nobody_imported_go_after_a_day(app, books):
    client = console(app, "ops")
    old, fresh = check(client, days([ONE_ACCOUNT, FIRST, 5])), check(client, days([ONE_ACCOUNT, FIRST, 6]))
    folder = Path(app.extensions["xundian"].data) / "imports"
    for path in folder.glob(f"{old.rpartition('/')[2]}*"):
        os.utime(path, (time.time() - 90_000, time.time() - 90_000))
    with app.app_context():
        assert purge_checks(now()) == 1
        assert purge_checks(now()) == 0
    assert client.get(old).status_code == 404
    assert client.post(f"{old}/import").status_code == 404
    assert client.post(f"{fresh}/import").status_code == 303
    assert purge_checks in [tidy for _, tidy in TIDYING]


def test_a_template_is_read_by_its_own_import_and_its_example_is_never_taken(app, books):
    for language in ("zh", "en"):
        client = console(app, "ops", language)
        for kind in ("days", "months", "accounts"):
            raw = client.get(f"/imports/templates/{kind}.xlsx").data
            assert formula_cells(raw) == 0
            assert len(rows_of(raw)) == 2 and len(rows_of(raw, 1)) == len(rows_of(raw)[0]) + 1
            place = check(client, raw, kind)
            assert "unknown_outlet" in [fault[2] for fault in faults_of(app, place)], (language, kind)
            assert "button" in client.get(place).text and f"{place}/import" not in client.get(place).text


def test_every_page_is_translated(app, books):
    client = console(app, "ops", "en")
    place, checked = bring_in(client, days([ONE_ACCOUNT, FIRST, 5])), check(client, days(*GOOD_AND_BAD))
    for path in ("/imports", "/imports?kind=accounts", place, checked):
        assert untranslated(client.get(path).text) == [], path
    titles = rows_of(client.get(f"{checked}/errors.xlsx").data)[0]
    assert titles[-2:] == ["Original row", "Problem"]


def test_the_list_of_imports_is_paged_and_comes_alone_for_htmx(app, books):
    client = console(app, "ops")
    place = bring_in(client, days([ONE_ACCOUNT, FIRST, 5]))
    with app.app_context():
        first = db.session.scalars(select(TableImport)).one()
        for place_no in range(60):
            row = TableImport(id=f"{place_no:036}", kind="days", file_name=f"f{place_no}", sha256="0" * 64, rows_read=1, rows_taken=1, rows_refused=0)
            row.by_id, row.at, row.before = first.by_id, first.at - timedelta(hours=place_no + 1), []
            db.session.add(row)
        db.session.commit()
    page = client.get("/imports").text
    assert page.count("/imports/0000") == 59 and "下一页" in page
    part = client.get("/imports", headers={"HX-Request": "true"}).text
    assert "<html" not in part and place in part
