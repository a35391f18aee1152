"""The class of an outlet by date: a change never reaches back, whatever way the outlet was made."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from server.clock import today
from server.db import db
from server.domain.months import Month
from server.outlets.edits import set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Outlet, OutletClassChange
from server.serving import upgrade_database
from server.visits.compliance import refresh_outlet_months
from server.visits.models import OutletMonth
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.features.outlet_files import op
from tests.features.test_evidence_migration import old_app, put  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

NOVEMBER_16, TODAY = date(2026, 11, 16), date(2026, 11, 24)


def classes_of(outlet_id: str) -> list[tuple[str, date]]:
    columns = (OutletClassChange.outlet_class, OutletClassChange.valid_from)
    query = select(*columns).where(OutletClassChange.outlet_id == outlet_id).order_by(OutletClassChange.valid_from, OutletClassChange.id)
    return [tuple(row) for row in db.session.execute(query)]


def found_with(phone: Phone, company: Company, **fields: object) -> str:
    outlet_id = uuid7()
    body = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "顺达便民超市", "fields": fields}
    [result] = phone.push(op(phone, "new_outlet.v1", ("outlet", outlet_id), outlet_id, body)).json["results"]
    assert result["code"] == "applied"
    return outlet_id


def type_fee(outlet_id: str, yuan: str, by_id: str, on: date) -> None:
    set_outlet_field(outlet_id, "monthly_fee_yuan", yuan, Writer(by_id, noon(on)))
    db.session.commit()


def month_of(outlet_id: str, month: str) -> tuple[str, int]:
    row = db.session.get_one(OutletMonth, (outlet_id, month), populate_existing=True)
    return row.outlet_class, row.owed


@pytest.mark.parametrize(("fee", "letter"), [("15000.00", "C"), ("20000.00", "B"), (None, "C")])
def test_a_found_outlet_has_its_class_from_the_day_it_was_found(app, company: Company, phone: Phone, fee: str | None, letter: str):
    outlet_id = found_with(phone, company, **({} if fee is None else {"monthly_fee_yuan": fee}))
    with app.app_context():
        [(kept, since)] = classes_of(outlet_id)
        assert (kept, since) == (letter, today())


def test_a_class_that_rises_leaves_months_before_as_they_were(app, company: Company):
    with app.app_context():
        type_fee(company.outlet_id, "90000.00", company.supervisor_id, NOVEMBER_16)
        assert classes_of(company.outlet_id) == [("C", date(2026, 1, 5)), ("A", NOVEMBER_16)]
        for number in (10, 11, 12):
            refresh_outlet_months(Month(2026, number), noon(TODAY))
            refresh_outlet_months(Month(2026, number), noon(TODAY), [company.outlet_id])
        db.session.commit()
        assert [month_of(company.outlet_id, f"2026-{number}") for number in (10, 11, 12)] == [("C", 1), ("C", 1), ("A", 2)]


def test_a_class_that_changes_again_and_again_adds_a_row_each(app, company: Company):
    with app.app_context():
        type_fee(company.outlet_id, "90000.00", company.supervisor_id, NOVEMBER_16)
        type_fee(company.outlet_id, "95000.00", company.supervisor_id, NOVEMBER_16)
        type_fee(company.outlet_id, "20000.00", company.supervisor_id, TODAY)
        assert classes_of(company.outlet_id) == [("C", date(2026, 1, 5)), ("A", NOVEMBER_16), ("B", TODAY)]


def test_a_class_that_rises_on_the_outlets_first_day_holds_from_it(app, company: Company):
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.approved_on = outlet.account_made_on = outlet.floor_area_m2 = None
        outlet.created_at = noon(NOVEMBER_16)
        type_fee(company.outlet_id, "90000.00", company.supervisor_id, NOVEMBER_16)
        assert classes_of(company.outlet_id) == [("A", NOVEMBER_16)]


def add_outlet(outlet_id: str, letter: str, made_at: datetime, approved_on: date | None, *changes: tuple[str, date]) -> None:
    values = {"code": outlet_id, "state": "approved", "outlet_class": letter, "created_at": made_at, "approved_on": approved_on}
    put("outlet", id=outlet_id, region_id="r1", **values)
    for number, (then, since) in enumerate(changes):
        put("outlet_class_change", id=f"{outlet_id}-{number}", outlet_id=outlet_id, outlet_class=then, valid_from=since)


def test_old_outlets_get_a_class_from_their_first_day_on(old_app):
    put("region", id="r1")
    put("sync_clock", id=1, seq=0)
    put("sync_meta", id=1)
    late = datetime(2026, 8, 9, 17)  # the 10th in Shanghai
    add_outlet("found", "C", late, date(2026, 8, 20))
    add_outlet("from-before", "B", late, date(2026, 2, 3))
    add_outlet("risen", "A", late, date(2026, 8, 20), ("A", NOVEMBER_16))
    add_outlet("office", "A", late, date(2026, 8, 20), ("A", date(2026, 8, 20)))
    add_outlet("dated", "A", late, date(2026, 8, 20), ("A", date(2026, 8, 10)))
    put("sync_feed", entity_type="outlet", entity_id="risen", scope_id="outlet:risen", seq=0)
    put("sync_feed", entity_type="outlet", entity_id="office", scope_id="outlet:office", seq=0)
    upgrade_database()
    upgrade_database()
    first = date(2026, 8, 10)
    assert classes_of("found") == [("C", first)]
    assert classes_of("from-before") == [("B", date(2026, 2, 3))]
    assert classes_of("risen") == [("C", first), ("A", NOVEMBER_16)]
    assert classes_of("office") == [("A", date(2026, 8, 20))]
    assert classes_of("dated") == [("A", first)]
    feed = db.metadata.tables["sync_feed"]
    outlets = select(feed).where(feed.c.entity_type == "outlet")
    assert {row.entity_id: row.seq for row in db.session.execute(outlets)} == {"risen": 1, "office": 0}
