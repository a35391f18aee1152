"""Complaints: taken in, assigned, investigated, resolved, reported. Happy, who may not, bad input, twice."""

from datetime import date

import pytest
from sqlalchemy import func, select

from server.clock import now, today
from server.complaints.actions import Intake, assign_complaint, investigate_complaint, receive_complaint
from server.complaints.models import Complaint, ComplaintStep
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import Staff, chosen_file, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


def intake_form(company: Company, **changes: str) -> dict[str, str]:
    form = {
        "id": uuid7(),
        "outlet_id": company.outlet_id,
        "kind": "settlement",
        "received_on": today().isoformat(),
        "complainant": "王秀兰",
        "phone": "13800000217",
        "account": "四笔缴费隔天才到账",
        "demand": "查清原因",
    }
    return form | changes


def take(app, company: Company, **changes) -> str:
    """A complaint of 2026-11-18 (a Wednesday: due on Monday the 23rd) taken in by ops; returns its id."""
    facts = {"id": uuid7(), "outlet_id": company.outlet_id, "kind": "settlement", "is_about_rep": False, "needs_call": True}
    facts |= {"received_on": date(2026, 11, 18), "complainant": "王秀兰", "phone": "", "account": "到账慢", "demand": ""} | changes
    with app.app_context():
        return receive_complaint(Intake(**facts), company.supervisor_id, noon(facts["received_on"])).id


def complaint_of(app, complaint_id: str) -> Complaint:
    with app.app_context():
        return db.session.get_one(Complaint, complaint_id)


def findings(app) -> list[tuple[str, str, str, str, str]]:
    with app.app_context():
        query = select(Finding).order_by(Finding.kind, Finding.source_key)
        return [(one.source_key, one.month, one.person_id, str(one.amount_yuan), one.state) for one in db.session.scalars(query)]


def test_a_complaint_goes_its_whole_way_in_the_console(app, company: Company, staff: Staff):
    ops, boss = console(app, "ops"), console(app, "boss")
    place = ops.post("/complaints", data=intake_form(company, needs_call="yes")).headers["Location"]
    assert "还没有分派" in ops.get(place).text
    assert ops.post(f"{place}/assignment", data={"person_id": company.supervisor_id, "note": "到店看看"}).status_code == 302
    assert boss.post(f"{place}/investigation", data={"investigation": "银行对账延迟", "verdict": "unfounded"}).status_code == 302
    answers = {"handling": "已致歉", "feedback_result": "satisfied", "feedback_speed": "fair", "feedback_text": "下次快点"}
    sent = boss.post(f"{place}/resolution", data=answers | {"signature": chosen_file(picture("white"))}, content_type="multipart/form-data")
    assert sent.status_code == 302
    assert boss.post(f"{place}/report", data={"note": "三天内办完"}).status_code == 302
    page = boss.get(place).text
    assert all(text in page for text in ("银行对账延迟", "不属实", "已致歉", "基本满意", "下次快点", "三天内办完", "已上报经理"))
    assert boss.get(f"/photos/{sha256(picture('white'))}?size=thumb").status_code == 200
    assert console(app, "rep2").get(f"/photos/{sha256(picture('white'))}?size=thumb").status_code == 404
    with app.app_context():
        actions = list(db.session.scalars(select(ComplaintStep.action).order_by(ComplaintStep.at, ComplaintStep.id)))
    assert actions == ["received", "assigned", "unfounded", "resolved", "reported"]


def test_the_due_day_is_the_third_working_day(app, company: Company):
    assert complaint_of(app, take(app, company)).due_on == date(2026, 11, 23)


def test_the_same_form_sent_twice_makes_one_complaint(app, company: Company, staff: Staff):
    ops, form = console(app, "ops"), intake_form(company)
    first, second = ops.post("/complaints", data=form), ops.post("/complaints", data=form)
    assert first.headers["Location"] == second.headers["Location"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Complaint)) == 1
    assert ops.post("/complaints", data=form | {"account": "另一件事"}).status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "", "要选一个"),
        ("received_on", "2099-01-01", "最晚填今天"),
        ("received_on", "昨天", "这样的日期"),
        ("complainant", " ", "这里要填"),
        ("account", "", "这里要填"),
    ],
)
def test_an_intake_with_a_fault_says_where_and_keeps_the_rest(app, company: Company, staff: Staff, field, value, words):
    answer = console(app, "ops").post("/complaints", data=intake_form(company) | {field: value})
    assert answer.status_code == 422
    assert words in answer.text and "13800000217" in answer.text


def test_only_ops_takes_complaints_in(app, company: Company, staff: Staff):
    for login in ("boss", "rep1", "chief", "root", "payer"):
        assert console(app, login).post("/complaints", data=intake_form(company)).status_code == 403
        assert console(app, login).get("/complaints/new").status_code == 403


def test_an_intake_finds_its_outlet_by_words(app, company: Company, staff: Staff):
    ops = console(app, "ops")
    assert "网点 CD-2" in ops.get("/complaints/new?q=CD-2").text
    assert "没有这样的网点" in ops.get("/complaints/new?q=无此店").text
    assert ops.get("/complaints/new?outlet=nothing").status_code == 404


def test_complaints_show_to_those_within_reach(app, company: Company, staff: Staff):
    place = f"/complaints/{take(app, company)}"
    for login, status in (("ops", 200), ("chief", 200), ("root", 200), ("payer", 200), ("boss", 200), ("rep1", 200)):
        assert console(app, login).get(place).status_code == status, login
    for login in ("rep2", "farboss", "farrep"):
        assert console(app, login).get(place).status_code == 404, login
        assert "网点 CD-1" not in console(app, login).get("/complaints").text


def test_a_complaint_about_the_rep_shows_to_the_rep_once_investigated(app, company: Company, staff: Staff):
    complaint_id = take(app, company, is_about_rep=True)
    assert console(app, "rep1").get(f"/complaints/{complaint_id}").status_code == 404
    with app.app_context():
        assign_complaint(complaint_id, company.supervisor_id, "", company.supervisor_id, now())
        investigate_complaint(complaint_id, "核实", "founded", company.supervisor_id, now())
    assert console(app, "rep1").get(f"/complaints/{complaint_id}").status_code == 200


def test_a_complaint_about_the_rep_goes_to_the_supervisor_only(app, company: Company, staff: Staff):
    place = f"/complaints/{take(app, company, is_about_rep=True)}/assignment"
    ops = console(app, "ops")
    for person_id in (company.rep_id, company.other_rep_id, staff.ids["ops"], staff.ids["farboss"], ""):
        answer = ops.post(place, data={"person_id": person_id})
        assert answer.status_code == 422 and "要选名单里的人" in answer.text
    assert ops.post(place, data={"person_id": company.supervisor_id}).status_code == 302


def test_ops_handles_itself_what_needs_no_call(app, company: Company, staff: Staff):
    needs_call, by_phone = take(app, company), take(app, company, needs_call=False)
    ops, form = console(app, "ops"), {"person_id": staff.ids["ops"]}
    assert ops.post(f"/complaints/{needs_call}/assignment", data=form).status_code == 422
    assert ops.post(f"/complaints/{by_phone}/assignment", data=form).status_code == 302
    found = {"investigation": "电话里说清了", "verdict": "unfounded"}
    assert ops.post(f"/complaints/{by_phone}/investigation", data=found).status_code == 302


def test_another_rep_or_region_handles_nothing(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    with app.app_context():
        assign_complaint(complaint_id, company.rep_id, "", company.supervisor_id, now())
    found = {"investigation": "x", "verdict": "founded"}
    for login, status in (("rep2", 404), ("farboss", 404), ("chief", 403), ("ops", 403)):
        assert console(app, login).post(f"/complaints/{complaint_id}/investigation", data=found).status_code == status, login
    assert console(app, "rep1").post(f"/complaints/{complaint_id}/assignment", data={"person_id": company.rep_id}).status_code == 403
    assert console(app, "rep1").post(f"/complaints/{complaint_id}/investigation", data=found).status_code == 302


def test_steps_out_of_order_are_refused_as_stale(app, company: Company, staff: Staff):
    place, boss = f"/complaints/{take(app, company)}", console(app, "boss")
    found, handled = {"investigation": "x", "verdict": "founded"}, {"handling": "y"}
    assert boss.post(f"{place}/investigation", data=found).status_code == 409
    assert boss.post(f"{place}/assignment", data={"person_id": company.supervisor_id}).status_code == 302
    assert boss.post(f"{place}/resolution", data=handled).status_code == 409
    assert boss.post(f"{place}/report").status_code == 409
    boss.post(f"{place}/investigation", data=found)
    assert boss.post(f"{place}/resolution", data=handled).status_code == 302
    twice = boss.post(f"{place}/resolution", data=handled)
    assert twice.status_code == 409 and "刚才已经有人办了" in twice.text
    assert boss.post(f"{place}/investigation", data=found).status_code == 409
    assert boss.post(f"{place}/assignment", data={"person_id": company.rep_id}).status_code == 409


@pytest.mark.parametrize(
    ("step", "data", "words"),
    [
        ("investigation", {"verdict": "founded"}, "这里要填"),
        ("investigation", {"investigation": "查了"}, "要选一个"),
        ("resolution", {"feedback_result": "satisfied"}, "这里要填"),
        ("resolution", {"handling": "办了", "feedback_speed": "fast"}, "要选一个"),
    ],
)
def test_a_step_with_a_fault_says_where(app, company: Company, staff: Staff, step, data, words):
    complaint_id = take(app, company)
    with app.app_context():
        assign_complaint(complaint_id, company.supervisor_id, "", company.supervisor_id, now())
        investigate_complaint(complaint_id, "查过", "founded", company.supervisor_id, now())
    answer = console(app, "boss").post(f"/complaints/{complaint_id}/{step}", data=data)
    assert answer.status_code == 422 and words in answer.text


def test_a_signature_has_to_be_a_picture(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    with app.app_context():
        assign_complaint(complaint_id, company.supervisor_id, "", company.supervisor_id, now())
        investigate_complaint(complaint_id, "查过", "founded", company.supervisor_id, now())
    data = {"handling": "办了", "signature": chosen_file(b"%PDF-1.7 not a picture")}
    answer = console(app, "boss").post(f"/complaints/{complaint_id}/resolution", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422 and "不是完整的图片" in answer.text
    assert complaint_of(app, complaint_id).state == "assigned"


def test_a_founded_complaint_about_the_rep_is_proposed_and_taken_back_when_unfounded(app, company: Company):
    complaint_id, boss = take(app, company, is_about_rep=True), company.supervisor_id
    with app.app_context():
        assign_complaint(complaint_id, boss, "", boss, noon(date(2026, 11, 19)))
        investigate_complaint(complaint_id, "态度不好", "founded", boss, noon(date(2026, 11, 20)))
    key = f"complaint_about_rep:{complaint_id}"
    assert findings(app) == [(key, "2026-11", company.rep_id, "30.00", "proposed")]
    with app.app_context():
        investigate_complaint(complaint_id, "认错了人", "unfounded", boss, noon(date(2026, 11, 21)))
    assert findings(app) == [(key, "2026-11", company.rep_id, "30.00", "dismissed")]
    with app.app_context():
        investigate_complaint(complaint_id, "又有证人", "founded", boss, noon(date(2026, 11, 22)))
    assert findings(app) == [(key, "2026-11", company.rep_id, "30.00", "proposed")]


def test_what_the_manager_dismissed_is_not_proposed_again(app, company: Company):
    complaint_id, boss = take(app, company, is_about_rep=True), company.supervisor_id
    with app.app_context():
        assign_complaint(complaint_id, boss, "", boss, noon(date(2026, 11, 19)))
        investigate_complaint(complaint_id, "态度不好", "founded", boss, noon(date(2026, 11, 20)))
        finding_id = db.session.scalars(select(Finding.id)).one()
        decide_finding(finding_id, "dismissed", "一时误会", boss, noon(date(2026, 11, 20)))
        investigate_complaint(complaint_id, "态度不好，两次", "founded", boss, noon(date(2026, 11, 21)))
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]


def unhandled(app, day: date) -> int:
    with app.app_context():
        made = propose_unhandled(noon(day))
        db.session.commit()
        return made


def test_an_unhandled_complaint_is_proposed_the_day_after_its_due_day_once(app, company: Company):
    complaint_id = take(app, company)
    assert unhandled(app, date(2026, 11, 23)) == 0
    assert unhandled(app, date(2026, 11, 24)) == 1
    assert unhandled(app, date(2026, 11, 25)) == 0
    assert findings(app) == [(f"complaint_unhandled:{complaint_id}", "2026-11", company.rep_id, "30.00", "proposed")]
    with app.app_context():
        evidence = db.session.execute(select(FindingEvidence.kind, FindingEvidence.ref_id)).all()
    assert [tuple(row) for row in evidence] == [("complaint", complaint_id)]


def test_the_rep_of_the_day_it_was_received_is_charged_in_the_month_of_the_due_day(app, company: Company):
    complaint_id = take(app, company, received_on=date(2026, 11, 27))
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 28), company.supervisor_id, noon(date(2026, 11, 30)))
    assert unhandled(app, date(2026, 12, 3)) == 1
    assert findings(app) == [(f"complaint_unhandled:{complaint_id}", "2026-12", company.rep_id, "30.00", "proposed")]


def test_a_complaint_about_the_rep_is_never_left_unhandled_by_the_rep(app, company: Company):
    take(app, company, is_about_rep=True)
    assert unhandled(app, date(2026, 12, 1)) == 0


def test_a_complaint_resolved_in_time_but_entered_late_takes_its_finding_back(app, company: Company):
    complaint_id = take(app, company)
    unhandled(app, date(2026, 11, 24))
    with app.app_context():
        complaint = db.session.get_one(Complaint, complaint_id)
        complaint.resolved_on, complaint.state = date(2026, 11, 23), "resolved"
        db.session.commit()
    assert unhandled(app, date(2026, 11, 25)) == 0
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]


def test_one_resolved_after_its_due_day_stays_proposed(app, company: Company):
    complaint_id = take(app, company)
    with app.app_context():
        complaint = db.session.get_one(Complaint, complaint_id)
        complaint.resolved_on, complaint.state = date(2026, 11, 24), "resolved"
        db.session.commit()
    assert unhandled(app, date(2026, 11, 30)) == 1
    assert unhandled(app, date(2026, 12, 1)) == 0


def test_a_due_day_follows_a_calendar_that_was_announced(app, company: Company):
    from server.policy.models import CalendarYear

    complaint_id = take(app, company)
    with app.app_context():
        year = db.session.get_one(CalendarYear, 2026)
        year.off = [*year.off, "2026-11-20"]
        db.session.commit()
    assert unhandled(app, date(2026, 11, 24)) == 0
    assert complaint_of(app, complaint_id).due_on == date(2026, 11, 24)


def test_a_merged_outlets_complaint_moves_and_is_charged_there(app, company: Company):
    complaint_id = take(app, company)
    unhandled(app, date(2026, 11, 24))
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(date(2026, 11, 24)))
    assert complaint_of(app, complaint_id).outlet_id == company.second_outlet_id
    unhandled(app, date(2026, 11, 25))
    with app.app_context():
        finding = db.session.scalars(select(Finding)).one()
        assert (finding.outlet_id, finding.state) == (company.second_outlet_id, "proposed")


def test_lists_are_by_state_and_first_due_first(app, company: Company, staff: Staff):
    later, first = take(app, company, received_on=date(2026, 11, 20)), take(app, company, received_on=date(2026, 11, 10))
    page = console(app, "ops").get("/complaints").text
    assert page.index(first) < page.index(later)
    assert "没有这样的投诉" in console(app, "ops").get("/complaints?state=reported").text
    assert console(app, "ops").get("/complaints?state=x").status_code == 422
    assert "<!doctype html>" not in console(app, "ops").get("/complaints", headers={"HX-Request": "true"}).text


def test_the_pages_have_english(app, company: Company, staff: Staff):
    complaint_id = take(app, company)
    with app.app_context():
        assign_complaint(complaint_id, company.supervisor_id, "", company.supervisor_id, now())
        investigate_complaint(complaint_id, "查过", "founded", company.supervisor_id, now())
    for login in ("ops", "boss"):
        client = console(app, login, "en")
        for path in ("/complaints", "/complaints/new", f"/complaints/new?outlet={company.outlet_id}", f"/complaints/{complaint_id}"):
            assert untranslated(client.get(path).text) == [], path
    assert untranslated(console(app, "ops", "en").post("/complaints", data=intake_form(company, account="")).text) == []
