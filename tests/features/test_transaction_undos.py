"""Imports of accounts and transactions taken back, or not any more; on both databases."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.payroll.closing import close_month
from tests.features.browsing import console
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.table_imports import ACCOUNTS_HEAD, FIRST, ONE_ACCOUNT, OTHER_ACCOUNT, SECOND, accounts, books, bring_in, check, days, stored  # noqa: F401
from tests.features.tables import workbook
from tests.sync.conftest import company  # noqa: F401


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


def test_each_outlet_tells_of_its_account_being_set_and_given_back(app, books, staff):
    client, before = console(app, "ops"), accounts(app)
    table = [ACCOUNTS_HEAD, ["CD-1", "0077", date(2025, 9, 1)], ["CD-2", before["CD-2"][0], date.fromisoformat(before["CD-2"][1])]]
    place = bring_in(client, workbook(table), "accounts")
    client.post(f"{place}/undo")
    old, new = ({"account_no": no, "account_made_on": on} for no, on in (before["CD-1"], ("0077", "2025-09-01")))
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.account_set").order_by(AuditRow.at)).all()
        assert [(row.subject_id, row.actor_id, row.detail["before"], row.detail["after"]) for row in rows] == [
            (books.outlet_id, staff.ids["ops"], old, new),
            (books.outlet_id, staff.ids["ops"], new, old),
        ]
        assert {row.detail["import_id"] for row in rows} == {place.rsplit("/", 1)[1]}
    page = console(app, "chief").get("/deeds?group=outlet").text
    assert "按表格改了工号和开户日期" in page and "0077" in page


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
