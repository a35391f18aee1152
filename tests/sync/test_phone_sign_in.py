"""Signing a phone in and out."""

import base64
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.devices.actions import make_sign_in_code
from server.devices.models import Device, SignInCode
from server.people import phone_routes
from server.people.actions import deactivate_person
from server.people.models import Person
from tests.sync.conftest import PASSWORD


def redeem(app, code):
    return app.test_client().post("/auth/v1/redeem", json={"code": code, "device_label": "phone"})


def code_for(app, company):
    with app.app_context():
        return make_sign_in_code(company.rep_id, company.supervisor_id, now())


def test_a_password_signs_a_phone_in(app, company):
    answer = app.test_client().post("/auth/v1/sign-in", json={"login": "rep1", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json["person"]["name"] == "赵广田"


def test_a_wrong_password_and_an_unknown_login_look_the_same(app, company):
    answers = [app.test_client().post("/auth/v1/sign-in", json={"login": login, "password": "wrong-wrong"}) for login in ("rep1", "nobody")]
    assert [(a.status_code, a.json["code"]) for a in answers] == [(401, "sign_in_failed")] * 2
    assert answers[0].json == answers[1].json


def test_a_code_signs_one_phone_in_once(app, company):
    code = code_for(app, company)
    assert redeem(app, code).json["person"]["login"] == "rep1"
    again = redeem(app, code)
    assert (again.status_code, again.json["code"]) == (410, "code_used")


def test_a_nul_in_login_and_label_is_no_trouble(app, company):
    client = app.test_client()
    assert client.post("/auth/v1/sign-in", json={"login": "rep\x001", "password": PASSWORD}).status_code == 401
    assert client.post("/auth/v1/sign-in", json={"login": "rep1", "password": PASSWORD, "device_label": "a\x00b"}).status_code == 200


def test_an_old_code_has_expired(app, company):
    code = code_for(app, company)
    with app.app_context():
        row = db.session.query(SignInCode).one()
        row.expires_at = now() - timedelta(seconds=1)
        db.session.commit()
    assert redeem(app, code).json["code"] == "code_expired"


def test_an_unknown_code_looks_expired(app, company):
    assert redeem(app, "made-up").json["code"] == "code_expired"


def test_a_signed_out_phone_is_let_in_no_more(app, company, phone):
    assert phone.client.post("/auth/v1/sign-out", headers=phone.headers).status_code == 204
    assert phone.post("pull", client_id=phone.client_id, cursor=None, page=None).status_code == 401


def test_a_request_that_is_no_json_is_malformed(app, company):
    answer = app.test_client().post("/auth/v1/sign-in", data=b"login=rep1")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_somebody_who_left_is_not_let_in_by_a_code_made_before(app, company):
    code = code_for(app, company)
    with app.app_context():
        deactivate_person(db.session.get(Person, company.rep_id), now(), None)
        db.session.commit()
    answer = redeem(app, code)
    assert (answer.status_code, answer.json["code"]) == (410, "code_expired")


def test_a_phone_of_somebody_who_left_is_let_in_no_more(app, company, phone):
    with app.app_context():
        deactivate_person(db.session.get(Person, company.rep_id), now(), None)
        db.session.commit()
    assert phone.push(phone.op(company.outlet_id)).status_code == 401


def test_a_pull_says_that_the_phone_was_heard_of(app, company, phone):
    with app.app_context():
        device = db.session.query(Device).one()
        device.last_seen_at = now() - timedelta(days=3)
        db.session.commit()
    phone.pull()
    with app.app_context():
        assert now() - db.session.query(Device).one().last_seen_at < timedelta(minutes=1)


def lock_secret(phone):
    return phone.client.post("/auth/v1/lock-secret", headers=phone.headers)


def test_the_secret_of_a_lock_is_the_same_for_every_phone_of_a_person_and_of_nobody_else(app, company, phone):
    other = app.test_client().post("/auth/v1/sign-in", json={"login": "rep1", "password": PASSWORD}).json["token"]
    stranger = app.test_client().post("/auth/v1/sign-in", json={"login": "rep2", "password": PASSWORD}).json["token"]
    told = [
        app.test_client().post("/auth/v1/lock-secret", headers={"Authorization": f"Bearer {token}"}).json["secret"] for token in (other, stranger)
    ]
    mine = lock_secret(phone)
    assert (mine.status_code, mine.headers["Cache-Control"]) == (200, "no-store")
    assert len(base64.b64decode(mine.json["secret"])) == 32
    assert [secret == mine.json["secret"] for secret in told] == [True, False]


def test_the_secret_of_a_lock_is_told_to_nobody_else_and_every_time_is_noted(app, company, phone):
    assert app.test_client().post("/auth/v1/lock-secret").status_code == 401
    lock_secret(phone)
    with app.app_context():
        assert db.session.scalars(select(AuditRow.actor_id).where(AuditRow.action == "device.lock_secret")).all() == [company.rep_id]
    assert phone.client.post("/auth/v1/sign-out", headers=phone.headers).status_code == 204
    assert lock_secret(phone).status_code == 401


def test_the_secret_of_a_lock_follows_the_key_of_id_numbers(app, company, phone):
    before = lock_secret(phone).json["secret"]
    app.extensions["xundian"] = replace(app.extensions["xundian"], id_key="ab" * 32)
    assert lock_secret(phone).json["secret"] != before


def test_a_sign_in_while_its_person_is_let_go_ends_without_a_token(app, company, monkeypatch):
    """The password is being checked meanwhile."""

    def checked(_hash, _password):
        gone = update(Person).where(Person.id == company.rep_id).values(is_active=False)
        db.session.execute(gone.execution_options(synchronize_session=False))
        return True

    monkeypatch.setattr(phone_routes, "is_password", checked)
    answer = app.test_client().post("/auth/v1/sign-in", json={"login": "rep1", "password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_failed")
    with app.app_context():
        assert db.session.scalars(select(Device)).all() == []


def test_a_sign_in_while_the_password_is_changed_ends_without_a_token(app, company, monkeypatch):
    def checked(_hash, _password):
        other = update(Person).where(Person.id == company.rep_id).values(password_hash="!another")
        db.session.execute(other.execution_options(synchronize_session=False))
        return True

    monkeypatch.setattr(phone_routes, "is_password", checked)
    assert app.test_client().post("/auth/v1/sign-in", json={"login": "rep1", "password": PASSWORD}).status_code == 401


def test_a_token_of_somebody_who_has_left_is_good_for_nothing(app, company, phone):
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == company.rep_id).values(is_active=False))
        db.session.commit()
    answer = phone.post("pull", client_id=phone.client_id, cursor=None, page=None)
    assert (answer.status_code, answer.json["code"]) == (401, "auth_expired")
