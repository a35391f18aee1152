"""Tables brought in by the console: the company's books, a table's check and import, and what stands afterwards."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.db import db
from server.outlets.models import Outlet
from server.transactions.models import OutletTransfer, TableImport
from server.transactions.spool import kept_faults
from tests.features.staff import Staff
from tests.features.tables import DAYS_HEAD, workbook
from tests.sync.conftest import Company

FIRST, SECOND = date(2025, 10, 1), date(2025, 10, 2)
MONTHS_HEAD = ["工号", "月份", "金额"]
ACCOUNTS_HEAD = ["网点编号", "工号", "开户日期"]
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


GOOD_AND_BAD = ([ONE_ACCOUNT, FIRST, 5], [OTHER_ACCOUNT, "2025-11-31", 6, "", ""], [OTHER_ACCOUNT, SECOND, 7])
