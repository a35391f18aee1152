"""月收费额 proposed from transactions on the outlet's page, and taken into the file."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.outlets.models import Outlet, OutletClassChange
from server.transactions.models import OutletTransfer
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("server.outlets.routes.today", lambda: TODAY)
    monkeypatch.setattr("server.transactions.fee_routes.today", lambda: TODAY)
    monkeypatch.setattr("server.transactions.fee_routes.now", lambda: noon(TODAY))


@pytest.fixture
def moved(app, company: Company):
    """Three months of the first outlet that come to 30,000 yuan each; its file says 1,000 and little else."""
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.monthly_fee_yuan, outlet.chain_outlets, outlet.floor_area_m2 = Decimal(1000), None, None
        outlet.is_franchised_or_own_hall, outlet.outlet_class = None, "C"
        for day in (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)):
            db.session.add(OutletTransfer(outlet_id=company.outlet_id, on=day, amount_yuan=Decimal(30_000), count=None))
        first = OutletTransfer(outlet_id=company.outlet_id, on=date(2026, 7, 2), amount_yuan=Decimal(5), count=None)
        db.session.add(first)
        db.session.commit()
    return company.outlet_id


def fee_of(app, outlet_id: str) -> tuple[Decimal | None, str]:
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        return outlet.monthly_fee_yuan, outlet.outlet_class


def adopt(client, outlet_id: str, yuan: str = "30000.00"):
    return client.post(f"/outlets/{outlet_id}/fee-adoptions", data={"yuan": yuan})


def test_a_supervisor_takes_the_proposal_into_the_file(app, moved: str, staff: Staff):
    client = console(app, "boss")
    page = client.get(f"/outlets/{moved}").text
    assert "建议月收费额改成 30,000 元" in page and "档案里是 1,000 元" in page and "采用后类别会变" in page and "采用建议" in page
    english = console(app, "boss", "en").get(f"/outlets/{moved}").text
    assert "Proposed monthly fee: 30,000 yuan" in english and untranslated(english) == []
    assert adopt(client, moved).status_code == 302
    assert fee_of(app, moved) == (Decimal(30_000), "B")
    with app.app_context():
        change = db.session.scalars(select(OutletClassChange).where(OutletClassChange.outlet_id == moved)).all()[-1]
        assert (change.outlet_class, change.valid_from, change.reasons) == ("B", TODAY, ["B.fee"])
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.fee_adopted")).one()
        assert row.detail["before"] == {"monthly_fee_yuan": "1000.00", "outlet_class": "C"}
        assert row.detail["after"] == {"monthly_fee_yuan": "30000.00", "outlet_class": "B"}
    told = console(app, "root").get("/deeds?action=outlet.fee_adopted").text
    assert "月收费额" in told and "网点类型" in told and "outlet_class" not in told and "monthly_fee_yuan" not in told
    assert "建议月收费额" not in client.get(f"/outlets/{moved}").text


def test_what_was_read_counts_and_not_what_has_come_meanwhile(app, moved: str, staff: Staff):
    with app.app_context():
        db.session.add(OutletTransfer(outlet_id=moved, on=date(2026, 10, 30), amount_yuan=Decimal(3), count=None))
        db.session.commit()
    again = adopt(console(app, "boss"), moved)
    assert again.status_code == 409 and "没有改：交易或资料刚才变了" in again.text and "建议月收费额改成 30,001 元" in again.text
    assert adopt(console(app, "boss"), moved, "").status_code == 409
    assert fee_of(app, moved) == (Decimal(1000), "C")
    assert adopt(console(app, "boss"), moved, "30001.00").status_code == 302
    assert adopt(console(app, "boss"), moved, "30001.00").status_code == 409


@pytest.mark.parametrize(("fee", "letter"), [("27500", "B"), ("30000", "B"), ("30000", "C")])
def test_nothing_is_proposed_where_the_file_says_about_the_same(app, moved: str, staff: Staff, fee: str, letter: str):
    """A class that an earlier policy left behind is no reason to propose what stands."""
    with app.app_context():
        outlet = db.session.get_one(Outlet, moved)
        outlet.monthly_fee_yuan, outlet.outlet_class = Decimal(fee), letter
        db.session.commit()
    assert "建议月收费额" not in console(app, "boss").get(f"/outlets/{moved}").text
    assert adopt(console(app, "boss"), moved).status_code == 409


def test_nothing_is_proposed_where_a_month_a_month_is_missing_or_the_outlet_is_no_customer(app, moved: str, staff: Staff):
    with app.app_context():
        db.session.get_one(Outlet, moved).churned_on = date(2026, 11, 1)
        db.session.commit()
    assert "建议月收费额" not in console(app, "boss").get(f"/outlets/{moved}").text
    with app.app_context():
        db.session.get_one(Outlet, moved).churned_on = None
        db.session.delete(db.session.scalars(select(OutletTransfer).where(OutletTransfer.on == date(2026, 9, 30))).one())
        db.session.commit()
    assert "建议月收费额" not in console(app, "boss").get(f"/outlets/{moved}").text


@pytest.mark.parametrize(("login", "status"), [("rep1", 403), ("ops", 403), ("root", 403), ("farboss", 404), ("chief", 302)])
def test_who_may_take_it_into_the_file(app, moved: str, staff: Staff, login: str, status: int):
    assert adopt(console(app, login), moved).status_code == status
    assert fee_of(app, moved)[0] == (Decimal(30_000) if status == 302 else Decimal(1000))
    if status == 403 and login != "root":
        assert "采用建议" not in console(app, login).get(f"/outlets/{moved}").text
