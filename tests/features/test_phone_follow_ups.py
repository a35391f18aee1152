"""Follow-ups from phones: registered at the outlet, looked at later, and what phones hold of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.followups.actions import Registered, register_follow_up
from server.followups.models import FollowUp, FollowUpStep
from server.intake.rerun import run_repairable
from server.outlets.duplicates import merge_outlets
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.papers import APPLIED, AT, ENVELOPES, INVALID, PHOTOS, Form, documents, give_to, gone, night, paper, result_of, to_send_again
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

FOLLOW_UP: Form = ("follow_up.v1", "follow_up_id")
LOOK: Form = ("follow_up_look.v1", "look_id")
UNKNOWN = ("quarantined", "unknown_follow_up")


def registered(phone: Phone, outlet_id: str, body: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    said = {"noticed_at": AT, "problem": "读卡槽松动", "owner": "ops", "working_days": 3, "photos": PHOTOS[:1]} | (body or {})
    return paper(phone, FOLLOW_UP, outlet_id, said, **changes)


def looked(phone: Phone, outlet_id: str, follow_up_id: str, body: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    said = {"follow_up_id": follow_up_id, "looked_at": AT, "is_solved": True, "note": "换了读卡槽"} | (body or {})
    return paper(phone, LOOK, outlet_id, said, **changes)


def register(app, company: Company) -> str:
    """As the office notes it on the 18th, a Wednesday, at the first outlet; returns its id."""
    with app.app_context():
        facts = (uuid7(), company.outlet_id, "公示牌坏了", "rep", 3, datetime(2026, 11, 18, 4, tzinfo=UTC))
        return register_follow_up(Registered(*facts), company.supervisor_id, now()).id


def follow_up(app, follow_up_id: str) -> FollowUp:
    with app.app_context():
        return db.session.get_one(FollowUp, follow_up_id)


def kinds(app, follow_up_id: str) -> list[str]:
    with app.app_context():
        query = select(FollowUpStep.kind).where(FollowUpStep.follow_up_id == follow_up_id)
        return list(db.session.scalars(query.order_by(FollowUpStep.at, FollowUpStep.id)))


# registered -----------------------------------------------------------------------------------------------------------


def test_a_follow_up_is_taken_in_and_shown_to_the_office(app, company: Company, staff: Staff, phone: Phone):
    op = registered(phone, company.outlet_id, {"problem": " 读卡槽松动\n"})
    assert result_of(phone, op) == APPLIED
    kept = follow_up(app, op["entity"]["id"])
    assert (kept.outlet_id, kept.problem, kept.owner, kept.registered_by_id) == (company.outlet_id, "读卡槽松动", "ops", company.rep_id)
    assert (kept.registered_on, kept.due_on, kept.solved_on) == (date(2026, 11, 24), date(2026, 11, 27), None)
    page = console(app, "ops").get(f"/follow-ups/{kept.id}").text
    assert all(words in page for words in ("读卡槽松动", "运维部", "赵广田", "还在手机上，没有传到"))


def test_a_follow_up_sent_twice_is_one_and_its_id_is_taken_after_that(app, company: Company, phone: Phone):
    op = registered(phone, company.outlet_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    other = registered(phone, company.outlet_id, {"follow_up_id": op["entity"]["id"]})
    assert result_of(phone, other) == ("quarantined", "id_taken")
    with app.app_context():
        assert len(db.session.scalars(select(FollowUp)).all()) == 1


def test_a_follow_up_at_an_outlet_that_never_was_theirs_is_not_in_force(app, company: Company, other_phone: Phone):
    assert result_of(other_phone, registered(other_phone, company.outlet_id)) == ("quarantined", "unknown_outlet")
    with app.app_context():
        assert db.session.scalars(select(FollowUp)).all() == []


def test_a_follow_up_at_an_outlet_lost_meanwhile_is_in_force(app, company: Company, phone: Phone):
    give_to(app, company, company.outlet_id, company.other_rep_id)
    assert result_of(phone, registered(phone, company.outlet_id)) == ("out_of_scope_accepted", "outlet_reassigned")


@pytest.mark.parametrize(
    ("noticed_at", "days", "due_on"),
    [
        ("2026-11-23T15:59:59.000Z", 1, date(2026, 11, 24)),  # the last second of the day in Shanghai
        ("2026-11-23T16:00:00.000Z", 1, date(2026, 11, 25)),
        ("2026-11-20T01:00:00.000Z", 1, date(2026, 11, 23)),  # a Friday
        ("2026-11-24T01:00:00.000Z", 60, date(2027, 2, 17)),
    ],
)
def test_a_follow_up_is_due_after_working_days(app, company: Company, phone: Phone, noticed_at, days, due_on):
    op = registered(phone, company.outlet_id, {"noticed_at": noticed_at, "working_days": days})
    assert result_of(phone, op) == APPLIED
    assert follow_up(app, op["entity"]["id"]).due_on == due_on


@pytest.mark.parametrize(
    "body",
    [
        {"problem": ""},
        {"problem": " \n"},
        {"problem": "坏" * 2001},
        {"owner": "manager"},
        {"working_days": 0},
        {"working_days": 61},
        {"photos": [*PHOTOS, "d" * 64]},
        {"photos": [PHOTOS[0], PHOTOS[0]]},
        {"noticed_at": "2026-11-24T01:00:00"},
    ],
)
def test_a_follow_up_that_is_not_valid_is_kept_and_not_in_force(app, company: Company, phone: Phone, body):
    assert result_of(phone, registered(phone, company.outlet_id, body)) == INVALID
    with app.app_context():
        assert db.session.scalars(select(FollowUp)).all() == []


@pytest.mark.parametrize("changes", ENVELOPES)
def test_a_follow_up_in_a_wrong_envelope_is_not_in_force(company: Company, phone: Phone, changes):
    code, problem = result_of(phone, registered(phone, company.outlet_id, **changes))
    assert code == "quarantined" and problem in ("invalid_record", "unknown_outlet")


# looked at ------------------------------------------------------------------------------------------------------------


def test_a_look_solves_it(app, company: Company, staff: Staff, phone: Phone):
    follow_up_id = register(app, company)
    assert result_of(phone, looked(phone, company.outlet_id, follow_up_id, {"photos": PHOTOS[:2]})) == APPLIED
    kept = follow_up(app, follow_up_id)
    assert (kept.solved_on, kept.solved_by_id) == (date(2026, 11, 24), company.rep_id)
    assert "换了读卡槽" in console(app, "boss").get(f"/follow-ups/{follow_up_id}").text


def test_a_look_that_finds_it_open_keeps_it_open(app, company: Company, phone: Phone):
    follow_up_id = register(app, company)
    assert result_of(phone, looked(phone, company.outlet_id, follow_up_id, {"is_solved": False})) == APPLIED
    assert follow_up(app, follow_up_id).solved_on is None
    assert kinds(app, follow_up_id) == ["registered", "open"]


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_the_newest_word_counts_in_whatever_order_words_arrive(app, company: Company, phone: Phone, is_newest_first):
    follow_up_id = register(app, company)
    solved = looked(phone, company.outlet_id, follow_up_id, {"looked_at": "2026-11-23T02:00:00.000Z"})
    back = looked(phone, company.outlet_id, follow_up_id, {"looked_at": "2026-11-24T02:00:00.000Z", "is_solved": False})
    solved["n"], back["n"] = (back["n"], solved["n"]) if is_newest_first else (solved["n"], back["n"])
    for op in sorted((solved, back), key=lambda op: op["n"]):
        assert result_of(phone, op) == APPLIED
    assert kinds(app, follow_up_id) == ["registered", "solved", "open"]
    assert follow_up(app, follow_up_id).solved_on is None


def test_a_look_sent_twice_is_one(app, company: Company, phone: Phone):
    follow_up_id = register(app, company)
    op = looked(phone, company.outlet_id, follow_up_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert result_of(phone, looked(phone, company.outlet_id, follow_up_id, {"look_id": op["entity"]["id"]})) == ("quarantined", "id_taken")
    assert kinds(app, follow_up_id) == ["registered", "solved"]


def test_a_look_at_what_is_not_known_yet_is_judged_again(app, company: Company, phone: Phone):
    early, late = looked(phone, company.outlet_id, follow_up_id := uuid7()), registered(phone, company.outlet_id, {"follow_up_id": follow_up_id})
    assert result_of(phone, early) == UNKNOWN
    assert result_of(phone, late) == APPLIED
    with app.app_context():
        run_repairable(now())
    assert follow_up(app, follow_up_id).solved_on == date(2026, 11, 24)


def test_a_look_names_the_outlet_of_its_follow_up(app, company: Company, phone: Phone):
    follow_up_id = register(app, company)
    assert result_of(phone, looked(phone, company.second_outlet_id, follow_up_id)) == UNKNOWN
    assert kinds(app, follow_up_id) == ["registered"]


@pytest.mark.parametrize("body", [{"note": ""}, {"note": "\t"}, {"note": "看" * 2001}, {"is_solved": "yes"}, {"looked_at": "now"}])
def test_a_look_that_is_not_valid_changes_nothing(app, company: Company, phone: Phone, body):
    follow_up_id = register(app, company)
    assert result_of(phone, looked(phone, company.outlet_id, follow_up_id, body)) == INVALID
    assert kinds(app, follow_up_id) == ["registered"]


# what phones hold -----------------------------------------------------------------------------------------------------


def test_a_phone_holds_the_follow_ups_of_its_outlets(app, company: Company, phone: Phone, other_phone: Phone):
    follow_up_id = register(app, company)
    expected = {"problem": "公示牌坏了", "owner": "rep", "registered_on": "2026-11-18", "due_on": "2026-11-23", "solved_on": None}
    assert documents(phone, "follow_up") == {follow_up_id: {"id": follow_up_id, "outlet_id": company.outlet_id, **expected}}
    assert documents(other_phone, "follow_up") == {}
    _, cursor = phone.pull()
    assert result_of(phone, looked(phone, company.outlet_id, follow_up_id)) == APPLIED
    assert documents(phone, "follow_up", cursor)[follow_up_id]["solved_on"] == "2026-11-24"
    assert to_send_again(phone) == []


def test_a_follow_up_goes_with_a_merged_outlet(app, company: Company, phone: Phone):
    follow_up_id = register(app, company)
    _, cursor = phone.pull()
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert documents(phone, "follow_up", cursor)[follow_up_id]["outlet_id"] == company.second_outlet_id
    assert result_of(phone, looked(phone, company.outlet_id, follow_up_id)) == APPLIED
    assert kinds(app, follow_up_id)[-1] == "moved" and follow_up(app, follow_up_id).solved_on == date(2026, 11, 24)


def test_what_was_solved_long_ago_leaves_the_phone_at_night(app, company: Company, phone: Phone):
    follow_up_id = register(app, company)
    result_of(phone, looked(phone, company.outlet_id, follow_up_id))
    _, cursor = phone.pull()
    assert night(app, "follow_up") == 0
    with app.app_context():
        db.session.get_one(FollowUp, follow_up_id).solved_on = date(2026, 1, 5)
        db.session.commit()
    assert night(app, "follow_up") == 1
    assert gone(phone, "follow_up", cursor) == {follow_up_id}
