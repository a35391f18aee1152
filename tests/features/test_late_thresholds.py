"""Thresholds of classes hold for all outlets from the month that they begin with, not only for files that are edited (RULEBOOK §3, §11)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.feed.clock import current_number
from server.outlets.class_nights import refresh_classes
from server.outlets.models import Outlet, OutletClassChange
from server.policy.actions import set_policy
from server.visits.compliance import refresh_outlet_months
from server.visits.models import OutletMonth
from tests.features.closed_months import chief, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.statements import statements

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
FIRST = ("B", date(2026, 1, 5))


@pytest.fixture
def middling(company):
    """An outlet of class B by its monthly fee of 60,000 yuan."""
    outlet = db.session.get_one(Outlet, company.outlet_id)
    outlet.monthly_fee_yuan, outlet.outlet_class, outlet.class_reasons = Decimal("60000.00"), "B", ["B.fee"]
    db.session.commit()
    return outlet.id


def set_fee(value, valid_from, by_id, on):
    set_policy("class.a_fee_yuan", value, valid_from, "和规程一致", by_id, noon(on))


def classes_of(outlet_id):
    columns = (OutletClassChange.outlet_class, OutletClassChange.valid_from)
    query = select(*columns).where(OutletClassChange.outlet_id == outlet_id).order_by(OutletClassChange.valid_from, OutletClassChange.id)
    return [tuple(row) for row in db.session.execute(query)]


def owed(outlet_id, month):
    refresh_outlet_months(month, noon(DECEMBER))
    db.session.commit()
    return db.session.get_one(OutletMonth, (outlet_id, str(month)), populate_existing=True).owed


def test_a_threshold_holds_from_the_first_of_its_month_on(company, chief, middling):
    set_fee("50000", DECEMBER, chief, date(2026, 11, 20))
    assert refresh_classes(noon(date(2026, 11, 30))) == 0
    assert refresh_classes(noon(DECEMBER)) == 1
    outlet = db.session.get_one(Outlet, middling, populate_existing=True)
    assert (outlet.outlet_class, outlet.class_reasons) == ("A", ["A.fee"])
    assert classes_of(middling) == [FIRST, ("A", DECEMBER)]
    assert [owed(middling, month) for month in (Month(2026, 11), Month(2026, 12))] == [1, 2]


def test_a_night_that_was_missed_is_made_up_for(company, chief, middling):
    set_fee("50000", DECEMBER, chief, date(2026, 11, 20))
    assert refresh_classes(noon(date(2026, 12, 9))) == 1
    assert classes_of(middling) == [FIRST, ("A", DECEMBER)]


@pytest.mark.parametrize(("set_on", "since"), [(NOVEMBER, NOVEMBER), (date(2026, 11, 2), date(2026, 11, 10))])
def test_what_is_set_after_the_first_does_not_reach_back(company, chief, middling, set_on, since):
    set_fee("50000", NOVEMBER, chief, set_on)
    assert refresh_classes(noon(date(2026, 11, 10))) == 1
    assert classes_of(middling) == [FIRST, ("A", since)]


def test_what_is_set_after_a_months_last_night_holds_from_the_next_month(company, chief, middling):
    set_fee("50000", NOVEMBER, chief, date(2026, 11, 30))
    assert refresh_classes(noon(DECEMBER)) == 1
    assert classes_of(middling) == [FIRST, ("A", DECEMBER)]


def test_a_second_night_changes_nothing(company, chief, middling):
    set_fee("50000", DECEMBER, chief, date(2026, 11, 20))
    refresh_classes(noon(DECEMBER))
    before = current_number(db.session)
    assert [refresh_classes(noon(date(2026, 12, day))) for day in (1, 2, 31)] == [0, 0, 0]
    assert current_number(db.session) == before


@pytest.mark.parametrize(("value", "letter"), [("60000", "B"), ("59999.99", "A")])
def test_a_class_follows_the_edge_of_its_threshold(company, chief, middling, value, letter):
    set_fee(value, DECEMBER, chief, date(2026, 11, 20))
    refresh_classes(noon(DECEMBER))
    assert db.session.get_one(Outlet, middling, populate_existing=True).outlet_class == letter


def test_files_that_say_nothing_and_removed_outlets_keep_their_class(company, chief, middling):
    db.session.get_one(Outlet, company.second_outlet_id).outlet_class = "A"
    db.session.get_one(Outlet, middling).removed_at = noon(NOVEMBER)
    db.session.commit()
    set_fee("50000", DECEMBER, chief, date(2026, 11, 20))
    assert refresh_classes(noon(DECEMBER)) == 0
    assert [classes_of(outlet_id) for outlet_id in (middling, company.second_outlet_id)] == [[], []]


def test_nights_of_months_without_a_new_threshold_read_no_outlets(app, company, chief, middling):
    set_fee("50000", NOVEMBER, chief, date(2026, 10, 20))
    refresh_classes(noon(NOVEMBER))
    with statements(app) as asked:
        assert refresh_classes(noon(DECEMBER)) == 0
    assert [one for one in asked if "FROM outlet" in one] == []
