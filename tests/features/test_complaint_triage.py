"""What kind of complaint it is may be set right for as long as it is open, with what hangs on it: who handles it, findings, phones."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.complaints.actions import assign_complaint, investigate_complaint
from server.complaints.models import Complaint, ComplaintStep
from server.complaints.proposals import propose_unhandled
from server.db import db
from tests.features.browsing import console, untranslated
from tests.features.complaint_papers import complaint_of, findings, investigate, raised, resolve, steps, take
from tests.features.conftest import noon
from tests.features.papers import documents, gone
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_complaint_assignees import chosen_person
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

AS_TAKEN = {"kind": "settlement", "needs_call": "yes"}


def assigned(app, login: str, complaint_id: str, person_id: str, **form: str):
    return console(app, login).post(f"/complaints/{complaint_id}/assignment", data={"person_id": person_id} | form)


def triage_of(app, complaint_id: str) -> tuple[str, bool, bool]:
    complaint = complaint_of(app, complaint_id)
    return complaint.kind, complaint.is_about_rep, complaint.needs_call


def notes(app, action: str) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ComplaintStep.note).where(ComplaintStep.action == action)))


def test_the_form_shows_what_stands_and_the_same_again_is_no_step(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    page = console(app, "ops").get(f"/complaints/{complaint_id}").text
    assert '<option value="settlement" selected>' in page
    assert re.findall(r'name="(is_about_rep|needs_call)" value="yes"( checked)?', page) == [("is_about_rep", ""), ("needs_call", " checked")]
    assert assigned(app, "ops", complaint_id, company.rep_id, **AS_TAKEN).status_code == 302
    assert steps(app) == ["received", "assigned"]


def test_kind_and_ticks_are_set_right_while_it_is_assigned(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    form = {"kind": "service", "is_about_rep": "yes"}
    assert assigned(app, "ops", complaint_id, company.supervisor_id, **form).status_code == 302
    assert triage_of(app, complaint_id) == ("service", True, False)
    assert notes(app, "triaged") == ["到账 → 服务、投诉的是片区负责人本人、不用到网点处理"]
    assert "改了种类" in console(app, "boss").get(f"/complaints/{complaint_id}").text
    assert assigned(app, "boss", complaint_id, company.rep_id, kind="service", needs_call="yes").status_code == 302
    assert triage_of(app, complaint_id) == ("service", False, True)
    assert steps(app) == ["received", "triaged", "assigned", "triaged", "assigned"]
    with app.app_context():
        assert db.session.scalars(select(AuditRow.actor_id).where(AuditRow.action == "complaint.triaged")).all() == [
            staff.ids["ops"],
            company.supervisor_id,
        ]


@pytest.mark.parametrize(
    ("form", "login"),
    [({"is_about_rep": "yes"}, "rep1"), ({"is_about_rep": "yes"}, "ops"), ({"needs_call": "yes"}, "ops")],
)
def test_whoever_may_not_handle_that_kind_is_refused_and_nothing_is_changed(app, company: Company, staff: Staff, form, login):
    complaint_id = take(app, company, needs_call=False)
    answer = assigned(app, "ops", complaint_id, staff.ids[login], kind="service", **form)
    assert answer.status_code == 422 and "投诉片区负责人的只能交市场主管，要上门的不交运维" in answer.text
    assert chosen_person(answer.text) == [] and f'value="{staff.ids[login]}"' not in answer.text
    assert '<option value="service" selected>' in answer.text
    assert triage_of(app, complaint_id) == ("settlement", False, False) and steps(app) == ["received"]


def test_a_kind_has_to_be_chosen(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    answer = assigned(app, "ops", complaint_id, company.supervisor_id, kind="gossip")
    assert answer.status_code == 422 and "要选一个" in answer.text
    assert steps(app) == ["received"]


def test_who_may_not_set_it_right(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    for login, status in (("rep1", 403), ("payer", 403), ("clerk", 403), ("root", 403), ("farboss", 404)):
        assert assigned(app, login, complaint_id, company.supervisor_id, kind="service").status_code == status, login
    assert triage_of(app, complaint_id) == ("settlement", False, True)


def test_what_is_resolved_keeps_its_kind(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    investigate(app, company, complaint_id)
    resolve(app, company, complaint_id)
    assert assigned(app, "ops", complaint_id, company.supervisor_id, kind="service").status_code == 409
    assert triage_of(app, complaint_id) == ("settlement", False, True)


def test_nobody_is_chosen_for_one_from_a_phone_before_somebody_said_what_it_is(app, company: Company, staff: Staff, phone: Phone):
    phone.push(raised(phone, company.outlet_id))
    with app.app_context():
        complaint_id = db.session.scalars(select(Complaint.id)).one()
    assert chosen_person(console(app, "ops").get(f"/complaints/{complaint_id}").text) == []
    assert assigned(app, "ops", complaint_id, company.rep_id, **AS_TAKEN).status_code == 302
    assert triage_of(app, complaint_id) == ("settlement", False, True)


def test_one_that_turns_out_to_be_about_the_rep_leaves_the_phone_and_the_rep(app, company: Company, staff: Staff, phone: Phone):
    complaint_id = take(app, company)
    cursor = phone.pull()[1]
    assert assigned(app, "ops", complaint_id, company.supervisor_id, kind="service", is_about_rep="yes").status_code == 302
    assert gone(phone, "complaint", cursor) == {complaint_id}
    assert console(app, "rep1").get(f"/complaints/{complaint_id}").status_code == 404
    cursor = phone.pull(cursor)[1]
    assert assigned(app, "ops", complaint_id, company.rep_id, kind="service").status_code == 302
    assert documents(phone, "complaint", cursor)[complaint_id]["kind"] == "service"
    assert console(app, "rep1").get(f"/complaints/{complaint_id}").status_code == 200


def test_the_findings_follow_the_tick(app, company: Company, staff: Staff):
    """Late and founded: about the rep it is the rep's conduct that may cost, else that it was left unhandled."""
    complaint_id, boss = take(app, company), company.supervisor_id
    with app.app_context():
        assign_complaint(complaint_id, boss, "", boss, noon(date(2026, 11, 19)))
        investigate_complaint(complaint_id, "态度不好", "founded", boss, noon(date(2026, 11, 20)))
        propose_unhandled(noon(date(2026, 11, 24)))
        db.session.commit()
    assert findings(app) == [("complaint_unhandled", "proposed")]
    assigned(app, "ops", complaint_id, boss, kind="service", is_about_rep="yes")
    assert findings(app) == [("complaint_about_rep", "proposed"), ("complaint_unhandled", "dismissed")]
    assigned(app, "ops", complaint_id, boss, kind="service")
    assert findings(app) == [("complaint_about_rep", "dismissed"), ("complaint_unhandled", "proposed")]


def test_the_form_has_english(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    with app.app_context():
        assign_complaint(complaint_id, company.supervisor_id, "", company.supervisor_id, now())
    assigned(app, "ops", complaint_id, company.supervisor_id, kind="service")
    ops = console(app, "ops", "en")
    assert untranslated(ops.get(f"/complaints/{complaint_id}").text) == []
    faulty = ops.post(f"/complaints/{complaint_id}/assignment", data={"person_id": company.rep_id, "kind": "service", "is_about_rep": "yes"})
    assert untranslated(faulty.text) == []
