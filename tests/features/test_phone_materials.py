"""Materials from phones: asked for, delivered with photos and a signature, and what phones hold of requests."""

from datetime import date

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.findings.models import Finding, FindingStep
from server.intake.rerun import run_repairable
from server.materials.actions import Delivery, Wanted, deliver_materials, request_materials
from server.materials.models import MaterialRequest
from server.materials.proposals import propose_late_materials
from server.media.models import BlobRef
from server.outlets.duplicates import merge_outlets
from server.policy.actions import set_policy
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.papers import (
    APPLIED,
    AT,
    DELIVERY,
    ENVELOPES,
    INVALID,
    NOBODY,
    PHOTOS,
    REQUEST,
    SIGNATURE,
    SIGNED,
    UNSIGNED,
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
DELIVERED = ("quarantined", "already_delivered")
UNKNOWN = ("quarantined", "unknown_request")


def asked(phone: Phone, outlet_id: str, body=None, **changes):
    return paper(phone, REQUEST, outlet_id, {"asked_at": AT, "contents": "凭条纸 10 卷"} | (body or {}), **changes)


def delivered(phone: Phone, outlet_id: str, request_id: str, body=None, **changes):
    said = {"request_id": request_id, "delivered_at": AT, "photos": PHOTOS, "signature": SIGNED, "signature_refusal": None, "note": "放柜台里"} | (
        body or {}
    )
    return paper(phone, DELIVERY, outlet_id, said, **changes)


def ask(app, company: Company, requested_on: date = NOVEMBER_18, request_id: str = "") -> str:
    """As the office notes it, at the first outlet; returns its id."""
    with app.app_context():
        wanted = Wanted(request_id or uuid7(), company.outlet_id, "凭条纸 10 卷", requested_on)
        return request_materials(wanted, company.supervisor_id, noon(requested_on)).id


def deliver(app, company: Company, request_id: str, day: date) -> None:
    with app.app_context():
        deliver_materials(request_id, Delivery(day, "1" * 64, "2" * 64, "李建国", ""), company.supervisor_id, noon(day))


def requests(app) -> list[MaterialRequest]:
    with app.app_context():
        return list(db.session.scalars(select(MaterialRequest).order_by(MaterialRequest.id)))


def request_of(app, request_id: str) -> MaterialRequest:
    with app.app_context():
        return db.session.get_one(MaterialRequest, request_id)


# asked for ------------------------------------------------------------------------------------------------------------


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


# delivered ------------------------------------------------------------------------------------------------------------


def test_a_delivery_is_taken_in_with_its_photos_and_signature(app, company: Company, phone: Phone):
    request_id = ask(app, company)
    op = delivered(phone, company.outlet_id, request_id)
    assert phone.push(op).json["results"][0]["missing_blobs"] == [*PHOTOS, SIGNATURE]
    kept = request_of(app, request_id)
    assert (kept.delivered_on, kept.delivered_by_id, kept.delivery_op_id) == (date(2026, 11, 24), company.rep_id, op["op_id"])
    assert (kept.photo_sha256, kept.signature_sha256, kept.signer_name, kept.note) == (PHOTOS[0], SIGNATURE, "王秀兰", "放柜台里")
    with app.app_context():
        named = select(BlobRef.sha256).where(BlobRef.entity_type == "material_request", BlobRef.entity_id == request_id)
        assert sorted(db.session.scalars(named)) == [*PHOTOS, SIGNATURE]


def test_a_delivery_that_nobody_signed_is_kept_with_the_reason_and_marked(app, company: Company, staff: Staff, phone: Phone):
    request_id = ask(app, company)
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, UNSIGNED)) == APPLIED
    kept = request_of(app, request_id)
    assert (kept.delivered_on, kept.signature_sha256, kept.signer_name) == (date(2026, 11, 24), None, "")
    assert kept.signature_refusal == "店主看过，不愿签"
    assert documents(phone, "material_request")[request_id]["is_unsigned"]
    boss = console(app, "boss")
    assert "未签字" in boss.get("/materials?state=delivered").text and "店主看过，不愿签" in boss.get(f"/materials/{request_id}").text
    assert ",店主看过，不愿签," in boss.get("/exports/materials.csv?state=delivered").text


def test_a_signed_delivery_of_the_version_before_is_taken_in_as_signed(app, company: Company, phone: Phone):
    op = delivered(phone, company.outlet_id, ask(app, company)) | {"form": "delivery.v1"}
    del op["body"]["signature_refusal"]
    assert result_of(phone, op) == APPLIED
    assert requests(app)[0].signature_refusal is None


@pytest.mark.parametrize(("value", "state"), [("true", "dismissed"), ("false", "proposed")])
def test_whether_an_unsigned_delivery_is_in_time_is_policy(app, company: Company, phone: Phone, value, state):
    request_id = ask(app, company)
    with app.app_context():
        set_policy("material.unsigned_counts", value, date(2026, 11, 1), "公司规定", None, noon(date(2026, 10, 20)))
        assert propose_late_materials(noon(date(2026, 11, 25))) == 1
        db.session.commit()
    in_time = UNSIGNED | {"delivered_at": "2026-11-23T01:00:00.000Z"}
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, in_time)) == APPLIED
    with app.app_context():
        assert propose_late_materials(noon(date(2026, 11, 26))) == 0
        db.session.commit()
        assert db.session.scalars(select(Finding.state)).one() == state


def test_a_delivery_that_nobody_signed_says_so_in_what_it_is_charged_for(app, company: Company, phone: Phone):
    request_id = ask(app, company)
    in_time = UNSIGNED | {"delivered_at": "2026-11-23T01:00:00.000Z"}
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, in_time)) == APPLIED
    with app.app_context():
        assert propose_late_materials(noon(date(2026, 11, 25))) == 0
        set_policy("material.unsigned_counts", "false", date(2026, 11, 1), "公司规定", None, noon(date(2026, 11, 25)))
        assert propose_late_materials(noon(date(2026, 11, 25))) == 1
        assert db.session.scalars(select(FindingStep.reason)).one() == "应在 2026-11-23 前送到，送到了，没有签字"


def test_materials_asked_for_and_delivered_without_a_network_go_in_at_once(app, company: Company, phone: Phone):
    first = asked(phone, company.outlet_id)
    second = delivered(phone, company.outlet_id, first["entity"]["id"])
    assert [result["code"] for result in phone.push(first, second).json["results"]] == ["applied", "applied"]
    assert request_of(app, first["entity"]["id"]).delivered_on == date(2026, 11, 24)


def test_a_delivery_sent_twice_is_one_and_a_second_delivery_is_refused(app, company: Company, phone: Phone):
    request_id = ask(app, company)
    op = delivered(phone, company.outlet_id, request_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, {"note": "又送了一次"})) == DELIVERED
    assert request_of(app, request_id).note == "放柜台里"


def test_the_id_of_another_delivery_is_not_used_again(app, company: Company, phone: Phone):
    first, second = ask(app, company), ask(app, company)
    op = delivered(phone, company.outlet_id, first)
    assert result_of(phone, op) == APPLIED
    assert result_of(phone, delivered(phone, company.outlet_id, second, {"delivery_id": op["entity"]["id"]})) == ("quarantined", "id_taken")
    assert request_of(app, second).delivered_on is None


def test_the_id_of_a_delivery_that_was_refused_may_come_again(app, company: Company, phone: Phone):
    op = delivered(phone, company.outlet_id, uuid7())
    assert result_of(phone, op) == UNKNOWN
    assert result_of(phone, delivered(phone, company.outlet_id, ask(app, company), {"delivery_id": op["entity"]["id"]})) == APPLIED


def test_materials_that_the_office_delivered_meanwhile_stay_as_they_are(app, company: Company, phone: Phone):
    request_id = ask(app, company)
    deliver(app, company, request_id, date(2026, 11, 20))
    assert result_of(phone, delivered(phone, company.outlet_id, request_id)) == DELIVERED
    assert (request_of(app, request_id).delivered_on, request_of(app, request_id).delivery_op_id) == (date(2026, 11, 20), None)


def test_a_rep_of_another_outlet_delivers_nothing(app, company: Company, phone: Phone, other_phone: Phone):
    request_id = ask(app, company)
    assert result_of(other_phone, delivered(other_phone, company.outlet_id, request_id)) == ("quarantined", "unknown_outlet")
    assert result_of(phone, delivered(phone, company.second_outlet_id, request_id)) == UNKNOWN
    assert result_of(phone, delivered(phone, company.outlet_id, uuid7())) == UNKNOWN
    assert request_of(app, request_id).delivered_on is None


def test_a_delivery_at_an_outlet_lost_meanwhile_is_in_force(app, company: Company, phone: Phone):
    request_id = ask(app, company)
    give_to(app, company, company.outlet_id, company.other_rep_id)
    assert result_of(phone, delivered(phone, company.outlet_id, request_id)) == ("out_of_scope_accepted", "outlet_reassigned")
    assert request_of(app, request_id).delivered_by_id == company.rep_id


def test_a_delivery_at_a_merged_outlet_answers_the_request_that_moved(app, company: Company, phone: Phone):
    request_id = ask(app, company)
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, delivered(phone, company.outlet_id, request_id)) == APPLIED
    assert request_of(app, request_id).delivered_on == date(2026, 11, 24)


def test_a_delivery_whose_request_comes_later_is_taken_in_at_night(app, company: Company, phone: Phone):
    request_id = uuid7()
    assert result_of(phone, delivered(phone, company.outlet_id, request_id)) == UNKNOWN
    ask(app, company, request_id=request_id)
    with app.app_context():
        assert run_repairable(now()) == 1
    assert request_of(app, request_id).delivered_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("delivered_at", "state"),
    [
        ("2026-11-23T15:59:59.000Z", "dismissed"),  # the last second of the due day
        ("2026-11-23T16:00:00.000Z", "proposed"),
    ],
)
def test_a_delivery_that_came_late_is_in_time_by_when_it_was_delivered(app, company: Company, phone: Phone, delivered_at, state):
    request_id = ask(app, company)
    with app.app_context():
        assert propose_late_materials(noon(date(2026, 11, 25))) == 1
        db.session.commit()
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, {"delivered_at": delivered_at})) == APPLIED
    with app.app_context():
        propose_late_materials(noon(date(2026, 11, 26)))
        db.session.commit()
        assert db.session.scalars(select(Finding.state)).one() == state


@pytest.mark.parametrize(("delivered_at", "expected"), [("2026-11-17T15:59:59.000Z", INVALID), ("2026-11-17T16:00:00.000Z", APPLIED)])
def test_a_delivery_is_not_of_a_day_before_the_request(app, company: Company, phone: Phone, delivered_at, expected):
    request_id = ask(app, company)
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, {"delivered_at": delivered_at})) == expected


@pytest.mark.parametrize("body", [{"note": ""}, {"note": "放" * 2000}, {"photos": PHOTOS[:1]}], ids=lambda body: str(body)[:40])
def test_a_delivery_at_the_bounds_of_a_field_is_taken_in(app, company: Company, phone: Phone, body):
    assert result_of(phone, delivered(phone, company.outlet_id, ask(app, company), body)) == APPLIED


@pytest.mark.parametrize(
    "body",
    [
        {"note": "放" * 2001},
        {"photos": []},
        {"photos": [*PHOTOS, "d" * 64]},
        {"photos": ["a" * 64, "a" * 64]},
        {"photos": [SIGNATURE]},
        {"signature": None},
        {"signature_refusal": "不愿签"},
        UNSIGNED | {"signature_refusal": " "},
        {"signature": SIGNED | {"signer_name": " "}},
        {"signature": SIGNED | {"signer_name": "王" * 61}},
        {"signature": SIGNED | {"signed_at": "2026-11-24T01:00:00"}},
        {"delivered_at": "2026-11-24T01:00:00"},
        {"request_id": "7"},
        {"delivery_id": "7"},
        {"outlet_id": NOBODY},
    ],
    ids=lambda body: str(body)[:60],
)
def test_a_delivery_with_a_field_that_is_not_valid_is_kept_and_not_in_force(app, company: Company, phone: Phone, body):
    request_id, entity = ask(app, company), {"type": "delivery", "id": uuid7()}
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, {"delivery_id": entity["id"]} | body, entity=entity)) == INVALID
    assert request_of(app, request_id).delivered_on is None


@pytest.mark.parametrize("changes", [*ENVELOPES, {"entity": {"type": "delivery", "id": NOBODY}}, {"blobs": PHOTOS}], ids=str)
def test_a_delivery_in_a_wrong_envelope_is_kept_and_not_in_force(app, company: Company, phone: Phone, changes):
    request_id = ask(app, company)
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, **changes)) == INVALID
    assert request_of(app, request_id).delivered_on is None


def test_the_pictures_of_a_delivery_show_on_the_console_once_they_are_here(app, company: Company, staff: Staff, phone: Phone):
    photos, signature = [picture("red"), picture("blue")], picture("white")
    request_id = ask(app, company)
    named = {"photos": [sha256(photo) for photo in photos], "signature": SIGNED | {"sha256": sha256(signature)}}
    assert result_of(phone, delivered(phone, company.outlet_id, request_id, named)) == APPLIED
    boss, place = console(app, "boss"), f"/materials/{request_id}"
    assert boss.get(place).text.count("还在手机上，没有传到") == 3
    assert phone.upload(photos[1]).status_code == 204
    page = boss.get(place).text
    assert (page.count("还在手机上，没有传到"), sha256(photos[0]) in page, sha256(photos[1]) in page) == (2, False, True)
    assert [phone.upload(content).status_code for content in (photos[0], signature)] == [204, 204]
    page = boss.get(place).text
    assert "还在手机上，没有传到" not in page
    assert all(f"/photos/{sha256(content)}?size=thumb" in page for content in (*photos, signature))
    assert [boss.get(f"/photos/{sha256(photo)}?size=full").status_code for photo in photos] == [200, 200]
    assert console(app, "rep2").get(f"/photos/{sha256(photos[1])}?size=full").status_code == 404


# what phones hold ------------------------------------------------------------------------------------------------------


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
