"""Open complaints of somebody who leaves wait to be assigned again; no day starts anew. By form, by night, who may not, reopened, phone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now, today
from server.complaints.actions import void_complaint
from server.complaints.models import ComplaintStep
from server.db import db
from server.people.models import Person
from server.staff.leaving import end_due_employments, end_employment
from tests.features.browsing import console, untranslated
from tests.features.complaint_papers import assign, complaint_of, handled, investigate, resolve, steps, take
from tests.features.papers import APPLIED, result_of
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

SAYS_HOW_MANY = "他手上没处理完的 1 件投诉退回待分派，到期的日子不变，记得另外分派。"


def leave(app, staff: Staff, person_id: str, successor_id: str | None = None) -> None:
    with app.app_context():
        end_employment(person_id, today(), successor_id, staff.ids["root"], now())
        db.session.commit()


def test_the_form_says_how_many_complaints_wait_again_and_they_do(app, company: Company, staff: Staff):
    complaint_id, elsewhere = take(app, company), take(app, company)
    assign(app, complaint_id, company.rep_id)
    assign(app, elsewhere, company.other_rep_id)
    root, place = console(app, "root"), f"/people/{company.rep_id}/leaving"
    assert SAYS_HOW_MANY in root.get(place).text
    assert untranslated(console(app, "root", "en").get(place).text) == []
    assert root.post(place, data={"last_day": str(today())}).status_code == 303
    found = complaint_of(app, complaint_id)
    assert (found.state, found.assigned_to_id, found.received_on, found.due_on) == ("received", None, date(2026, 11, 18), date(2026, 11, 23))
    assert complaint_of(app, elsewhere).assigned_to_id == company.other_rep_id
    page = console(app, "ops").get(f"/complaints/{complaint_id}").text
    assert "待分派" in page and "经办人离岗，退回待分派" in page
    with app.app_context():
        detail = db.session.scalars(select(AuditRow.detail).where(AuditRow.action == "person.left")).one()
        [step] = db.session.scalars(select(ComplaintStep).where(ComplaintStep.action == "released"))
    assert (detail["complaints"], step.complaint_id, step.by_id, step.to_id, step.to_office) == (1, complaint_id, staff.ids["root"], None, False)


def test_whoever_has_none_open_is_told_of_none(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    investigate(app, company, complaint_id)
    resolve(app, company, complaint_id)
    page = console(app, "root").get(f"/people/{company.supervisor_id}/leaving").text
    assert "退回待分派" not in page
    leave(app, staff, company.supervisor_id)
    assert complaint_of(app, complaint_id).state == "resolved" and "released" not in steps(app)


def test_a_complaint_that_is_void_stays_so_when_its_handler_leaves(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    assign(app, complaint_id, company.rep_id)
    with app.app_context():
        void_complaint(complaint_id, "登记了两次", staff.ids["ops"], now())
    assert "退回待分派" not in console(app, "root").get(f"/people/{company.rep_id}/leaving").text
    leave(app, staff, company.rep_id)
    assert complaint_of(app, complaint_id).state == "voided" and "released" not in steps(app)


def test_a_last_day_to_come_lets_complaints_go_in_the_night_after_it_and_once(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    assign(app, complaint_id, company.rep_id)
    with app.app_context():
        end_employment(company.rep_id, today() + timedelta(days=1), None, staff.ids["root"], now())
        db.session.commit()
    assert complaint_of(app, complaint_id).state == "assigned"
    for _ in range(2):
        with app.app_context():
            end_due_employments(now() + timedelta(days=2))
            db.session.commit()
    assert complaint_of(app, complaint_id).state == "received"
    assert steps(app) == ["received", "assigned", "released"]


def test_one_that_was_investigated_is_assigned_again_and_only_has_to_be_handled(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    investigate(app, company, complaint_id)
    leave(app, staff, company.supervisor_id)
    found = complaint_of(app, complaint_id)
    assert (found.state, found.verdict, found.investigation) == ("received", "founded", "看过记录")
    assign(app, complaint_id, company.other_rep_id)
    resolve(app, company, complaint_id)
    assert steps(app) == ["received", "assigned", "founded", "released", "assigned", "resolved"]


def test_what_is_taken_up_again_after_its_handler_left_waits_too(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    investigate(app, company, complaint_id)
    resolve(app, company, complaint_id)
    leave(app, staff, company.supervisor_id)
    assert console(app, "ops").post(f"/complaints/{complaint_id}/reopening", data={"reason": "还没有办"}).status_code == 302
    assert (complaint_of(app, complaint_id).state, complaint_of(app, complaint_id).assigned_to_id) == ("received", None)
    assert steps(app)[-2:] == ["reopened", "released"]


def test_the_successor_may_handle_it_at_the_outlet(app, company: Company, staff: Staff, phone: Phone, other_phone: Phone):
    complaint_id = take(app, company)
    assign(app, complaint_id, company.rep_id)
    leave(app, staff, company.rep_id, company.other_rep_id)
    doc = [event for event in other_phone.pull()[0] if event.get("id") == complaint_id][-1]["doc"]
    assert (doc["state"], doc["assigned_to_id"], doc["assigned_to_name"]) == ("received", None, "")
    assert result_of(other_phone, handled(other_phone, company.outlet_id, complaint_id)) == APPLIED
    assert (complaint_of(app, complaint_id).state, complaint_of(app, complaint_id).assigned_to_id) == ("resolved", company.other_rep_id)


@pytest.mark.parametrize("login", ["boss", "chief", "ops", "rep1"])
def test_only_the_administrator_lets_somebody_leave(app, company: Company, staff: Staff, login):
    complaint_id = take(app, company)
    assign(app, complaint_id, company.rep_id)
    assert console(app, login).post(f"/people/{company.rep_id}/leaving", data={"last_day": str(today())}).status_code == 403
    assert complaint_of(app, complaint_id).assigned_to_id == company.rep_id
    with app.app_context():
        assert db.session.get_one(Person, company.rep_id).is_active
