"""A complaint that was typed wrong is voided: it stays to be read, and counts for nothing."""

from datetime import date

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import today
from server.complaints.actions import void_complaint
from server.complaints.following import follow_complaints
from server.complaints.proposals import due_complaints, propose_unhandled
from server.db import db
from server.domain.months import Month
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingStep
from server.outlets.models import Outlet
from server.payroll.facts_complaints import complaints_by_rep
from server.people.models import Person, PersonRole
from server.privacy.obstacles import outlet_obstacles
from server.reports.month_work import moved_within, waiting_on
from tests.features.browsing import console, untranslated
from tests.features.complaint_papers import VOID, complaint_of, findings, handled, investigate, resolve, steps, take
from tests.features.conftest import noon
from tests.features.papers import documents, gone, night, result_of
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

NOVEMBER_24 = date(2026, 11, 24)  # the day after the due day
WHY = {"void_reason": "登记错了网点"}


@pytest.fixture
def taken(app, company: Company, staff: Staff) -> str:
    return take(app, company)


def void(app, staff: Staff, complaint_id: str, on: date = NOVEMBER_24) -> None:
    with app.app_context():
        void_complaint(complaint_id, "登记错了网点", staff.ids["ops"], noon(on))


def test_ops_voids_a_complaint_with_a_reason(app, staff: Staff, taken: str):
    ops, place = console(app, "ops"), f"/complaints/{taken}"
    assert "为什么作废" in ops.get(place).text
    assert ops.post(f"{place}/voiding", data=WHY).status_code == 302
    page = ops.get(place).text
    assert "已作废" in page and "登记错了网点" in page and "为什么作废" not in page and "过期" not in page
    complaint = complaint_of(app, taken)
    assert (complaint.state, complaint.void_reason, complaint.voided_by_id) == ("voided", "登记错了网点", staff.ids["ops"])
    assert complaint.voided_at is not None
    assert steps(app) == ["received", "voided"]
    with app.app_context():
        assert list(db.session.scalars(select(AuditRow.actor_id).where(AuditRow.action == "complaint.voided"))) == [staff.ids["ops"]]
    assert taken not in ops.get("/complaints").text and taken in ops.get("/complaints?state=voided").text
    assert untranslated(console(app, "ops", "en").get(place).text) == []


@pytest.mark.parametrize(("login", "status"), [("rep1", 403), ("rep2", 403), ("boss", 403), ("farboss", 403), ("chief", 403), ("payer", 403)])
def test_who_may_not_void(app, staff: Staff, taken: str, login, status):
    assert console(app, login).post(f"/complaints/{taken}/voiding", data=WHY).status_code == status
    assert complaint_of(app, taken).voided_at is None


def test_ops_who_is_the_outlets_rep_voids_no_complaint_of_it(app, company: Company, taken: str):
    with app.app_context():
        db.session.add(PersonRole(person_id=company.rep_id, role="ops"))
        db.session.commit()
    client = console(app, "rep1")
    assert "为什么作废" not in client.get(f"/complaints/{taken}").text
    assert client.post(f"/complaints/{taken}/voiding", data=WHY).status_code == 403


def test_voiding_asks_why(app, taken: str):
    answer = console(app, "ops").post(f"/complaints/{taken}/voiding", data={"void_reason": " "})
    assert answer.status_code == 422 and "这里要填" in answer.text
    assert complaint_of(app, taken).state == "received"


def test_voiding_twice_changes_nothing(app, taken: str):
    ops, place = console(app, "ops"), f"/complaints/{taken}/voiding"
    assert ops.post(place, data=WHY).status_code == 302
    assert ops.post(place, data={"void_reason": "又一次"}).status_code == 409
    assert complaint_of(app, taken).void_reason == "登记错了网点"
    assert steps(app) == ["received", "voided"]


def test_nothing_is_done_about_a_void_complaint(app, company: Company, staff: Staff, taken: str):
    void(app, staff, taken)
    ops = console(app, "ops")
    assert ops.post(f"/complaints/{taken}/assignment", data={"person_id": company.supervisor_id}).status_code == 409
    assert ops.post(f"/complaints/{taken}/report").status_code == 409


def test_a_resolved_complaint_can_be_voided_too(app, company: Company, staff: Staff, taken: str):
    investigate(app, company, taken)
    resolve(app, company, taken)
    void(app, staff, taken)
    assert complaint_of(app, taken).state == "voided"


def test_a_void_complaint_stands_against_no_award(app, company: Company, staff: Staff, taken: str):
    with app.app_context():
        assert list(complaints_by_rep(Month(2026, 11))) == [company.rep_id]
    void(app, staff, taken)
    with app.app_context():
        assert complaints_by_rep(Month(2026, 11)) == {}


def test_a_void_complaint_is_not_due_and_proposes_nothing(app, company: Company, staff: Staff, taken: str):
    void(app, staff, taken)
    with app.app_context():
        assert due_complaints(noon(NOVEMBER_24)) == 0
        assert propose_unhandled(noon(NOVEMBER_24)) == 0
        assert "complaints_open" not in [one.code for one in outlet_obstacles(db.session.get_one(Outlet, company.outlet_id))]


def test_a_finding_that_waits_is_taken_back(app, staff: Staff, taken: str):
    with app.app_context():
        assert propose_unhandled(noon(NOVEMBER_24)) == 1
        db.session.commit()
    void(app, staff, taken)
    assert findings(app) == [("complaint_unhandled", "dismissed")]
    with app.app_context():
        assert propose_unhandled(noon(NOVEMBER_24)) == 0


def test_of_an_upheld_finding_the_manager_is_told(app, company: Company, staff: Staff):
    complaint_id = take(app, company, is_about_rep=True)
    investigate(app, company, complaint_id)
    with app.app_context():
        finding_id = db.session.scalars(select(Finding.id)).one()
        decide_finding(finding_id, "upheld", "属实", staff.ids["chief"], noon(NOVEMBER_24))
    void(app, staff, complaint_id, date(2026, 11, 25))
    with app.app_context():
        follow_complaints(noon(date(2026, 11, 26)))
        query = select(FindingStep.state).where(FindingStep.finding_id == finding_id)
        assert sorted(db.session.scalars(query)) == ["overtaken", "proposed", "upheld"]


def test_a_void_complaint_about_the_rep_is_not_proposed_again_at_night(app, company: Company, staff: Staff):
    complaint_id = take(app, company, is_about_rep=True)
    investigate(app, company, complaint_id)
    void(app, staff, complaint_id)
    with app.app_context():
        assert follow_complaints(noon(date(2026, 11, 26))) == 0
    assert findings(app) == [("complaint_about_rep", "dismissed")]


def test_a_void_complaint_says_so_on_paper_and_in_its_export(app, staff: Staff, taken: str):
    ops, paper = console(app, "ops"), f"/complaints/{taken}/print"
    assert "已作废" not in ops.get(paper).text
    [row] = csv_rows(ops.get("/exports/complaints.csv"))
    assert (row["作废日期"], row["作废理由"]) == ("", "")
    void(app, staff, taken)
    top = ops.get(paper).text.split("投诉网点")[0]
    assert "已作废 · 2026-11-24" in top and "登记错了网点" in top
    [row] = csv_rows(ops.get("/exports/complaints.csv?state=voided"))
    assert (row["状态"], row["作废日期"], row["作废理由"]) == ("已作废", "2026-11-24", "登记错了网点")
    assert untranslated(console(app, "ops", "en").get(paper).text) == []


def test_reports_leave_void_complaints_out(app, company: Company, staff: Staff, taken: str):
    def counts() -> list[int]:
        reader = db.session.get_one(Person, staff.ids["chief"])
        table, waits = waiting_on(date(2026, 11, 30), reader, today())["complaints"]
        _, _, came = moved_within(Month(2026, 11), reader, today())["complaints_received"]
        return [len(db.session.scalars(select(table.id).where(which)).all()) for which in (waits, came)]

    with app.app_context():
        assert counts() == [1, 1]
    void(app, staff, taken)
    with app.app_context():
        assert counts() == [0, 0]


def records_of(page: str) -> str:
    return page.split('id="records"')[1].split("</section>")[0]


def test_the_outlets_page_lists_no_void_complaint(app, company: Company, staff: Staff, taken: str):
    client, place = console(app, "ops"), f"/outlets/{company.outlet_id}"
    assert f"/complaints/{taken}" in records_of(client.get(place).text)
    void(app, staff, taken)
    assert f"/complaints/{taken}" not in records_of(client.get(place).text)


def test_a_void_complaint_leaves_the_phone_which_can_close_it_no_more(app, company: Company, staff: Staff, phone: Phone):
    complaint_id = take(app, company)
    assert list(documents(phone, "complaint")) == [complaint_id]
    cursor = phone.pull()[1]
    void(app, staff, complaint_id)
    assert gone(phone, "complaint", cursor) == {complaint_id}
    assert documents(phone, "complaint") == {}
    assert night(app, "complaint") == 0
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id)) == VOID
