"""Objections from phones: taken in, refused in words, and told back with the finding."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding, FindingObjection
from server.findings.objections import answer_objection
from server.people.models import Role
from sync.ids import uuid7
from tests.features.wages import add_office

PHOTO = hashlib.sha256(b"scaffold").hexdigest()
NOVEMBER_2 = datetime(2026, 11, 2, 4, tzinfo=UTC)


@pytest.fixture
def finding_id(app, company):
    """Proposed to the first rep on November 2nd."""
    with app.app_context():
        return propose(company.rep_id)


@pytest.fixture
def chief(app, company):
    with app.app_context():
        return add_office("chief", Role.MANAGER)


def propose(person_id, at=NOVEMBER_2):
    key = f"test:{person_id}"
    propose_findings([Proposal(key, "missed_visit", "2026-11", person_id, None, 20, "-", ())], at)
    db.session.commit()
    return db.session.scalars(select(Finding.id).where(Finding.source_key == key)).one()


def objection(phone, person_id, finding_id, said_at="2026-11-09T15:59:59.000Z", **changes):
    """The next operation of the phone: an objection in words."""
    phone.n += 1
    body = {"finding_id": finding_id, "text": "门头在修，拍不到招牌。", "photos": []} | changes.pop("body", {})
    op = {
        "n": phone.n,
        "op_id": uuid7(),
        "kind": "record",
        "form": "finding_objection.v1",
        "entity": {"type": "finding_objection", "id": uuid7()},
        "scope": f"user:{person_id}",
        "base_v": None,
        "body": body,
        "blobs": body["photos"] if isinstance(body["photos"], list) else [],
        "t": {"wall": said_at, "mono": 1.0, "boot": "b", "offset_ms": None},
    }
    return op | changes


def result_of(phone, op):
    [result] = phone.push(op).json["results"]
    return result["code"], result.get("problem", {}).get("code", "")


def finding_document(phone):
    return [event["doc"] for event in phone.pull()[0] if event["e"] == "put" and event["type"] == "finding"][-1]


def test_an_objection_is_taken_in_with_its_photos(app, company, phone, finding_id):
    op = objection(phone, company.rep_id, finding_id, body={"photos": [PHOTO]})
    assert phone.push(op).json["results"][0]["missing_blobs"] == [PHOTO]
    with app.app_context():
        kept = db.session.get_one(FindingObjection, op["entity"]["id"])
        assert (kept.finding_id, kept.by_id, kept.op_id, kept.photos) == (finding_id, company.rep_id, op["op_id"], [PHOTO])
        assert db.session.get_one(Finding, finding_id).state == "proposed"


def test_an_objection_sent_twice_is_one(app, company, phone, finding_id):
    op = objection(phone, company.rep_id, finding_id)
    assert [result_of(phone, op) for _ in range(2)] == [("applied", "")] * 2
    with app.app_context():
        assert db.session.query(FindingObjection).count() == 1


def test_a_finding_of_somebody_else_is_unknown(app, company, phone, other_phone, finding_id):
    assert result_of(other_phone, objection(other_phone, company.other_rep_id, finding_id)) == ("quarantined", "unknown_finding")
    assert result_of(phone, objection(phone, company.rep_id, uuid7())) == ("quarantined", "unknown_finding")
    with app.app_context():
        assert db.session.query(FindingObjection).count() == 0


@pytest.mark.parametrize(
    ("said_at", "expected"),
    [
        ("2026-11-09T15:59:59.000Z", ("applied", "")),  # the last second of the seventh day in Shanghai
        ("2026-11-09T16:00:00.000Z", ("quarantined", "objection_late")),
    ],
)
def test_an_objection_is_in_time_by_when_it_was_said(company, phone, finding_id, said_at, expected):
    assert result_of(phone, objection(phone, company.rep_id, finding_id, said_at)) == expected


def test_the_time_it_was_said_is_corrected_by_the_offset(company, phone, finding_id):
    late = {"wall": "2026-11-09T15:59:00.000Z", "mono": 1.0, "boot": "b", "offset_ms": 61_000}
    assert result_of(phone, objection(phone, company.rep_id, finding_id, t=late)) == ("quarantined", "objection_late")


def test_a_clock_that_runs_ahead_makes_nobody_late(app, company, phone):
    with app.app_context():
        finding_id = propose(company.rep_id, now())
    ahead = (now() + timedelta(days=30)).isoformat()
    assert result_of(phone, objection(phone, company.rep_id, finding_id, ahead)) == ("applied", "")


def test_a_second_objection_to_the_same_step_is_refused(company, phone, finding_id):
    assert result_of(phone, objection(phone, company.rep_id, finding_id)) == ("applied", "")
    assert result_of(phone, objection(phone, company.rep_id, finding_id)) == ("quarantined", "objection_known")


def test_what_was_dismissed_meanwhile_needs_no_objection(app, company, phone, finding_id, chief):
    with app.app_context():
        decide_finding(finding_id, "dismissed", "确在装修", chief, NOVEMBER_2)
    assert result_of(phone, objection(phone, company.rep_id, finding_id)) == ("quarantined", "finding_dismissed")


@pytest.mark.parametrize(
    "changes",
    [
        {"body": {"text": ""}},
        {"body": {"text": " \n "}},
        {"body": {"text": "x" * 2001}},
        {"body": {"finding_id": "7"}},
        {"body": {"photos": [f"{digit}" * 64 for digit in range(4)]}},
        {"body": {"photos": ["a" * 64, "a" * 64]}},
        {"body": {"photos": "many"}},
        {"blobs": ["b" * 64]},
        {"kind": "edit"},
        {"entity": {"type": "finding", "id": "01a1f000-0000-7000-8000-000000000001"}},
        {"scope": "user:01a1f000-0000-7000-8000-000000000001"},
    ],
    ids=str,
)
def test_a_record_that_is_not_valid_is_kept_and_not_in_force(app, company, phone, finding_id, changes):
    op = objection(phone, company.rep_id, finding_id, **changes)
    assert result_of(phone, op) == ("quarantined", "invalid_record")
    with app.app_context():
        assert db.session.query(FindingObjection).count() == 0


def test_an_id_that_is_in_use_is_not_used_again(app, company, phone, finding_id, chief):
    first = objection(phone, company.rep_id, finding_id)
    assert result_of(phone, first) == ("applied", "")
    with app.app_context():
        decide_finding(finding_id, "upheld", "核实属实", chief, now())
    assert result_of(phone, objection(phone, company.rep_id, finding_id, entity=first["entity"])) == ("quarantined", "id_taken")


def test_the_phone_is_told_until_when_and_what_became_of_it(app, company, phone, finding_id, chief):
    before = finding_document(phone)
    assert (before["object_until"], before["objections"]) == ("2026-11-09", [])
    op = objection(phone, company.rep_id, finding_id)
    phone.push(op)
    said = finding_document(phone)
    assert (said["object_until"], said["objections"][0]["text"], said["objections"][0]["answer"]) == (None, "门头在修，拍不到招牌。", "")
    with app.app_context():
        answer_objection(op["entity"]["id"], "accepted", "确在装修", chief, NOVEMBER_2)
    answered = finding_document(phone)
    told = {key: answered["objections"][0][key] for key in ("answer", "answer_reason", "answered_by", "answered_at")}
    assert told == {"answer": "accepted", "answer_reason": "确在装修", "answered_by": "郑怀远", "answered_at": "2026-11-02T04:00:00.000Z"}
    assert (answered["state"], answered["object_until"]) == ("dismissed", None)


def test_an_answer_reaches_the_phone_as_a_change(app, company, phone, finding_id, chief):
    op = objection(phone, company.rep_id, finding_id)
    phone.push(op)
    cursor = phone.pull()[1]
    with app.app_context():
        answer_objection(op["entity"]["id"], "rejected", "照片是上个月的", chief, NOVEMBER_2)
    changes = [event for event in phone.pull(cursor)[0] if event.get("type") == "finding"]
    assert [event["doc"]["objections"][0]["answer"] for event in changes] == ["rejected"]
