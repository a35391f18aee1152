"""An outlet file from a phone: its photos, its changes, its position. Happy, who may not, bad input."""

import pytest

from server.clock import now
from server.db import db
from server.media.store import stored_among
from server.outlets.models import Outlet
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


def renumbered(phone: Phone, outlet_id: str, base: str | None, mine: str | None) -> tuple[str, str | None]:
    """An account number is changed; result code and problem."""
    body = {"outlet_id": outlet_id, "fields": {"account_no": {"base": base, "mine": mine}}}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body)).json["results"]
    return result["code"], (result.get("problem") or {}).get("code")


def give_account(app, outlet_id: str, account_no: str) -> None:
    with app.app_context():
        db.session.get_one(Outlet, outlet_id).account_no = account_no
        db.session.commit()


def test_the_first_account_of_an_outlet_is_its_reps_word_and_another_one_a_supervisors(app, company: Company, phone: Phone):
    assert renumbered(phone, company.outlet_id, None, "0088123") == ("applied", None)
    assert renumbered(phone, company.outlet_id, "0088123", "0088123") == ("noop", None)
    assert renumbered(phone, company.outlet_id, "0088123", "0088124") == ("parked", "account_moves")
    assert renumbered(phone, company.outlet_id, "0088123", None) == ("parked", "account_moves")
    assert document(phone, company.outlet_id)["account_no"] == "0088123"


@pytest.mark.parametrize("mine", ["88123", "0088123", "00088123", "８８１２３"])
def test_the_account_of_another_outlet_waits_whatever_zeros_it_has(app, company: Company, phone: Phone, mine: str):
    give_account(app, company.second_outlet_id, "0088123")
    assert renumbered(phone, company.outlet_id, None, mine) == ("parked", "account_taken")
    assert document(phone, company.outlet_id)["account_no"] is None


def test_an_account_that_waits_is_taken_by_a_supervisors_word(app, company: Company, phone: Phone):
    give_account(app, company.outlet_id, "0088123")
    body = {"outlet_id": company.outlet_id, "fields": {"account_no": {"base": "0088123", "mine": "0088124"}}}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", company.outlet_id), company.outlet_id, body)).json["results"]
    path = f"/waiting/changes/{result['op_id']}"
    assert "0088124" in console(app, "boss").get(path).text
    console(app, "boss").post(f"{path}/decision", data={"choice.account_no": "take"})
    assert document(phone, company.outlet_id)["account_no"] == "0088124"


def test_the_account_of_an_outlet_that_was_removed_is_free(app, company: Company, phone: Phone):
    give_account(app, company.second_outlet_id, "0088123")
    with app.app_context():
        db.session.get_one(Outlet, company.second_outlet_id).removed_at = now()
        db.session.commit()
    assert renumbered(phone, company.outlet_id, None, "88123") == ("applied", None)


def test_a_draft_changes_its_own_account_freely(phone: Phone, draft_id: str):
    assert renumbered(phone, draft_id, None, "0077") == ("applied", None)
    assert renumbered(phone, draft_id, "0077", "0078") == ("applied", None)


def test_a_new_outlet_leaves_the_account_of_another_to_a_supervisor(app, company: Company, phone: Phone):
    give_account(app, company.outlet_id, "0088123")
    outlet_id = uuid7()
    body = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "顺达便民超市", "fields": {"account_no": "88123", "phone": "13900000001"}}
    [result] = phone.push(op(phone, "new_outlet.v1", ("outlet", outlet_id), outlet_id, body)).json["results"]
    assert (result["code"], result["problem"]["code"]) == ("parked", "account_taken")
    doc = document(phone, outlet_id)
    assert (doc["account_no"], doc["phone"]) == (None, "13900000001")
    path = f"/waiting/changes/{result['op_id']}"
    assert "88123" in console(app, "boss").get(path).text
    console(app, "boss").post(f"{path}/decision", data={"choice.account_no": "take"})
    assert document(phone, outlet_id)["account_no"] == "88123"


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
