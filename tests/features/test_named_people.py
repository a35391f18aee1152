"""Whom an outlet's file names: the rule and its twin in SQL say the same, whatever the file holds."""

from datetime import date

from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.jobs.nightly import run_nightly
from server.outlets.models import Outlet
from server.outlets.named_people import keeping_people_out, keeps_people_out, names_somebody, naming_somebody
from server.privacy.outlets import erase_outlet_people, forget_outlet_people
from tests.features.conftest import noon
from tests.features.erasing import places_of
from tests.features.outlet_people import REASON, edit, gone, result  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

NOBODY = {"person_in_charge": "", "phone": "", "contact": "", "cashiers": [], "id_sealed": ""}
NAMING = {
    "person_in_charge": "夏侯新人",
    "phone": "13800000001",
    "contact": "微信 xiahou",
    "cashiers": [{"name": "夏侯新人", "is_certified": None}],
    "id_sealed": "v1:sealed",
}
NEW_CASHIER = "夏侯收费"


def told(outlet_id: str, values: dict) -> tuple[tuple[bool, bool], tuple[bool, bool]]:
    """What rule and twin say of naming somebody, and of keeping people out."""
    outlet = db.session.get_one(Outlet, outlet_id)
    for name, value in values.items():
        setattr(outlet, name, value)
    db.session.flush()
    found = db.session.execute(select(naming_somebody(), keeping_people_out()).where(Outlet.id == outlet_id)).one()
    return (names_somebody(outlet), found[0]), (keeps_people_out(outlet), found[1])


def test_the_rule_and_its_twin_agree_for_each_field_that_names_somebody(app, company: Company):
    left = {"people_erased_at": noon(date(2026, 11, 3)), "churned_on": date(2026, 11, 2), "removed_at": None}
    with app.app_context():
        assert told(company.outlet_id, left | NOBODY) == ((False, False), (True, True))
        for name, value in NAMING.items():
            assert told(company.outlet_id, left | NOBODY | {name: value}) == ((True, True), (False, False)), name


def test_the_rule_and_its_twin_agree_on_who_is_no_customer(app, company: Company):
    erased, day = noon(date(2026, 11, 3)), date(2026, 11, 2)
    states = [((erased, None, None), False), ((erased, day, None), True), ((erased, None, erased), True), ((None, day, erased), False)]
    with app.app_context():
        for state, is_kept_out in states:
            values = dict(zip(("people_erased_at", "churned_on", "removed_at"), state, strict=True))
            assert told(company.outlet_id, values | NOBODY)[1] == (is_kept_out, is_kept_out), state


def test_a_customer_who_came_back_with_a_cashier_only_keeps_the_cashier_until_erased_in_turn(app, gone, phone: Phone, staff: Staff):
    with app.app_context():
        erase_outlet_people(gone, REASON, staff.ids["clerk"], now())
        db.session.get_one(Outlet, gone).churned_on = None
        db.session.commit()
    cashiers = ([], [{"name": NEW_CASHIER, "is_certified": None}])
    assert result(phone.push(edit(phone, gone, {"cashiers": cashiers})))["code"] == "applied"
    with app.app_context():
        db.session.get_one(Outlet, gone).churned_on = today()
        db.session.commit()
        run_nightly(today(), now())
        assert places_of(NEW_CASHIER) == {"outlet.cashiers", "sync_op.body"}
        assert forget_outlet_people(noon(date(2040, 1, 1))) == 0
