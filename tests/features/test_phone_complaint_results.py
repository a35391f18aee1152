"""Complaints handled on phones: closed once, by whom they were given to, in time by when it was done."""

from datetime import date

import pytest

from server.clock import now
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.intake.rerun import run_repairable
from server.outlets.duplicates import merge_outlets
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.complaint_papers import (
    CLOSED,
    NOT_YOURS,
    UNKNOWN,
    assign,
    complaint_of,
    findings,
    handled,
    investigate,
    raised,
    resolve,
    steps,
    take,
)
from tests.features.conftest import noon
from tests.features.papers import (
    APPLIED,
    ENVELOPES,
    INVALID,
    NOBODY,
    SIGNATURE,
    SIGNED,
    before_causes,
    give_to,
    result_of,
)
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


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


@pytest.mark.parametrize(
    ("done_at", "day", "moved"),
    [
        ("2026-11-17T15:59:59.000Z", date(2026, 11, 18), [("complaint_result", "2026-11-17", "2026-11-18")]),
        ("2026-11-17T16:00:00.000Z", date(2026, 11, 18), []),
        ("2026-11-18T16:00:00.000Z", date(2026, 11, 19), []),
    ],
)
def test_a_result_by_a_clock_before_the_complaint_is_of_the_day_of_the_complaint(app, company: Company, phone: Phone, done_at, day, moved):
    complaint_id = take(app, company)
    op = handled(phone, company.outlet_id, complaint_id, {"done_at": done_at})
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    kept = complaint_of(app, complaint_id)
    assert (kept.investigated_on, kept.resolved_on, before_causes(app)) == (day, day, moved)
    again = handled(phone, company.outlet_id, complaint_id, {"done_at": "2026-11-17T15:59:59.000Z"})
    assert (result_of(phone, again), before_causes(app)) == (CLOSED, moved)


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


WRONG = [*ENVELOPES, {"entity": {"type": "complaint", "id": NOBODY}}, {"blobs": []}, {"blobs": [SIGNATURE, "b" * 64]}]


@pytest.mark.parametrize("changes", WRONG, ids=str)
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
