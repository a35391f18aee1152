"""Materials asked for from phones, and what phones hold of requests."""

from datetime import date

import pytest

from server.clock import now, today
from server.outlets.duplicates import merge_outlets
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.material_papers import NOVEMBER_18, ask, asked, deliver, delivered, requests
from tests.features.papers import APPLIED, AT, ENVELOPES, INVALID, NOBODY, days_ago, documents, give_to, gone, night, result_of, to_send_again
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


def test_a_request_is_taken_in_and_shown_to_the_office(app, company: Company, staff: Staff, phone: Phone):
    op = asked(phone, company.outlet_id, {"contents": " 凭条纸 10 卷\n"})
    assert result_of(phone, op) == APPLIED
    [kept] = requests(app)
    assert (kept.id, kept.outlet_id, kept.contents, kept.requested_by_id) == (op["entity"]["id"], company.outlet_id, "凭条纸 10 卷", company.rep_id)
    assert (kept.requested_on, kept.due_on, kept.delivered_on) == (date(2026, 11, 24), date(2026, 11, 27), None)
    page = console(app, "ops").get(f"/materials/{kept.id}").text
    assert all(words in page for words in ("凭条纸 10 卷", "赵广田"))


def test_a_request_sent_twice_is_one(app, company: Company, phone: Phone):
    op = asked(phone, company.outlet_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert len(requests(app)) == 1


def test_a_request_of_an_outlet_that_never_was_theirs_is_kept_and_not_in_force(app, company: Company, other_phone: Phone):
    assert result_of(other_phone, asked(other_phone, company.outlet_id)) == ("quarantined", "unknown_outlet")
    assert result_of(other_phone, asked(other_phone, NOBODY)) == ("quarantined", "unknown_outlet")
    assert requests(app) == []


def test_a_request_of_an_outlet_lost_meanwhile_is_in_force(app, company: Company, phone: Phone):
    give_to(app, company, company.outlet_id, company.other_rep_id)
    assert result_of(phone, asked(phone, company.outlet_id)) == ("out_of_scope_accepted", "outlet_reassigned")
    assert len(requests(app)) == 1


def test_a_request_of_a_merged_outlet_belongs_to_the_one_that_was_kept(app, company: Company, phone: Phone):
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, asked(phone, company.outlet_id)) == APPLIED
    assert requests(app)[0].outlet_id == company.second_outlet_id


@pytest.mark.parametrize(
    ("asked_at", "offset_ms", "requested_on"),
    [
        ("2026-11-23T15:59:59.000Z", None, date(2026, 11, 23)),  # the last second of the day in Shanghai
        ("2026-11-23T16:00:00.000Z", None, date(2026, 11, 24)),
        ("2026-11-23T15:59:59.000Z", 1000, date(2026, 11, 24)),
    ],
)
def test_a_request_is_of_the_day_of_the_corrected_time(app, company: Company, phone: Phone, asked_at, offset_ms, requested_on):
    times = {"wall": AT, "mono": 1.0, "boot": "b", "offset_ms": offset_ms}
    assert result_of(phone, asked(phone, company.outlet_id, {"asked_at": asked_at}, t=times)) == APPLIED
    assert requests(app)[0].requested_on == requested_on


def test_a_clock_that_runs_ahead_asks_for_nothing_before_the_receipt(app, company: Company, phone: Phone):
    assert result_of(phone, asked(phone, company.outlet_id, {"asked_at": "2098-01-01T00:00:00.000Z"})) == APPLIED
    assert requests(app)[0].requested_on == today()


def test_a_request_at_the_bound_of_its_text_is_taken_in(company: Company, phone: Phone):
    assert result_of(phone, asked(phone, company.outlet_id, {"contents": "纸" * 2000})) == APPLIED


@pytest.mark.parametrize(
    "body",
    [
        {"contents": ""},
        {"contents": " \n"},
        {"contents": "纸" * 2001},
        {"contents": None},
        {"asked_at": "2026-11-24T01:00:00"},
        {"request_id": "7"},
        {"outlet_id": NOBODY},
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_request_with_a_field_that_is_not_valid_is_kept_and_not_in_force(app, company: Company, phone: Phone, body):
    entity = {"type": "material_request", "id": uuid7()}
    assert result_of(phone, asked(phone, company.outlet_id, {"request_id": entity["id"]} | body, entity=entity)) == INVALID
    assert requests(app) == []


@pytest.mark.parametrize("changes", [*ENVELOPES, {"entity": {"type": "material_request", "id": NOBODY}}], ids=str)
def test_a_request_in_a_wrong_envelope_is_kept_and_not_in_force(app, company: Company, phone: Phone, changes):
    assert result_of(phone, asked(phone, company.outlet_id, **changes)) == INVALID
    assert requests(app) == []


def test_the_id_of_another_request_is_not_used_again(app, company: Company, phone: Phone):
    known = ask(app, company)
    assert result_of(phone, asked(phone, company.outlet_id, {"request_id": known})) == ("quarantined", "id_taken")
    assert [one.requested_on for one in requests(app)] == [NOVEMBER_18]


def test_a_phone_receives_the_requests_of_its_outlets(app, company: Company, phone: Phone, other_phone: Phone):
    request_id = ask(app, company)
    document = {
        "id": request_id,
        "outlet_id": company.outlet_id,
        "contents": "凭条纸 10 卷",
        "requested_on": "2026-11-18",
        "due_on": "2026-11-23",
        "delivered_on": None,
        "signer_name": "",
        "is_unsigned": False,
    }
    assert documents(phone, "material_request") == {request_id: document}
    assert documents(other_phone, "material_request") == {}
    cursor = phone.pull()[1]
    phone.push(delivered(phone, company.outlet_id, request_id))
    after = document | {"delivered_on": "2026-11-24", "signer_name": "王秀兰"}
    assert documents(phone, "material_request", cursor) == {request_id: after}
    assert to_send_again(phone) == []


def test_deliveries_leave_the_phones_after_ninety_days(app, company: Company, phone: Phone):
    kept, old, waiting = (ask(app, company, days_ago(100)) for _ in range(3))
    deliver(app, company, kept, days_ago(90))
    deliver(app, company, old, days_ago(91))
    cursor = phone.pull()[1]
    assert night(app, "material_request") == 1
    assert gone(phone, "material_request", cursor) == {old}
    assert set(documents(phone, "material_request")) == {kept, waiting}
    assert (to_send_again(phone), night(app, "material_request")) == ([], 0)
