"""Complaints from phones: raised at the outlet, handled there, and what a rep's phone may know of them."""

from datetime import date

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.complaints.actions import Intake, Resolution, assign_complaint, investigate_complaint, receive_complaint, resolve_complaint
from server.complaints.models import Complaint, ComplaintStep
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.feed.clock import FeedEntry, touch
from server.feed.models import SyncFeed
from server.findings.models import Finding
from server.intake.rerun import run_repairable
from server.outlets.duplicates import merge_outlets
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.papers import (
    APPLIED,
    AT,
    COMPLAINT,
    INVALID,
    NOBODY,
    RESULT,
    SIGNATURE,
    SIGNED,
    days_ago,
    documents,
    give_to,
    gone,
    night,
    paper,
    result_of,
    to_send_again,
)
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

NOVEMBER_18 = date(2026, 11, 18)  # a Wednesday: due on Monday the 23rd
CLOSED = ("quarantined", "complaint_closed")
NOT_YOURS = ("quarantined", "complaint_not_yours")
UNKNOWN = ("quarantined", "unknown_complaint")


def raised(phone: Phone, outlet_id: str, body=None, **changes):
    said = {"heard_at": AT, "kind": "settlement", "complainant": "王秀兰", "phone": "13800000217", "account": "到账慢", "demand": "查清原因"}
    return paper(phone, COMPLAINT, outlet_id, said | (body or {}), **changes)


def handled(phone: Phone, outlet_id: str, complaint_id: str, body=None, **changes):
    said = {"complaint_id": complaint_id, "done_at": AT, "investigation": "银行对账延迟", "verdict": "unfounded", "handling": "已说明"}
    said |= {"feedback_result": "satisfied", "feedback_speed": "fair", "feedback_text": "下次快点", "signature": SIGNED}
    return paper(phone, RESULT, outlet_id, said | (body or {}), **changes)


def take(app, company: Company, **changes) -> str:
    """A complaint at the first outlet that ops took in; returns its id."""
    facts = {"id": uuid7(), "outlet_id": company.outlet_id, "kind": "settlement", "is_about_rep": False, "needs_call": True}
    facts |= {"received_on": NOVEMBER_18, "complainant": "王秀兰", "phone": "13800000217", "account": "到账慢", "demand": "查清原因"} | changes
    with app.app_context():
        return receive_complaint(Intake(**facts), company.supervisor_id, noon(facts["received_on"])).id


def assign(app, complaint_id: str, person_id: str) -> None:
    with app.app_context():
        assign_complaint(complaint_id, person_id, "", person_id, now())


def investigate(app, company: Company, complaint_id: str, verdict: str = "founded") -> None:
    """By the supervisor, who takes it on."""
    assign(app, complaint_id, company.supervisor_id)
    with app.app_context():
        investigate_complaint(complaint_id, "看过记录", verdict, company.supervisor_id, now())


def resolve(app, company: Company, complaint_id: str, day: date | None = None) -> None:
    with app.app_context():
        resolution = Resolution("已说明", "", "", "", "")
        resolve_complaint(complaint_id, resolution, company.supervisor_id, noon(day) if day else now())


def complaint_of(app, complaint_id: str) -> Complaint:
    with app.app_context():
        return db.session.get_one(Complaint, complaint_id)


def steps(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ComplaintStep.action).order_by(ComplaintStep.at, ComplaintStep.id)))


def findings(app) -> list[tuple[str, str]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(Finding.kind, Finding.state).order_by(Finding.kind))]


# raised ---------------------------------------------------------------------------------------------------------------


def test_a_complaint_raised_at_the_outlet_is_taken_in_and_shown_to_the_office(app, company: Company, staff: Staff, phone: Phone):
    op = raised(phone, company.outlet_id, {"complainant": " 王秀兰 ", "account": "到账慢\n"})
    assert result_of(phone, op) == APPLIED
    kept = complaint_of(app, op["entity"]["id"])
    assert (kept.outlet_id, kept.op_id, kept.received_by_id, kept.state) == (company.outlet_id, op["op_id"], company.rep_id, "received")
    assert (kept.kind, kept.complainant, kept.phone, kept.account, kept.demand) == ("settlement", "王秀兰", "13800000217", "到账慢", "查清原因")
    assert (kept.received_on, kept.due_on) == (date(2026, 11, 24), date(2026, 11, 27))
    assert (kept.is_about_rep, kept.needs_call, kept.assigned_to_id, kept.verdict) == (False, False, None, "")
    assert steps(app) == ["received"]
    page = console(app, "ops").get(f"/complaints/{kept.id}").text
    assert all(words in page for words in ("到账慢", "查清原因", "还没有分派", "赵广田"))


def test_a_complaint_sent_twice_is_one(app, company: Company, phone: Phone):
    op = raised(phone, company.outlet_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert steps(app) == ["received"]


def test_a_complaint_at_an_outlet_that_never_was_theirs_is_kept_and_not_in_force(app, company: Company, other_phone: Phone):
    assert result_of(other_phone, raised(other_phone, company.outlet_id)) == ("quarantined", "unknown_outlet")
    assert result_of(other_phone, raised(other_phone, NOBODY)) == ("quarantined", "unknown_outlet")
    assert steps(app) == []


def test_a_complaint_at_an_outlet_lost_meanwhile_is_in_force(app, company: Company, phone: Phone):
    op = raised(phone, company.outlet_id)
    give_to(app, company, company.outlet_id, company.other_rep_id)
    [result] = phone.push(op).json["results"]
    assert (result["code"], result["problem"]["code"], result["problem"]["detail"]) == ("out_of_scope_accepted", "outlet_reassigned", "林晓月")
    assert complaint_of(app, op["entity"]["id"]).received_by_id == company.rep_id


def test_a_complaint_at_a_merged_outlet_belongs_to_the_one_that_was_kept(app, company: Company, phone: Phone):
    op = raised(phone, company.outlet_id)
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, op) == APPLIED
    assert complaint_of(app, op["entity"]["id"]).outlet_id == company.second_outlet_id


@pytest.mark.parametrize(
    ("heard_at", "offset_ms", "received_on"),
    [
        ("2026-11-23T15:59:59.999Z", None, date(2026, 11, 23)),  # the last moment of the day in Shanghai
        ("2026-11-23T16:00:00.000Z", None, date(2026, 11, 24)),
        ("2026-11-23T15:59:00.000Z", 60_000, date(2026, 11, 24)),
        ("2026-11-24T00:00:30.000+08:00", -31_000, date(2026, 11, 23)),
    ],
)
def test_a_complaint_is_received_on_the_day_of_the_corrected_time(app, company: Company, phone: Phone, heard_at, offset_ms, received_on):
    op = raised(phone, company.outlet_id, {"heard_at": heard_at}, t={"wall": AT, "mono": 1.0, "boot": "b", "offset_ms": offset_ms})
    assert result_of(phone, op) == APPLIED
    assert complaint_of(app, op["entity"]["id"]).received_on == received_on


def test_a_clock_that_runs_ahead_hears_nothing_before_the_receipt(app, company: Company, phone: Phone):
    op = raised(phone, company.outlet_id, {"heard_at": "2098-01-01T00:00:00.000Z"})
    assert result_of(phone, op) == APPLIED
    assert complaint_of(app, op["entity"]["id"]).received_on == today()


AT_BOUNDS = [
    {"complainant": "王" * 60},
    {"phone": "1" * 40},
    {"phone": ""},
    {"account": "慢" * 2000},
    {"demand": "查" * 2000},
    {"demand": ""},
    *({"kind": kind} for kind in ("settlement", "equipment", "materials", "service", "other")),
]
BEYOND_BOUNDS = [
    {"complainant": "王" * 61},
    {"complainant": ""},
    {"complainant": " \n"},
    {"complainant": None},
    {"phone": "1" * 41},
    {"account": "慢" * 2001},
    {"account": ""},
    {"account": "\t "},
    {"demand": "查" * 2001},
    {"kind": "praise"},
    {"heard_at": "2026-11-24T01:00:00"},
    {"heard_at": "0001-01-01T00:00:00+08:00"},
    {"heard_at": 7},
    {"complaint_id": "7"},
    {"outlet_id": NOBODY},
]


@pytest.mark.parametrize("body", AT_BOUNDS, ids=lambda body: str(body)[:40])
def test_a_complaint_at_the_bounds_of_a_field_is_taken_in(company: Company, phone: Phone, body):
    assert result_of(phone, raised(phone, company.outlet_id, body)) == APPLIED


@pytest.mark.parametrize("body", BEYOND_BOUNDS, ids=lambda body: str(body)[:40])
def test_a_complaint_with_a_field_that_is_not_valid_is_kept_and_not_in_force(app, company: Company, phone: Phone, body):
    entity = {"type": "complaint", "id": uuid7()}
    assert result_of(phone, raised(phone, company.outlet_id, {"complaint_id": entity["id"]} | body, entity=entity)) == INVALID
    assert steps(app) == []


ENVELOPES = [
    {"kind": "edit"},
    {"entity": {"type": "complaint", "id": NOBODY}},
    {"scope": f"outlet:{NOBODY}"},
    {"blobs": ["b" * 64]},
]


@pytest.mark.parametrize("changes", [*ENVELOPES, {"entity": {"type": "visit", "id": NOBODY}}], ids=str)
def test_a_complaint_in_a_wrong_envelope_is_kept_and_not_in_force(app, company: Company, phone: Phone, changes):
    assert result_of(phone, raised(phone, company.outlet_id, **changes)) == INVALID
    assert steps(app) == []


def test_the_id_of_another_complaint_is_not_used_again(app, company: Company, phone: Phone):
    known = take(app, company)
    assert result_of(phone, raised(phone, company.outlet_id, {"complaint_id": known})) == ("quarantined", "id_taken")
    assert steps(app) == ["received"]


# handled --------------------------------------------------------------------------------------------------------------


def test_a_complaint_that_nobody_was_given_is_the_authors_and_closed(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    assert phone.push(handled(phone, company.outlet_id, complaint_id)).json["results"][0]["missing_blobs"] == [SIGNATURE]
    kept = complaint_of(app, complaint_id)
    assert (kept.state, kept.assigned_to_id, kept.resolved_by_id) == ("resolved", company.rep_id, company.rep_id)
    assert (kept.investigation, kept.verdict, kept.investigated_on) == ("银行对账延迟", "unfounded", date(2026, 11, 24))
    assert (kept.handling, kept.resolved_on, kept.signature_sha256) == ("已说明", date(2026, 11, 24), SIGNATURE)
    assert (kept.feedback_result, kept.feedback_speed, kept.feedback_text) == ("satisfied", "fair", "下次快点")
    assert steps(app) == ["received", "assigned", "unfounded", "resolved"]


def test_a_complaint_of_ones_own_is_closed_without_being_assigned_again(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    assign(app, complaint_id, company.rep_id)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id, {"verdict": "founded", "signature": None})) == APPLIED
    assert complaint_of(app, complaint_id).signature_sha256 is None
    assert steps(app) == ["received", "assigned", "founded", "resolved"]


def test_a_complaint_raised_and_handled_without_a_network_goes_in_at_once(app, company: Company, phone: Phone):
    first = raised(phone, company.outlet_id)
    second = handled(phone, company.outlet_id, first["entity"]["id"])
    assert [result["code"] for result in phone.push(first, second).json["results"]] == ["applied", "applied"]
    assert complaint_of(app, first["entity"]["id"]).state == "resolved"


def test_a_result_sent_twice_is_one_and_a_second_result_is_refused(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    op = handled(phone, company.outlet_id, complaint_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id, {"handling": "又去了一次"})) == CLOSED
    assert (complaint_of(app, complaint_id).handling, len(steps(app))) == ("已说明", 4)


def test_the_id_of_another_result_is_not_used_again(app, company: Company, phone: Phone):
    first, second = take(app, company), take(app, company)
    op = handled(phone, company.outlet_id, first)
    assert result_of(phone, op) == APPLIED
    assert result_of(phone, handled(phone, company.outlet_id, second, {"result_id": op["entity"]["id"]})) == ("quarantined", "id_taken")
    assert complaint_of(app, second).state == "received"


def test_a_complaint_that_the_office_closed_meanwhile_stays_as_it_is(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    op = handled(phone, company.outlet_id, complaint_id)
    investigate(app, company, complaint_id)
    resolve(app, company, complaint_id)
    assert result_of(phone, op) == CLOSED
    assert complaint_of(app, complaint_id).verdict == "founded"


def test_a_complaint_that_somebody_else_handles_is_not_closed(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    assign(app, complaint_id, company.other_rep_id)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id)) == NOT_YOURS
    assert steps(app) == ["received", "assigned"]


def test_a_complaint_about_the_rep_is_never_closed_by_the_rep(app, company: Company, phone: Phone):
    complaint_id = take(app, company, is_about_rep=True)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id)) == NOT_YOURS
    investigate(app, company, complaint_id)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id)) == NOT_YOURS
    resolve(app, company, complaint_id)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id)) == NOT_YOURS
    assert steps(app) == ["received", "assigned", "founded", "resolved"]


def test_a_rep_of_another_outlet_does_not_close_it(app, company: Company, staff: Staff, phone: Phone, other_phone: Phone):
    complaint_id = take(app, company)
    assert result_of(other_phone, handled(other_phone, company.outlet_id, complaint_id)) == ("quarantined", "unknown_outlet")
    assert result_of(phone, handled(phone, company.second_outlet_id, complaint_id)) == UNKNOWN
    assert result_of(phone, handled(phone, company.outlet_id, uuid7())) == UNKNOWN
    assert steps(app) == ["received"]


def test_a_result_at_an_outlet_lost_meanwhile_is_in_force(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    give_to(app, company, company.outlet_id, company.other_rep_id)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id)) == ("out_of_scope_accepted", "outlet_reassigned")
    assert complaint_of(app, complaint_id).assigned_to_id == company.rep_id


def test_a_result_at_a_merged_outlet_closes_the_complaint_that_moved(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    op = handled(phone, company.outlet_id, complaint_id)
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, op) == APPLIED
    assert (complaint_of(app, complaint_id).state, complaint_of(app, complaint_id).outlet_id) == ("resolved", company.second_outlet_id)


def test_a_result_whose_complaint_comes_later_is_taken_in_at_night(app, company: Company, phone: Phone):
    complaint_id = uuid7()
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id)) == UNKNOWN
    take(app, company, id=complaint_id)
    with app.app_context():
        assert run_repairable(now()) == 1
    assert complaint_of(app, complaint_id).state == "resolved"


@pytest.mark.parametrize(
    ("done_at", "expected"),
    [
        ("2026-11-23T15:59:59.000Z", [("complaint_unhandled", "dismissed")]),  # the last second of the due day
        ("2026-11-23T16:00:00.000Z", [("complaint_unhandled", "proposed")]),
    ],
)
def test_a_result_that_came_late_is_in_time_by_when_it_was_done(app, company: Company, phone: Phone, done_at, expected):
    complaint_id = take(app, company)
    with app.app_context():
        assert propose_unhandled(noon(date(2026, 11, 25))) == 1
        db.session.commit()
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id, {"done_at": done_at})) == APPLIED
    assert findings(app) == expected


def test_a_result_done_in_time_proposes_nothing_on_its_way(app, company: Company, phone: Phone):
    complaint_id = take(app, company)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id, {"done_at": "2026-11-20T02:00:00.000Z"})) == APPLIED
    assert findings(app) == []


@pytest.mark.parametrize(("done_at", "expected"), [("2026-11-17T15:59:59.000Z", INVALID), ("2026-11-17T16:00:00.000Z", APPLIED)])
def test_a_result_is_not_of_a_day_before_the_complaint(app, company: Company, phone: Phone, done_at, expected):
    complaint_id = take(app, company)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id, {"done_at": done_at})) == expected


RESULT_AT_BOUNDS = [
    {"investigation": "查" * 2000},
    {"handling": "办" * 2000},
    {"feedback_text": "谢" * 2000},
    {"feedback_text": "", "feedback_result": "", "feedback_speed": ""},
    {"feedback_result": "dissatisfied", "feedback_speed": "dissatisfied"},
    {"signature": SIGNED | {"signer_name": "王" * 60}},
]
RESULT_BEYOND_BOUNDS = [
    {"investigation": ""},
    {"investigation": " "},
    {"investigation": "查" * 2001},
    {"verdict": ""},
    {"verdict": "partly"},
    {"handling": ""},
    {"handling": " "},
    {"handling": "办" * 2001},
    {"feedback_result": "happy"},
    {"feedback_speed": "quick"},
    {"feedback_text": "谢" * 2001},
    {"signature": SIGNED | {"signer_name": ""}},
    {"signature": SIGNED | {"signer_name": " "}},
    {"signature": SIGNED | {"signer_name": "王" * 61}},
    {"signature": SIGNED | {"signer_role": "passer-by"}},
    {"signature": SIGNED | {"signed_at": "2026-11-24T01:00:00"}},
    {"signature": SIGNED | {"sha256": "e" * 63}},
    {"done_at": "2026-11-24T01:00:00"},
    {"complaint_id": "7"},
    {"result_id": "7"},
]


@pytest.mark.parametrize("body", RESULT_AT_BOUNDS, ids=lambda body: str(body)[:40])
def test_a_result_at_the_bounds_of_a_field_is_taken_in(app, company: Company, phone: Phone, body):
    assert result_of(phone, handled(phone, company.outlet_id, take(app, company), body)) == APPLIED


@pytest.mark.parametrize("body", RESULT_BEYOND_BOUNDS, ids=lambda body: str(body)[:60])
def test_a_result_with_a_field_that_is_not_valid_is_kept_and_not_in_force(app, company: Company, phone: Phone, body):
    complaint_id, entity = take(app, company), {"type": "complaint_result", "id": uuid7()}
    op = handled(phone, company.outlet_id, complaint_id, {"result_id": entity["id"]} | body, entity=entity, blobs=[SIGNATURE])
    assert result_of(phone, op) == INVALID
    assert steps(app) == ["received"]


@pytest.mark.parametrize("changes", [*ENVELOPES, {"blobs": []}, {"blobs": [SIGNATURE, "b" * 64]}], ids=str)
def test_a_result_in_a_wrong_envelope_is_kept_and_not_in_force(app, company: Company, phone: Phone, changes):
    assert result_of(phone, handled(phone, company.outlet_id, take(app, company), **changes)) == INVALID
    assert steps(app) == ["received"]


def test_the_signature_of_a_result_shows_on_the_console_once_it_is_here(app, company: Company, staff: Staff, phone: Phone):
    complaint_id, signature = take(app, company), picture("white")
    sha = sha256(signature)
    assert result_of(phone, handled(phone, company.outlet_id, complaint_id, {"signature": SIGNED | {"sha256": sha}})) == APPLIED
    boss = console(app, "boss")
    awaited = boss.get(f"/complaints/{complaint_id}").text
    assert ("还在手机上，没有传到" in awaited, sha in awaited) == (True, False)
    assert phone.upload(signature).status_code == 204
    here = boss.get(f"/complaints/{complaint_id}").text
    assert ("还在手机上，没有传到" in here, sha in here) == (False, True)
    assert boss.get(f"/photos/{sha}?size=thumb").status_code == 200
    assert console(app, "rep2").get(f"/photos/{sha}?size=thumb").status_code == 404


# what phones hold ------------------------------------------------------------------------------------------------------


def test_a_phone_receives_the_complaints_of_its_outlets(app, company: Company, phone: Phone, other_phone: Phone):
    complaint_id = take(app, company)
    document = {
        "id": complaint_id,
        "outlet_id": company.outlet_id,
        "kind": "settlement",
        "state": "received",
        "received_on": "2026-11-18",
        "due_on": "2026-11-23",
        "complainant": "王秀兰",
        "phone": "13800000217",
        "account": "到账慢",
        "demand": "查清原因",
        "verdict": "",
        "investigation": "",
        "handling": "",
        "assigned_to_id": None,
        "assigned_to_name": "",
        "feedback_result": "",
        "feedback_speed": "",
        "resolved_on": None,
    }
    assert documents(phone, "complaint") == {complaint_id: document}
    assert documents(other_phone, "complaint") == {}
    assert night(app, "complaint") == 0
    _, cursor = phone.pull()
    phone.push(handled(phone, company.outlet_id, complaint_id))
    changed = {"state": "resolved", "verdict": "unfounded", "investigation": "银行对账延迟", "handling": "已说明", "resolved_on": "2026-11-24"}
    changed |= {"assigned_to_id": company.rep_id, "assigned_to_name": "赵广田", "feedback_result": "satisfied", "feedback_speed": "fair"}
    assert documents(phone, "complaint", cursor) == {complaint_id: document | changed}


def test_a_complaint_about_the_rep_reaches_no_phone_before_it_was_investigated(app, company: Company, phone: Phone):
    complaint_id = take(app, company, is_about_rep=True)
    assign(app, complaint_id, company.supervisor_id)
    events, cursor = phone.pull()
    assert complaint_id not in str(events)
    assert to_send_again(phone) == []
    assert night(app, "complaint") == 0
    scope = f"outlet:{company.outlet_id}"
    again = phone.post("pull", client_id=phone.client_id, cursor=cursor, page=None, view_v=1, limit_bytes=256_000, again=[scope]).json["events"]
    assert {"e": "begin", "scope": scope} in again
    assert complaint_id not in str(again)
    with app.app_context():
        assert list(db.session.scalars(select(SyncFeed.entity_id).where(SyncFeed.entity_type == "complaint"))) == []


@pytest.mark.parametrize("verdict", ["founded", "unfounded"])
def test_a_complaint_about_the_rep_reaches_the_phone_once_it_was_investigated(app, company: Company, phone: Phone, verdict):
    complaint_id = take(app, company, is_about_rep=True)
    cursor = phone.pull()[1]
    investigate(app, company, complaint_id, verdict)
    assert documents(phone, "complaint", cursor)[complaint_id]["verdict"] == verdict
    assert list(documents(phone, "complaint")) == [complaint_id]
    assert (to_send_again(phone), night(app, "complaint")) == ([], 0)


def test_a_hidden_complaint_in_the_feed_has_no_document_and_is_taken_out_at_night(app, company: Company, phone: Phone):
    """As releases before this one stamped them."""
    complaint_id = take(app, company, is_about_rep=True)
    with app.app_context():
        touch(db.session, FeedEntry("complaint", complaint_id, f"outlet:{company.outlet_id}"))
        db.session.commit()
    assert documents(phone, "complaint") == {}
    assert night(app, "complaint") == 1
    assert complaint_id not in str(phone.pull()[0])
    assert to_send_again(phone) == []


def test_a_hidden_complaint_of_a_merged_outlet_stays_hidden(app, company: Company, phone: Phone):
    complaint_id, shown_id = take(app, company, is_about_rep=True), take(app, company)
    cursor = phone.pull()[1]
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert complaint_id not in str(phone.pull(cursor)[0])
    moved = documents(phone, "complaint")
    assert {key: one["outlet_id"] for key, one in moved.items()} == {shown_id: company.second_outlet_id}


def test_resolved_complaints_leave_the_phones_after_ninety_days(app, company: Company, phone: Phone):
    received = days_ago(100)
    kept, old, waiting = (take(app, company, received_on=received) for _ in range(3))
    for complaint_id, day in ((kept, days_ago(90)), (old, days_ago(91))):
        investigate(app, company, complaint_id)
        resolve(app, company, complaint_id, day)
    cursor = phone.pull()[1]
    assert night(app, "complaint") == 1
    assert gone(phone, "complaint", cursor) == {old}
    assert set(documents(phone, "complaint")) == {kept, waiting}
