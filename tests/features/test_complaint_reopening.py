"""What may still be said of a resolved complaint: the customer's feedback, once; and that it has to be handled again."""

from datetime import date

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.complaints.actions import (
    Feedback,
    Resolution,
    assign_complaint,
    investigate_complaint,
    note_feedback,
    reopen_complaint,
    resolve_complaint,
)
from server.complaints.models import ComplaintStep
from server.complaints.proposals import propose_unhandled
from server.db import db
from tests.features.browsing import console, untranslated
from tests.features.complaint_papers import complaint_of, findings, handled, investigate, resolve, steps, take
from tests.features.conftest import noon
from tests.features.papers import documents
from tests.features.staff import Staff, chosen_file, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

SAID = {"feedback_result": "fair", "feedback_speed": "dissatisfied", "feedback_text": "等了两天"}
WHY = {"reason": "点错了，还没有办"}


@pytest.fixture
def resolved(app, company: Company, staff: Staff) -> str:
    """One that the supervisor resolved, and nobody asked the customer; its id."""
    complaint_id = take(app, company)
    investigate(app, company, complaint_id)
    resolve(app, company, complaint_id)
    return complaint_id


def note_of(app, action: str) -> str:
    with app.app_context():
        return db.session.scalars(select(ComplaintStep.note).where(ComplaintStep.action == action)).one()


def actors(app, action: str) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditRow.actor_id).where(AuditRow.action == action)))


def test_ops_notes_what_the_customer_says_afterwards(app, staff: Staff, resolved: str):
    ops, place = console(app, "ops"), f"/complaints/{resolved}"
    assert "记下反馈" in ops.get(place).text
    form = SAID | {"signature": chosen_file(picture("white"))}
    assert ops.post(f"{place}/feedback", data=form, content_type="multipart/form-data").status_code == 302
    page = ops.get(place).text
    assert all(words in page for words in ("基本满意", "不满意", "等了两天", "记客户反馈")) and "记下反馈" not in page
    complaint = complaint_of(app, resolved)
    assert (complaint.state, complaint.signature_sha256) == ("resolved", sha256(picture("white")))
    assert note_of(app, "feedback") == "结果基本满意、速度不满意 等了两天"
    assert actors(app, "complaint.feedback") == [staff.ids["ops"]]


def test_feedback_is_given_once(app, resolved: str):
    ops = console(app, "ops")
    assert ops.post(f"/complaints/{resolved}/feedback", data=SAID).status_code == 302
    twice = ops.post(f"/complaints/{resolved}/feedback", data=SAID | {"feedback_result": "satisfied"})
    assert twice.status_code == 409 and "刚才已经有人办了" in twice.text
    assert complaint_of(app, resolved).feedback_result == "fair"


@pytest.mark.parametrize(("form", "words"), [({}, "这里要填"), ({"feedback_result": "great"}, "要选一个")])
def test_feedback_with_a_fault_says_where(app, resolved: str, form, words):
    answer = console(app, "ops").post(f"/complaints/{resolved}/feedback", data=form)
    assert answer.status_code == 422 and words in answer.text
    assert steps(app) == ["received", "assigned", "founded", "resolved"]


def test_who_may_not_note_feedback_or_reopen(app, resolved: str):
    for login, status in (("rep1", 403), ("rep2", 404), ("farboss", 404), ("chief", 403), ("payer", 403), ("clerk", 403)):
        client = console(app, login)
        assert client.post(f"/complaints/{resolved}/feedback", data=SAID).status_code == status, login
        assert client.post(f"/complaints/{resolved}/reopening", data=WHY).status_code in (403, status), login
    assert steps(app) == ["received", "assigned", "founded", "resolved"]


def test_the_rep_who_handled_it_notes_feedback_and_reopens_nothing(app, company: Company, staff: Staff, phone: Phone):
    complaint_id = take(app, company)
    phone.push(handled(phone, company.outlet_id, complaint_id, {"feedback_result": "", "feedback_speed": "", "feedback_text": ""}))
    rep = console(app, "rep1")
    assert rep.post(f"/complaints/{complaint_id}/reopening", data=WHY).status_code == 403
    assert rep.post(f"/complaints/{complaint_id}/feedback", data=SAID).status_code == 302
    assert complaint_of(app, complaint_id).signature_sha256 is not None


@pytest.mark.parametrize("login", ["ops", "boss"])
def test_a_resolved_complaint_is_taken_up_again_and_goes_its_way(app, staff: Staff, resolved: str, login):
    client, place = console(app, login), f"/complaints/{resolved}"
    client.post(f"{place}/feedback", data=SAID)
    assert client.post(f"{place}/reopening", data=WHY).status_code == 302
    complaint = complaint_of(app, resolved)
    assert (complaint.state, complaint.resolved_on, complaint.handling, complaint.feedback_text) == ("assigned", None, "", "")
    assert note_of(app, "reopened") == "点错了，还没有办（当时的客户反馈：结果基本满意、速度不满意 等了两天）"
    assert actors(app, "complaint.reopened") == [staff.ids[login]]
    assert "处理中" in client.get(place).text and "重新处理" in client.get(place).text
    boss = console(app, "boss")
    assert boss.post(f"{place}/resolution", data={"handling": "真的办了"}).status_code == 302
    assert boss.post(f"{place}/report").status_code == 302
    assert steps(app) == ["received", "assigned", "founded", "resolved", "feedback", "reopened", "resolved", "reported"]


def test_the_paper_of_a_reopened_complaint_names_nobody_as_having_handled_it(app, resolved: str):
    ops, place = console(app, "ops"), f"/complaints/{resolved}"
    ops.post(f"{place}/reopening", data=WHY)
    paper = ops.get(f"{place}/print").text
    assert paper.split("处理人/日期")[1].split("</tr>")[0].count("周敏") == 0 and "还没有处理完。" in paper


def test_reopening_asks_why_and_is_done_once(app, resolved: str):
    boss, place = console(app, "boss"), f"/complaints/{resolved}/reopening"
    answer = boss.post(place, data={"reason": " "})
    assert answer.status_code == 422 and "这里要填" in answer.text
    assert boss.post(place, data=WHY).status_code == 302
    assert boss.post(place, data=WHY).status_code == 409


def test_what_is_reported_or_still_open_is_neither_reopened_nor_given_feedback(app, company: Company, resolved: str):
    boss, still_open = console(app, "boss"), take(app, company)
    boss.post(f"/complaints/{resolved}/report")
    for complaint_id in (resolved, still_open):
        assert boss.post(f"/complaints/{complaint_id}/reopening", data=WHY).status_code == 409
        assert boss.post(f"/complaints/{complaint_id}/feedback", data=SAID).status_code == 409
        shown = boss.get(f"/complaints/{complaint_id}").text
        assert "退回处理中" not in shown and "记下反馈" not in shown


def test_the_clock_runs_on_from_the_first_intake(app, company: Company):
    """Due on Monday the 23rd: reopened on the 20th it is in time until then; resolved again on the 24th it is late."""
    complaint_id, boss = take(app, company), company.supervisor_id
    with app.app_context():
        assign_complaint(complaint_id, boss, "", boss, noon(date(2026, 11, 19)))
        investigate_complaint(complaint_id, "查过", "founded", boss, noon(date(2026, 11, 19)))
        resolve_complaint(complaint_id, Resolution("已说明", "", "", "", ""), boss, noon(date(2026, 11, 19)))
        reopen_complaint(complaint_id, "客户说没有办", boss, noon(date(2026, 11, 20)))
        assert propose_unhandled(noon(date(2026, 11, 23))) == 0
        assert propose_unhandled(noon(date(2026, 11, 24))) == 1
        db.session.commit()
        resolve_complaint(complaint_id, Resolution("已办", "", "", "", ""), boss, noon(date(2026, 11, 24)))
    assert complaint_of(app, complaint_id).due_on == date(2026, 11, 23)
    assert findings(app) == [("complaint_unhandled", "proposed")]


@pytest.mark.parametrize(("day", "found"), [(23, []), (24, [("complaint_unhandled", "proposed")])])
def test_reopening_behind_the_due_day_proposes_at_once(app, company: Company, day, found):
    complaint_id, boss = take(app, company), company.supervisor_id
    with app.test_request_context():
        assign_complaint(complaint_id, boss, "", boss, noon(date(2026, 11, 19)))
        investigate_complaint(complaint_id, "查过", "founded", boss, noon(date(2026, 11, 19)))
        resolve_complaint(complaint_id, Resolution("已说明", "", "", "", ""), boss, noon(date(2026, 11, 23)))
        note_feedback(complaint_id, Feedback("satisfied", "", "", ""), boss, noon(date(2026, 11, day)))
        assert findings(app) == []
        reopen_complaint(complaint_id, "点错了", boss, noon(date(2026, 11, day)))
    assert findings(app) == found


def test_the_phone_hears_of_both_and_resolves_it_again(app, company: Company, staff: Staff, phone: Phone, resolved: str):
    cursor, ops = phone.pull()[1], console(app, "ops")
    ops.post(f"/complaints/{resolved}/feedback", data=SAID)
    assert documents(phone, "complaint", cursor)[resolved]["feedback_speed"] == "dissatisfied"
    ops.post(f"/complaints/{resolved}/reopening", data=WHY)
    ops.post(f"/complaints/{resolved}/assignment", data={"person_id": company.rep_id})
    document = documents(phone, "complaint", cursor)[resolved]
    assert (document["state"], document["resolved_on"], document["handling"], document["feedback_speed"]) == ("assigned", None, "", "")
    phone.push(handled(phone, company.outlet_id, resolved))
    assert complaint_of(app, resolved).state == "resolved"


def test_the_pages_have_english(app, resolved: str):
    ops = console(app, "ops", "en")
    assert untranslated(ops.get(f"/complaints/{resolved}").text) == []
    assert untranslated(ops.post(f"/complaints/{resolved}/reopening", data={}).text) == []
    ops.post(f"/complaints/{resolved}/feedback", data=SAID | {"feedback_text": "slow"})
    ops.post(f"/complaints/{resolved}/reopening", data=WHY)
    assert untranslated(ops.get(f"/complaints/{resolved}").text) == []
