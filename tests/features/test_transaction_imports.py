"""Imports of accounts and transactions: written once, twice, by whom, and what stops them; on both databases."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from server.clock import now
from server.db import db
from server.feed.models import SyncFeed
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.transactions import actions, spool
from server.transactions.forms import UploadForm
from server.transactions.models import TableImport
from tests.features.browsing import console, untranslated
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import (  # noqa: F401
    ACCOUNTS_HEAD,
    FIRST,
    GOOD_AND_BAD,
    MONTHS_HEAD,
    ONE_ACCOUNT,
    OTHER_ACCOUNT,
    SECOND,
    accounts,
    books,
    bring_in,
    check,
    days,
    import_rows,
    send,
    spooled,
    stored,
)
from tests.features.tables import rows_of, workbook
from tests.sync.conftest import company  # noqa: F401

OTHERS = ["boss", "chief", "payer", "clerk", "rep1"]


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
