"""A material request that was typed wrong is voided: it stays to be read, is never due and proposes nothing."""

from datetime import date

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import today
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingStep
from server.materials.actions import void_request
from server.materials.proposals import due_deliveries, propose_late_materials
from server.outlets.models import Outlet
from server.people.models import Person, PersonRole
from server.privacy.obstacles import outlet_obstacles
from server.reports.month_work import waiting_on
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.material_papers import ask, deliver, delivered, request_of
from tests.features.papers import APPLIED, documents, gone, night, result_of
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

NOVEMBER_24 = date(2026, 11, 24)  # the day after the due day
WHY = {"void_reason": "登记了两次"}


@pytest.fixture
def asked_for(app, company: Company, staff: Staff) -> str:
    return ask(app, company)


def void(app, staff: Staff, request_id: str, on: date = NOVEMBER_24) -> None:
    with app.app_context():
        void_request(request_id, "登记了两次", staff.ids["ops"], noon(on))


def late(app, on: date = NOVEMBER_24) -> int:
    with app.app_context():
        made = propose_late_materials(noon(on))
        db.session.commit()
        return made


def findings(app) -> list[tuple[str, str]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(Finding.kind, Finding.state))]


@pytest.mark.parametrize("login", ["ops", "boss"])
def test_ops_and_the_supervisor_void_a_request_with_a_reason(app, staff: Staff, asked_for: str, login):
    client, place = console(app, login), f"/materials/{asked_for}"
    assert "为什么作废" in client.get(place).text
    assert client.post(f"{place}/voiding", data=WHY).status_code == 302
    page = client.get(place).text
    assert "已作废" in page and "登记了两次" in page and "为什么作废" not in page and "过期" not in page and "登记送达" not in page
    request = request_of(app, asked_for)
    assert (request.void_reason, request.voided_by_id) == ("登记了两次", staff.ids[login])
    assert asked_for not in client.get("/materials").text and asked_for not in client.get("/materials?state=delivered").text
    assert asked_for in client.get("/materials?state=voided").text
    with app.app_context():
        assert list(db.session.scalars(select(AuditRow.actor_id).where(AuditRow.action == "materials.voided"))) == [staff.ids[login]]
    for path in (place, "/materials?state=voided", f"/outlets/{request.outlet_id}"):
        assert untranslated(console(app, login, "en").get(path).text) == [], path


@pytest.mark.parametrize(("login", "status"), [("rep1", 403), ("rep2", 403), ("farboss", 404), ("chief", 403), ("payer", 403), ("clerk", 403)])
def test_who_may_not_void(app, staff: Staff, asked_for: str, login, status):
    assert console(app, login).post(f"/materials/{asked_for}/voiding", data=WHY).status_code == status
    assert request_of(app, asked_for).voided_at is None


def test_a_supervisor_voids_no_request_of_an_own_outlet(app, company: Company, asked_for: str):
    with app.app_context():
        db.session.add(PersonRole(person_id=company.rep_id, role="supervisor"))
        db.session.commit()
    client = console(app, "rep1")
    assert "为什么作废" not in client.get(f"/materials/{asked_for}").text
    assert client.post(f"/materials/{asked_for}/voiding", data=WHY).status_code == 403


def test_voiding_asks_why(app, asked_for: str):
    answer = console(app, "ops").post(f"/materials/{asked_for}/voiding", data={"void_reason": " "})
    assert answer.status_code == 422 and "这里要填" in answer.text
    assert request_of(app, asked_for).voided_at is None


def test_voiding_twice_changes_nothing(app, asked_for: str):
    ops, place = console(app, "ops"), f"/materials/{asked_for}/voiding"
    assert ops.post(place, data=WHY).status_code == 302
    assert ops.post(place, data={"void_reason": "又一次"}).status_code == 409
    assert request_of(app, asked_for).void_reason == "登记了两次"


def test_a_void_request_is_not_delivered_in_the_office(app, staff: Staff, asked_for: str):
    void(app, staff, asked_for)
    assert console(app, "boss").post(f"/materials/{asked_for}/delivery", data={"delivered_on": today().isoformat()}).status_code == 409


def test_a_delivered_request_can_be_voided_too(app, company: Company, staff: Staff, asked_for: str):
    deliver(app, company, asked_for, NOVEMBER_24)
    void(app, staff, asked_for)
    assert asked_for not in console(app, "ops").get("/materials?state=delivered").text
    assert late(app) == 0


def test_a_void_request_is_not_due_and_proposes_nothing(app, company: Company, staff: Staff, asked_for: str):
    with app.app_context():
        assert due_deliveries(noon(NOVEMBER_24)) == 1
    void(app, staff, asked_for)
    assert late(app) == 0
    with app.app_context():
        assert due_deliveries(noon(NOVEMBER_24)) == 0
        assert "materials_open" not in [one.code for one in outlet_obstacles(db.session.get_one(Outlet, company.outlet_id))]


def test_what_a_void_request_proposed_is_taken_back_at_once(app, staff: Staff, asked_for: str):
    assert late(app) == 1
    void(app, staff, asked_for)
    assert findings(app) == [("late_materials", "dismissed")]
    assert late(app, date(2026, 11, 25)) == 0


def test_a_finding_stays_for_another_late_request_of_the_outlet(app, company: Company, staff: Staff, asked_for: str):
    ask(app, company)
    assert late(app) == 1
    void(app, staff, asked_for)
    late(app, date(2026, 11, 25))
    assert findings(app) == [("late_materials", "proposed")]


def test_of_an_upheld_finding_the_manager_is_told_at_night(app, staff: Staff, asked_for: str):
    late(app)
    with app.app_context():
        decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "核实逾期", staff.ids["chief"], noon(NOVEMBER_24))
    void(app, staff, asked_for)
    late(app, date(2026, 11, 25))
    with app.app_context():
        assert sorted(db.session.scalars(select(FindingStep.state))) == ["overtaken", "proposed", "upheld"]


def test_reports_leave_void_requests_out(app, staff: Staff, asked_for: str):
    def waiting() -> list[str]:
        table, which = waiting_on(date(2026, 11, 30), db.session.get_one(Person, staff.ids["chief"]), today())["materials"]
        return list(db.session.scalars(select(table.id).where(which)))

    with app.app_context():
        assert waiting() == [asked_for]
    void(app, staff, asked_for)
    with app.app_context():
        assert waiting() == []


def test_the_outlet_lists_no_void_request_but_tells_of_it(app, company: Company, staff: Staff, asked_for: str):
    client, place = console(app, "ops"), f"/outlets/{company.outlet_id}"
    void(app, staff, asked_for)
    page = client.get(place).text
    assert f"/materials/{asked_for}" not in page.split('id="records"')[1].split("</section>")[0]
    assert "作废了物料需求" in page


def test_the_export_says_what_is_void(app, staff: Staff, asked_for: str):
    ops = console(app, "ops")
    [row] = csv_rows(ops.get("/exports/materials.csv"))
    assert (row["作废日期"], row["作废理由"]) == ("", "")
    void(app, staff, asked_for)
    [row] = csv_rows(ops.get("/exports/materials.csv?state=voided"))
    assert (row["作废日期"], row["作废理由"]) == ("2026-11-24", "登记了两次")


def test_a_void_request_leaves_the_phone_and_what_was_brought_is_kept(app, company: Company, staff: Staff, phone: Phone):
    """The rep went there for nothing, and has photo and signature: that stays with the request, which counts for nothing."""
    request_id = ask(app, company)
    assert list(documents(phone, "material_request")) == [request_id]
    cursor = phone.pull()[1]
    void(app, staff, request_id)
    assert gone(phone, "material_request", cursor) == {request_id}
    assert (documents(phone, "material_request"), night(app, "material_request")) == ({}, 0)
    assert result_of(phone, delivered(phone, company.outlet_id, request_id)) == APPLIED
    assert request_of(app, request_id).delivered_on == NOVEMBER_24
    assert (documents(phone, "material_request"), night(app, "material_request"), late(app)) == ({}, 0, 0)
