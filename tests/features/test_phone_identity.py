"""ID documents from phones (`identity.v1`): opened, checked, sealed anew, and the number in plain nowhere. Good, bad, foreign, late, twice."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any, get_args

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.resident_id import DOCUMENT_KINDS, check_character
from server.feed.clock import grant
from server.intake.models import SyncOp
from server.intake.rerun import run_repairable
from server.outlets.duplicates import merge_outlets
from server.outlets.identity import enter_identity, whole_number
from server.outlets.identity_documents import publish_identity_key
from server.outlets.models import Outlet
from server.privacy.outlets import empty_late_files, erase_outlet_people
from sync.identity_form import Kind
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.outlet_people import gone as left_outlet  # noqa: F401
from tests.features.papers import APPLIED, ENVELOPES, INVALID, Form, documents, give_to, gone, night, paper, result_of, to_send_again
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_outlet_identity import MASKED, NUMBER, PASSPORT, audited, kept, whole_database
from tests.sealed_numbers import sealed_number
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

IDENTITY: Form = ("identity.v1", "identity_id")
OTHER = "44030619900607001" + check_character("44030619900607001")
FAR_AHEAD = "2099-01-01T00:00:00.000Z"  # by a clock that runs ahead: counted as the receipt
READ_AT, EARLIER, LATER = ("2026-11-24T01:00:00.000Z", "2026-11-23T01:00:00.000Z", "2026-11-25T01:00:00.000Z")
UNOPENED, WRONG = ("quarantined", "identity_unopened"), ("quarantined", "identity_invalid")
OLDER, ERASED = ("noop", "identity_older"), ("noop", "people_erased")


def key_of(phone: Phone) -> dict[str, str]:
    [key] = documents(phone, "identity_key").values()
    return key


def sent(phone: Phone, outlet_id: str, number: str = NUMBER, body: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The next operation: the number read off the document, sealed with the key that this phone holds."""
    sealed = sealed_number(number, outlet_id, key_of(phone))
    said = {"read_at": READ_AT, "kind": "resident_id", "masked": number[0] + "*" * 16 + number[-1], "sealed": sealed}
    return paper(phone, IDENTITY, outlet_id, said | (body or {}), **changes)


def number_of(app, outlet_id: str) -> str:
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        return whole_number(outlet) if outlet.id_sealed else ""


def use_key(app, key: str) -> None:
    """As after a start with another key of ID numbers."""
    app.extensions["xundian"] = replace(app.extensions["xundian"], id_key=key)
    with app.app_context():
        publish_identity_key()
        db.session.commit()


# taken in -------------------------------------------------------------------------------------------------------------


def test_a_number_is_sealed_into_the_file_and_stands_nowhere_in_plain(app, company: Company, staff: Staff, phone: Phone, caplog):
    caplog.set_level(logging.DEBUG)
    _, cursor = phone.pull()
    assert result_of(phone, sent(phone, company.outlet_id)) == APPLIED
    assert kept(app, company.outlet_id)[:2] == ("resident_id", MASKED) and number_of(app, company.outlet_id) == NUMBER
    assert NUMBER not in whole_database(app) and NUMBER not in caplog.text
    [row] = audited(app, "outlet.id_entered")
    assert (row.actor_id, row.subject_id) == (company.rep_id, company.outlet_id)
    assert row.detail == {"kind": "resident_id", "masked": MASKED, "read_at": "2026-11-24T01:00:00+00:00"}
    page = console(app, "boss").get(f"/outlets/{company.outlet_id}").text
    assert MASKED in page and NUMBER not in page
    assert documents(phone, "outlet", cursor)[company.outlet_id]["id_masked"] == MASKED


def test_a_number_sent_twice_is_entered_once(app, company: Company, phone: Phone):
    op = sent(phone, company.outlet_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert result_of(phone, sent(phone, company.outlet_id)) == ("noop", "")
    assert len(audited(app, "outlet.id_entered")) == 1


def test_a_document_of_another_kind_is_kept_as_such(app, company: Company, phone: Phone):
    assert result_of(phone, sent(phone, company.outlet_id, PASSPORT, {"kind": "passport", "masked": "E*******8"})) == APPLIED
    assert kept(app, company.outlet_id)[:2] == ("passport", "E*******8") and number_of(app, company.outlet_id) == PASSPORT


def test_an_outlet_found_in_the_same_push_takes_its_number(app, company: Company, phone: Phone):
    outlet_id = uuid7()
    found = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "鑫源通信", "fields": {}}
    new = phone.op(outlet_id, form="new_outlet.v1", entity={"type": "outlet", "id": outlet_id}, blobs=[])
    new["body"] = found
    results = phone.push(new, sent(phone, outlet_id)).json["results"]
    assert [result["code"] for result in results] == ["applied"] * 2
    assert number_of(app, outlet_id) == NUMBER


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_the_document_read_last_holds_in_whatever_order_they_arrive(app, company: Company, phone: Phone, is_newest_first):
    ops = [sent(phone, company.outlet_id, OTHER, {"read_at": EARLIER}), sent(phone, company.outlet_id)]
    if is_newest_first:
        ops[0]["n"], ops[1]["n"] = ops[1]["n"], ops[0]["n"]
        ops.reverse()
    assert [result_of(phone, op) for op in ops] == [APPLIED, OLDER if is_newest_first else APPLIED]
    assert number_of(app, company.outlet_id) == NUMBER


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_document_read_again_is_confirmed_in_whatever_order(app, company: Company, phone: Phone, order):
    read = [(NUMBER, EARLIER), (OTHER, "2026-11-24T08:30:00+08:00"), (NUMBER, READ_AT)]
    for place in order:
        number, at = read[place]
        result_of(phone, sent(phone, company.outlet_id, number, {"read_at": at}))
    assert number_of(app, company.outlet_id) == NUMBER


def test_what_the_office_typed_since_holds(app, company: Company, phone: Phone):
    with app.app_context():
        enter_identity(company.outlet_id, "resident_id", OTHER, company.supervisor_id, datetime(2026, 11, 24, 2, tzinfo=UTC))
    assert result_of(phone, sent(phone, company.outlet_id)) == OLDER
    assert result_of(phone, sent(phone, company.outlet_id, body={"read_at": LATER})) == APPLIED
    assert number_of(app, company.outlet_id) == NUMBER


# whose outlet it is ---------------------------------------------------------------------------------------------------


def test_an_outlet_that_never_was_theirs_keeps_its_file(app, company: Company, other_phone: Phone):
    assert result_of(other_phone, sent(other_phone, company.outlet_id)) == ("quarantined", "unknown_outlet")
    assert kept(app, company.outlet_id) == ("", "", "")


def test_who_stands_in_enters_it(app, company: Company, other_phone: Phone):
    with app.app_context():
        grant(db.session, company.other_rep_id, f"outlet:{company.outlet_id}", "stands_in")
        db.session.commit()
    assert result_of(other_phone, sent(other_phone, company.outlet_id)) == APPLIED


def test_who_lost_the_outlet_fills_an_empty_file_and_replaces_nothing(app, company: Company, phone: Phone):
    give_to(app, company, company.outlet_id, company.other_rep_id)
    assert result_of(phone, sent(phone, company.outlet_id)) == ("out_of_scope_accepted", "outlet_reassigned")
    later = sent(phone, company.outlet_id, OTHER, {"read_at": LATER})
    assert result_of(phone, later) == ("quarantined", "identity_not_yours")
    assert number_of(app, company.outlet_id) == NUMBER


def test_a_number_for_an_outlet_that_was_merged_goes_to_the_one_that_was_kept(app, company: Company, phone: Phone):
    op = sent(phone, company.outlet_id)
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, op) == APPLIED
    assert number_of(app, company.second_outlet_id) == NUMBER


# not taken in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "kind", "fault"),
    [
        (NUMBER[:-1] + "1", "resident_id", "id_check_character"),
        (NUMBER[:-1], "resident_id", "id_length"),
        ("A" + NUMBER[1:], "resident_id", "id_characters"),
        ("护照号码1234", "passport", "document_number"),
        (" " * 8, "other", "required"),
    ],
)
def test_a_number_that_cannot_be_one_is_not_taken_in_and_not_told(app, company: Company, staff: Staff, phone: Phone, caplog, number, kind, fault):
    caplog.set_level(logging.DEBUG)
    op = sent(phone, company.outlet_id, number, {"kind": kind, "masked": MASKED})
    [result] = phone.push(op).json["results"]
    assert (result["code"], result["problem"]["code"], result["problem"]["detail"]) == (*WRONG, fault)
    assert kept(app, company.outlet_id) == ("", "", "")
    page = console(app, "boss").get(f"/waiting/records/{op['op_id']}").text
    if number.strip():
        assert all(number not in text for text in (str(result), whole_database(app), caplog.text, page))


@pytest.mark.parametrize("part", ["public", "iv", "data"])
def test_what_was_altered_is_not_opened(app, company: Company, phone: Phone, part):
    op = sent(phone, company.outlet_id)
    text = op["body"]["sealed"][part]
    op["body"]["sealed"][part] = text[:10] + ("A" if text[10] != "A" else "B") + text[11:]
    assert result_of(phone, op) == UNOPENED
    assert kept(app, company.outlet_id) == ("", "", "")


def test_what_was_sealed_for_another_outlet_is_not_opened(app, company: Company, phone: Phone):
    elsewhere = sealed_number(NUMBER, company.second_outlet_id, key_of(phone))
    assert result_of(phone, sent(phone, company.outlet_id, body={"sealed": elsewhere})) == UNOPENED


def test_what_was_sealed_for_a_key_that_is_gone_waits_for_it_or_for_a_newer_number(app, company: Company, phone: Phone):
    first, second = sent(phone, company.outlet_id), sent(phone, company.second_outlet_id)
    use_key(app, "0" * 64)
    assert [result_of(phone, op) for op in (first, second)] == [UNOPENED] * 2
    again = sent(phone, company.second_outlet_id, OTHER, {"read_at": LATER})
    assert result_of(phone, again) == APPLIED
    with app.app_context():
        assert run_repairable(now()) == 1  # the older one has nothing to say any more
    use_key(app, "5e" * 32)
    with app.app_context():
        assert run_repairable(now()) == 1
    assert number_of(app, company.outlet_id) == NUMBER


@pytest.mark.parametrize(
    "body",
    [
        {"masked": NUMBER},
        {"masked": "12" + "*" * 14 + "2X"},
        {"kind": "library_card"},
        {"read_at": "2026-11-24T01:00:00"},
        {"sealed": None},
        {"sealed": {"key": "0" * 16, "public": "A" * 87, "iv": "A" * 16}},
        {"sealed": {"key": "0" * 16, "public": "A" * 86, "iv": "A" * 16, "data": "A" * 40}},
        {"sealed": {"key": "0" * 16, "public": "A" * 87, "iv": "A" * 16, "data": "=" * 40}},
    ],
)
def test_a_record_that_is_not_valid_changes_nothing(app, company: Company, phone: Phone, body):
    assert result_of(phone, sent(phone, company.outlet_id, body=body)) == INVALID
    assert kept(app, company.outlet_id) == ("", "", "")


def test_a_point_off_the_curve_is_refused(company: Company, phone: Phone):
    op = sent(phone, company.outlet_id)
    op["body"]["sealed"]["public"] = "B" + "A" * 86
    assert result_of(phone, op) == UNOPENED


@pytest.mark.parametrize("changes", ENVELOPES)
def test_a_number_in_a_wrong_envelope_is_not_in_force(company: Company, phone: Phone, changes):
    code, problem = result_of(phone, sent(phone, company.outlet_id, **changes))
    assert code == "quarantined" and problem in ("invalid_record", "unknown_outlet")


def test_the_form_knows_the_same_documents_as_the_rules():
    assert get_args(Kind) == DOCUMENT_KINDS


# erased ---------------------------------------------------------------------------------------------------------------


def test_a_number_goes_with_the_people_of_its_outlet_and_does_not_come_back(app, left_outlet: str, staff: Staff, phone: Phone):
    assert result_of(phone, sent(phone, left_outlet, OTHER, {"read_at": FAR_AHEAD})) == APPLIED
    with app.app_context():
        erase_outlet_people(left_outlet, "本人要求", staff.ids["clerk"], now())
        db.session.commit()
        assert db.session.scalars(select(SyncOp.body).where(SyncOp.form == "identity.v1")).all() == [b"{}"]
    assert all("masked" not in row.detail for row in audited(app, "outlet.id_entered"))
    assert result_of(phone, sent(phone, left_outlet, body={"read_at": FAR_AHEAD})) == ERASED
    assert kept(app, left_outlet) == ("", "", "")
    with app.app_context():
        assert empty_late_files(now()) == 1
        db.session.commit()
        assert set(db.session.scalars(select(SyncOp.body).where(SyncOp.form == "identity.v1"))) == {b"{}"}


# the key --------------------------------------------------------------------------------------------------------------


def test_phones_hold_the_key_at_hand_and_no_other(app, company: Company, phone: Phone):
    first = key_of(phone)
    assert night(app, "identity_key") == 0 and to_send_again(phone) == []
    _, cursor = phone.pull()
    use_key(app, "0" * 64)
    assert gone(phone, "identity_key", cursor) == {first["id"]}
    second = key_of(phone)
    assert second["id"] != first["id"] and second["public"] != first["public"]
    assert night(app, "identity_key") == 0
    use_key(app, "5e" * 32)
    assert key_of(phone) == first
