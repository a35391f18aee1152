"""Deliveries of materials from phones, with photos and a signature, or why nobody signed."""

from datetime import date

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.findings.models import Finding, FindingStep
from server.intake.rerun import run_repairable
from server.materials.proposals import propose_late_materials
from server.media.models import BlobRef
from server.outlets.duplicates import merge_outlets
from server.policy.actions import set_policy
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.material_papers import ask, asked, deliver, delivered, request_of, requests
from tests.features.papers import (
    APPLIED,
    ENVELOPES,
    INVALID,
    NOBODY,
    PHOTOS,
    SIGNATURE,
    SIGNED,
    UNSIGNED,
    before_causes,
    documents,
    give_to,
    result_of,
)
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

DELIVERED = ("quarantined", "already_delivered")
UNKNOWN = ("quarantined", "unknown_request")


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
    assert result_of(phone, delivered(phone, company.outlet_id, request_id)) == DELIVERED  # nobody signs later: the manager judges
    assert request_of(app, request_id).signature_refusal is not None
    assert f"/materials/{request_id}/delivery" not in console(app, "rep1").get(f"/materials/{request_id}").text


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


@pytest.mark.parametrize(
    ("delivered_at", "day", "moved"),
    [
        ("2026-11-17T15:59:59.000Z", date(2026, 11, 18), [("delivery", "2026-11-17", "2026-11-18")]),
        ("2026-11-17T16:00:00.000Z", date(2026, 11, 18), []),
        ("2026-11-18T16:00:00.000Z", date(2026, 11, 19), []),
    ],
)
def test_a_delivery_by_a_clock_before_the_request_is_of_the_day_of_the_request(app, company: Company, phone: Phone, delivered_at, day, moved):
    request_id = ask(app, company)
    op = delivered(phone, company.outlet_id, request_id, {"delivered_at": delivered_at})
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert (request_of(app, request_id).delivered_on, before_causes(app)) == (day, moved)
    late = delivered(phone, company.outlet_id, request_id, {"delivered_at": "2026-11-17T15:59:59.000Z"})
    assert (result_of(phone, late), before_causes(app)) == (DELIVERED, moved)  # what is refused leaves no trace of its day


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
