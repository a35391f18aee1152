"""Lists too long to read whole: counts that stop and say so, pages by key, and few statements however long."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from server.clock import now, today
from server.complaints.models import Complaint
from server.console.paging import PAGE_ROWS, key_text
from server.db import db
from server.devices.models import Device
from tests.features.browsing import console
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.tables import rows_of
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

MOST_STATEMENTS = 12
LISTS = (
    ("chief", "/visits"),
    ("chief", "/visits?order=score"),
    ("chief", "/outlets"),
    ("chief", "/findings"),
    ("chief", "/compliance"),
    ("chief", "/visits/map"),
    ("chief", "/visit-plans"),
    ("boss", "/complaints"),
    ("boss", "/follow-ups"),
    ("boss", "/materials"),
    ("boss", "/trainings"),
    ("boss", "/trainings/held"),
    ("boss", "/callbacks"),
    ("boss", "/churn"),
    ("boss", "/waiting/changes"),
    ("boss", "/waiting/values"),
    ("boss", "/waiting/records"),
    ("boss", "/waiting/duplicates"),
    ("boss", "/devices"),
    ("root", "/people?show=all"),
    ("ops", "/imports"),
    ("root", "/rescue"),
    ("chief", "/exports"),
    ("root", "/deeds"),
    ("root", "/notices"),
)


def add_complaints(company: Company, count: int) -> None:
    row = {"outlet_id": company.outlet_id, "kind": "other", "received_on": today(), "received_by_id": company.supervisor_id}
    row |= {"due_on": today(), "state": "received", "made_at": now()}
    db.session.execute(insert(Complaint), [row | {"id": f"c{number:05d}"} for number in range(count)])
    db.session.commit()


def add_phones(company: Company, count: int) -> None:
    """The first was heard of last."""
    at = now()
    rows = [
        {"id": f"d{number:03d}", "person_id": company.rep_id, "token_hash": f"{number:064d}", "label": f"手机 {number}", "created_at": at}
        | {"last_seen_at": at - timedelta(minutes=number)}
        for number in range(count)
    ]
    db.session.execute(insert(Device), rows)
    db.session.commit()


@pytest.mark.parametrize(
    ("count", "in_navigation", "in_tile", "in_tab"),
    [
        (99, "99", "99", "99"),
        (100, "99+", "100", "100"),
        (500, "99+", "500", "500"),
        (501, "99+", "500+", "501"),
        (2000, "99+", "500+", "2000"),
        (2001, "99+", "500+", "2000+"),
    ],
)
def test_a_count_says_where_it_stopped(app, company: Company, staff: Staff, count, in_navigation, in_tile, in_tab):
    with app.app_context():
        add_complaints(company, count)
    page = console(app, "ops").get("/complaints").text
    assert f"<b>{in_navigation}</b></a></li>" in page
    assert re.search(rf"\S <b>{re.escape(in_tab)}</b></a>", page)
    start = console(app, "ops").get("/").text
    assert f"<b>{in_tile}</b>" in start and f"<b>{in_navigation}</b></a></li>" in start


def test_what_reaches_one_in_two_ways_is_counted_once(app, company: Company, staff: Staff):
    """Of three complaints in one's region one is one's own work, and so is one of another region; one there is not."""
    with app.app_context():
        add_complaints(company, 5)
        for number in (0, 3):
            db.session.get_one(Complaint, f"c{number:05d}").assigned_to_id = company.supervisor_id
        for number in (3, 4):
            db.session.get_one(Complaint, f"c{number:05d}").outlet_id = staff.far_outlet_id
        db.session.commit()
    page = console(app, "boss").get("/complaints").text
    assert "<b>4</b></a></li>" in page
    assert "<b>2</b></a></li>" in console(app, "farboss").get("/complaints").text


def test_phones_come_in_pages_longest_unheard_of_first(app, company: Company, staff: Staff):
    with app.app_context():
        add_phones(company, PAGE_ROWS + 1)
    client = console(app, "boss")
    first = client.get("/devices").text
    assert f"手机 {PAGE_ROWS}<" in first and "手机 0<" not in first and f"{PAGE_ROWS + 1} 部" in first
    with app.app_context():
        key = key_text([(db.session.get_one(Device, "d001").last_seen_at).isoformat(), "d001"])
    assert f"after={key}" in first
    second = client.get(f"/devices?after={key}").text
    assert "手机 0<" in second and "手机 1<" not in second and "下一页" not in second


def test_revoked_phones_come_in_pages_newest_first(app, company: Company, staff: Staff):
    with app.app_context():
        add_phones(company, PAGE_ROWS + 1)
        for phone in db.session.query(Device):
            phone.revoked_at = phone.last_seen_at
        db.session.commit()
    first = console(app, "boss").get("/devices?show=revoked").text
    assert "手机 0<" in first and f"手机 {PAGE_ROWS}<" not in first and "下一页" in first


@pytest.mark.parametrize("key", ["x", key_text(["2026-11-24T04:00:00", "d001"]), key_text([1, "d001"])])
def test_phones_behind_a_key_that_cannot_be_are_refused(app, staff: Staff, key):
    assert console(app, "boss").get(f"/devices?after={key}").status_code == 422


def test_an_export_of_phones_holds_all_pages(app, company: Company, staff: Staff):
    with app.app_context():
        add_phones(company, 2 * PAGE_ROWS + 1)
    rows = rows_of(console(app, "boss").get("/exports/devices.xlsx").data)
    assert sum("手机 " in str(cell) for row in rows for cell in row) == 2 * PAGE_ROWS + 1


@pytest.mark.parametrize(("login", "path"), LISTS)
def test_a_list_is_read_with_few_statements(app, company: Company, staff: Staff, login, path):
    client = console(app, login)
    with statements(app) as asked:
        assert client.get(path).status_code == 200
    asked = [one for one in asked if not one.startswith("BEGIN")]
    assert 0 < len(asked) <= MOST_STATEMENTS, asked
