"""Tables of accounts and transactions before anything is written: files that cannot be read, rows that cannot be, templates; on both databases."""

import os
import time
from datetime import date
from pathlib import Path

import pytest

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.jobs.nightly import TIDYING
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.policy.actions import set_policy
from server.transactions import routes, spool
from server.transactions.fault_words import ROW_FAULTS
from server.transactions.spool import purge_checks
from tests.features.browsing import console, untranslated
from tests.features.hostile_tables import HOSTILE
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import (  # noqa: F401
    ACCOUNTS_HEAD,
    FIRST,
    GOOD_AND_BAD,
    MONTHS_HEAD,
    ONE_ACCOUNT,
    OTHER_ACCOUNT,
    SECOND,
    books,
    bring_in,
    check,
    days,
    faults_of,
    import_rows,
    send,
    spooled,
    stored,
)
from tests.features.tables import DAYS_HEAD, formula_cells, rows_of, workbook
from tests.sync.conftest import company  # noqa: F401

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


def test_an_account_that_lost_its_zeros_is_ambiguous_beside_one_that_has_none(app, books):
    with app.app_context():
        db.session.get_one(Outlet, books.second_outlet_id).account_no = "120001"
        db.session.commit()
    client, head = console(app, "ops"), ["网点编号", "工号", "日期", "金额"]
    assert faults_of(app, check(client, days(["120001", FIRST, 1]))) == [(2, "account_no", "ambiguous_outlet", "CD-1 CD-2")]
    assert faults_of(app, check(client, days([ONE_ACCOUNT, FIRST, 1]))) == []
    rows = [["CD-1", "120001", FIRST, 1], ["CD-2", "120001", FIRST, 1]]
    assert faults_of(app, check(client, workbook([head, *rows]))) == []


@pytest.mark.parametrize("given", ["120007", "0120007", "000120007"])
@pytest.mark.parametrize("stored_no", ["120007", "00120007"])
def test_an_account_that_another_outlet_has_is_refused_whatever_zeros_it_has(app, books, stored_no, given):
    with app.app_context():
        db.session.get_one(Outlet, books.second_outlet_id).account_no = stored_no
        db.session.commit()
    place = check(console(app, "ops"), workbook([ACCOUNTS_HEAD, ["CX-1", given, date(2025, 9, 1)]]), "accounts")
    assert faults_of(app, place) == [(2, "account_no", "account_taken", "CD-2")]


def test_a_code_with_the_account_of_another_outlet_is_refused_though_its_own_differs_by_zeros(app, books):
    with app.app_context():
        db.session.get_one(Outlet, books.second_outlet_id).account_no = "120001"
        db.session.commit()
    place = check(console(app, "ops"), workbook([["网点编号", "工号", "日期", "金额"], ["CD-2", ONE_ACCOUNT, FIRST, 1]]))
    assert faults_of(app, place) == [(2, "account_no", "outlets_differ", "CD-1")]


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
