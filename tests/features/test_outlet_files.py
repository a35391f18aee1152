"""An outlet file from a phone: its photos, its changes, its position. Happy, who may not, bad input."""

import pytest

from server.media.store import stored_among
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.outlet_files import document, draft_id, found, hash_of, op, state_of  # noqa: F401
from tests.features.staff import Staff, picture, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def test_a_new_outlet_brings_its_photos(app, company: Company, staff: Staff, phone: Phone):
    content = picture("blue")
    sha256 = hash_of(content)
    outlet_id, result = found(phone, company, {"storefront_photo": sha256}, [sha256])
    assert (result["code"], result["missing_blobs"]) == ("applied", [sha256])
    page = console(app, "boss").get(f"/outlets/{outlet_id}/file")
    assert "门头照片还在手机上" in page.text
    phone.upload(content)
    with app.app_context():
        assert stored_among([sha256]) == {sha256}
    doc = document(phone, outlet_id)
    assert (doc["storefront_photo"], doc["counter_photo"], doc["file_step"]) == (sha256, None, None)
    seen = {login: console(app, login).get(f"/photos/{sha256}").status_code for login in ("boss", "rep1", "rep2", "chief", "farboss")}
    assert seen == {"boss": 200, "rep1": 200, "rep2": 404, "chief": 200, "farboss": 404}


@pytest.mark.parametrize("photo", ["a" * 64, "A" * 64, "a" * 63, 7, ["a" * 64]])
def test_a_photo_that_the_record_does_not_bring_is_not_taken(app, company: Company, phone: Phone, photo):
    _, result = found(phone, company, {"counter_photo": photo}, ["b" * 64])
    assert (result["code"], result["problem"]["code"]) == ("quarantined", "invalid_record")


def test_an_edit_changes_a_photo_and_the_shop_questions(app, company: Company, phone: Phone):
    fields = {"counter_photo": {"base": None, "mine": "c" * 64}, "is_tidy": {"base": None, "mine": True}}
    body = {"outlet_id": company.outlet_id, "fields": fields}
    entity = ("outlet", company.outlet_id)
    bare = op(phone, "outlet_edit.v1", entity, company.outlet_id, body)
    whole = op(phone, "outlet_edit.v1", entity, company.outlet_id, body, blobs=["c" * 64])
    assert [result["code"] for result in phone.push(bare, whole).json["results"]] == ["quarantined", "applied"]
    doc = document(phone, company.outlet_id)
    assert (doc["counter_photo"], doc["is_tidy"], doc["are_materials_complete"]) == ("c" * 64, True, None)


def moved(phone: Phone, outlet_id: str, base: dict | None, more: dict | None = None) -> dict:
    position = {"lat": 30.67, "lon": 104.08, "accuracy_m": 8.0}
    body = {"outlet_id": outlet_id, "fields": {"position": {"base": base, "mine": position}, **(more or {})}}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body)).json["results"]
    return result


def test_a_position_of_an_approved_file_moves_by_a_supervisors_word(app, company: Company, phone: Phone):
    stands = {"lat": 30.66, "lon": 104.07, "accuracy_m": None}
    result = moved(phone, company.outlet_id, stands, {"phone": {"base": "", "mine": "13900000001"}})
    assert (result["code"], result["problem"]["code"]) == ("parked", "position_moves")
    doc = document(phone, company.outlet_id)
    assert (doc["lat"], doc["phone"]) == (30.66, "13900000001")
    client = console(app, "boss")
    path = f"/waiting/changes/{result['op_id']}"
    assert "30.67000, 104.08000" in client.get(path).text
    client.post(f"{path}/decision", data={"choice.position": "take"})
    assert document(phone, company.outlet_id)["lat"] == 30.67


def test_a_position_that_somebody_else_moved_meanwhile_is_a_collision(company: Company, phone: Phone):
    result = moved(phone, company.outlet_id, {"lat": 1.0, "lon": 1.0, "accuracy_m": None})
    assert (result["code"], result["problem"]["code"]) == ("parked", "waits_for_decision")


def test_the_position_of_a_draft_is_its_finders(phone: Phone, draft_id: str):
    assert moved(phone, draft_id, None)["code"] == "applied"
    assert moved(phone, draft_id, {"lat": 30.67, "lon": 104.08, "accuracy_m": 8.0})["code"] == "noop"


def test_what_follows_a_new_outlet_in_the_same_push_is_applied(app, company: Company, phone: Phone):
    """Its finder holds it at once, not only from the next request on."""
    outlet_id = uuid7()
    body = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "顺达便民超市", "fields": {}}
    first = op(phone, "new_outlet.v1", ("outlet", outlet_id), outlet_id, body)
    change = {"outlet_id": outlet_id, "fields": {"phone": {"base": "", "mine": "13900000001"}}}
    behind = [
        phone.op(outlet_id),
        op(phone, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, change),
        op(phone, "outlet_submit.v1", ("outlet_step", uuid7()), outlet_id, {"outlet_id": outlet_id}),
    ]
    results = phone.push(first, *behind).json["results"]
    assert [result["code"] for result in results] == ["applied"] * 4
    assert document(phone, outlet_id)["phone"] == "13900000001"
    assert state_of(app, outlet_id)[0] == "submitted"
