"""A person's phones in their own file: who did not sign one in sees on the others that somebody did. Happy, who may not, twice."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.devices.actions import make_sign_in_code, revoke_device
from server.devices.models import Device
from server.people.models import Person
from tests.sync.conftest import PASSWORD, Company, Phone, company, other_phone, phone, signed_in  # noqa: F401


def told(phone: Phone, person_id: str, cursor: str | None = None) -> tuple[list[tuple[str, str]] | None, str]:
    """(label, who gave the code) of the person's phones as a pull brings them, None when it brings no such file; and the cursor behind it."""
    events, cursor = phone.pull(cursor)
    files = [event["doc"] for event in events if event.get("type") == "person" and event.get("id") == person_id]
    return ([(one["label"], one["code_by"]) for one in files[-1]["phones"]] if files else None), cursor


def code_from(app, person_id: str, by_id: str) -> str:
    with app.app_context():
        return make_sign_in_code(person_id, by_id, now())


def redeem(app, code: str, label: str, **more: list[str]) -> dict:
    return app.test_client().post("/auth/v1/redeem", json={"code": code, "device_label": label, **more}).json


def sign_in(app, label: str, former: list[str]):
    words = {"login": "rep1", "password": PASSWORD, "device_label": label, "former_devices": former}
    return app.test_client().post("/auth/v1/sign-in", json=words)


def test_a_phone_hears_of_another_that_the_supervisor_signed_in(app, company: Company, phone: Phone):
    first, cursor = told(phone, company.rep_id)
    assert first == [("test", "")]
    redeem(app, code_from(app, company.rep_id, company.supervisor_id), "borrowed")
    with app.app_context():
        chief = db.session.get_one(Person, company.supervisor_id).name
    assert told(phone, company.rep_id, cursor)[0] == [("borrowed", chief), ("test", "")]


def test_an_own_code_and_an_own_password_name_nobody(app, company: Company, phone: Phone):
    redeem(app, code_from(app, company.rep_id, company.rep_id), "tablet")
    signed_in(app, "rep1")
    assert told(phone, company.rep_id)[0] == [("test", ""), ("tablet", ""), ("test", "")]


def test_a_phone_that_was_stopped_or_signed_out_goes_from_the_file(app, company: Company, phone: Phone):
    answer = redeem(app, code_from(app, company.rep_id, company.supervisor_id), "borrowed")
    second = signed_in(app, "rep1")
    before, cursor = told(phone, company.rep_id)
    assert len(before) == 3
    with app.app_context():
        revoke_device(answer["device_id"], company.supervisor_id, now())
    shown, cursor = told(phone, company.rep_id, cursor)
    assert shown == [("test", ""), ("test", "")]
    second.client.post("/auth/v1/sign-out", headers=second.headers)
    assert told(phone, company.rep_id, cursor)[0] == [("test", "")]


def test_signing_in_again_on_a_phone_ends_its_former_sign_ins_and_no_other(app, company: Company, phone: Phone):
    _, cursor = told(phone, company.rep_id)
    first = redeem(app, code_from(app, company.rep_id, company.supervisor_id), "tablet")["device_id"]
    second = sign_in(app, "tablet", [first]).json
    assert [one["id"] == second["device_id"] for one in second["person"]["phones"]] == [True, False]
    again = redeem(app, code_from(app, company.rep_id, company.rep_id), "tablet", former_devices=[first, second["device_id"]])
    shown, cursor = told(phone, company.rep_id, cursor)
    assert shown == [("tablet", ""), ("test", "")]
    with app.app_context():
        ended = db.session.scalars(select(AuditRow.subject_id).where(AuditRow.action == "device.signed_out").order_by(AuditRow.at)).all()
        assert ended == [first, second["device_id"]]
        assert db.session.get_one(Device, again["device_id"]).revoked_at is None


def test_naming_somebody_elses_phone_ends_nothing(app, company: Company, phone: Phone, other_phone: Phone):
    with app.app_context():
        theirs = db.session.scalars(select(Device.id).where(Device.person_id == company.other_rep_id)).all()
    assert sign_in(app, "tablet", [*theirs, company.rep_id]).status_code == 200
    assert told(other_phone, company.other_rep_id)[0] == [("test", "")]


@pytest.mark.parametrize(("count", "status"), [(5, 200), (6, 400)])
def test_a_phone_names_at_most_five_former_devices(app, company: Company, count: int, status: int):
    assert sign_in(app, "tablet", [company.rep_id] * count).status_code == status


def test_the_sign_in_itself_brings_the_phones(app, company: Company, phone: Phone):
    answer = redeem(app, code_from(app, company.rep_id, company.rep_id), "tablet")
    assert [(one["id"] == answer["device_id"], one["label"]) for one in answer["person"]["phones"]] == [(True, "tablet"), (False, "test")]


def test_somebody_elses_phones_come_to_nobody(app, company: Company, phone: Phone, other_phone: Phone):
    shown, cursor = told(other_phone, company.other_rep_id)
    assert shown == [("test", "")] and told(other_phone, company.rep_id)[0] is None
    signed_in(app, "rep1")
    assert told(other_phone, company.other_rep_id, cursor)[0] is None


def test_a_phone_stopped_twice_is_told_once(app, company: Company, phone: Phone):
    second = signed_in(app, "rep1")
    with app.app_context():
        devices = db.session.scalars(select(Device.id).where(Device.person_id == company.rep_id).order_by(Device.created_at)).all()
        revoke_device(devices[1], company.supervisor_id, now())
    _, cursor = told(phone, company.rep_id)
    with app.app_context():
        revoke_device(devices[1], company.supervisor_id, now())
    assert told(phone, company.rep_id, cursor)[0] is None
    assert second.post("pull", client_id=second.client_id, cursor=None, page=None).status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_phones_are_read_in_one_statement_for_many_people(app, company: Company, count: int):
    from server.devices.documents import phones_of
    from tests.statements import statements

    for _ in range(count):
        signed_in(app, "rep1")
    with app.app_context(), statements(app) as asked:
        found = phones_of([company.rep_id, company.other_rep_id])
    assert len(found[company.rep_id]) == count and len([one for one in asked if "BEGIN" not in one]) == 1
