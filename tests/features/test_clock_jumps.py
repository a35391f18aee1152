"""A phone's clock that was set back between two records shows on the second; a phone that only slept does not (SYNC §4)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from server.db import db
from server.visits.models import Visit
from tests.features.browsing import console, untranslated
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

WALL = "2026-11-24T01:20:00.000Z"


def pair(company: Company, phone: Phone, second: dict[str, Any], first: dict[str, Any] = {}) -> str:  # noqa: B006
    """Send two visits with these readings; the address of the second."""
    ops = [phone.op(company.outlet_id), phone.op(company.outlet_id)]
    for op, readings in zip(ops, (first, second), strict=True):
        op["t"] = {"wall": WALL, "mono": 0, "boot": "b", "offset_ms": None} | readings
    assert [result["code"] for result in phone.push(*ops).json["results"]] == ["applied", "applied"]
    return f"/visits/{ops[1]['entity']['id']}"


@pytest.mark.parametrize(
    ("second", "minutes"),
    [
        ({"mono": 600_000}, 10),  # ten minutes passed, and the clock stands where it stood
        ({"wall": "2026-11-24T00:20:00.000Z"}, 60),
        ({"mono": 300_001}, 5),
        ({"mono": 300_000}, 0),  # just what the policy allows
        ({"wall": "2026-11-24T09:20:00.000Z"}, 0),  # eight hours in a pocket
        ({"mono": 600_000, "boot": "c"}, 0),
        ({"mono": 600_000, "boot": ""}, 0),
    ],
)
def test_a_clock_that_was_set_back_shows_on_the_visit(app, company: Company, phone: Phone, second, minutes):
    page = console(app, "boss").get(pair(company, phone, second)).text
    assert (f"时钟被调慢 {minutes} 分" in page) is bool(minutes)
    assert ("时钟被调慢" in page) is bool(minutes)


def test_the_first_record_of_a_phone_has_nothing_before_it(app, company: Company, phone: Phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    assert "时钟被调慢" not in console(app, "boss").get(f"/visits/{op['entity']['id']}").text


@pytest.mark.parametrize(
    ("saved_at", "minutes"),
    [("00:55:00.000", 0), ("00:54:59.999", 5), ("00:30:00.000", 30)],  # begun at 01:00; five minutes are just what the policy allows
)
@pytest.mark.parametrize("offset_ms", [None, 60_000])
def test_a_clock_that_was_set_back_during_the_visit_shows_on_it(app, company: Company, phone: Phone, saved_at, minutes, offset_ms):
    op = phone.op(company.outlet_id, body={"checked_out_at": f"2026-11-24T{saved_at}Z"})
    op["t"]["offset_ms"] = offset_ms
    [result] = phone.push(op).json["results"]
    assert result["code"] == "applied"
    page = console(app, "boss").get(f"/visits/{op['entity']['id']}").text
    assert (f"时钟被调慢 {minutes} 分" in page, "时钟被调慢" in page) == (bool(minutes), bool(minutes))
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
        assert visit.checked_out_at == visit.checked_in_at == datetime(2026, 11, 24, 1, 0 if offset_ms is None else 1, tzinfo=UTC)


@pytest.mark.parametrize(("offset_ms", "began_at"), [(-3_456_000_000.0, "2026-11-24T01:00:00Z"), (2_147_483_648.0, "2026-10-30T04:28:36Z")])
def test_a_clock_forty_days_off_costs_no_visit(app, company: Company, phone: Phone, offset_ms, began_at):
    op = phone.op(company.outlet_id, body={"checked_in_at": began_at})
    op["t"] = {"wall": WALL, "mono": 0, "boot": "b", "offset_ms": offset_ms}
    assert phone.push(op).json["results"][0]["code"] == "applied"
    with app.app_context():
        assert db.session.get_one(Visit, op["entity"]["id"]).clock_offset_ms == offset_ms
    assert console(app, "boss").get(f"/visits/{op['entity']['id']}").status_code == 200


def test_the_page_in_english_has_no_chinese_but_data(app, company: Company, phone: Phone):
    page = console(app, "boss", "en").get(pair(company, phone, {"mono": 600_000})).text
    assert "Clock set back 10 min" in page and untranslated(page) == []
