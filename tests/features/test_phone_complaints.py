"""Complaints raised on phones: taken in, whose they are, and what is not valid."""

from datetime import date

import pytest

from server.clock import now, today
from server.outlets.duplicates import merge_outlets
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.complaint_papers import (
    complaint_of,
    raised,
    steps,
    take,
)
from tests.features.papers import (
    APPLIED,
    AT,
    ENVELOPES,
    INVALID,
    NOBODY,
    give_to,
    result_of,
)
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


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


@pytest.mark.parametrize("changes", [*ENVELOPES, {"entity": {"type": "complaint", "id": NOBODY}}], ids=str)
def test_a_complaint_in_a_wrong_envelope_is_kept_and_not_in_force(app, company: Company, phone: Phone, changes):
    assert result_of(phone, raised(phone, company.outlet_id, **changes)) == INVALID
    assert steps(app) == []


def test_the_id_of_another_complaint_is_not_used_again(app, company: Company, phone: Phone):
    known = take(app, company)
    assert result_of(phone, raised(phone, company.outlet_id, {"complaint_id": known})) == ("quarantined", "id_taken")
    assert steps(app) == ["received"]
