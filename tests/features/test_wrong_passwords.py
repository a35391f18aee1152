"""Guessing a password: a login has so many tries an hour, and its person can see that somebody tried."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server.app import create_app
from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.devices.tokens import CONSOLE, make_sign_in_code
from server.limits import limiter
from server.people.actions import add_person
from server.people.models import Role
from tests.features.browsing import console, untranslated
from tests.sync.conftest import PASSWORD

WRONG = "wrong-wrong"


@pytest.fixture(autouse=True)
def plain_forms(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def busy(app):
    """The application with its limits."""
    busy = create_app(replace(app.extensions["xundian"], is_testing=False))
    busy.config["WTF_CSRF_ENABLED"] = False
    yield busy
    limiter.enabled = False
    limiter.reset()
    with busy.app_context():
        db.engine.dispose()


def from_phone(app, login, password, address="10.0.0.1"):
    words = {"login": login, "password": password, "device_label": "x"}
    return app.test_client().post("/auth/v1/sign-in", json=words, environ_base={"REMOTE_ADDR": address})


def from_console(app, login, password, address="10.0.0.1", language="zh"):
    client = app.test_client()
    client.set_cookie("language", language)
    return client.post("/login", data={"login": login, "password": password}, environ_base={"REMOTE_ADDR": address})


def guess(app, login, times):
    """From as many addresses, in turn at the console and on a phone."""
    ways = (from_console, from_phone)
    return [ways[number % 2](app, login, WRONG, f"10.0.1.{number}").status_code for number in range(times)]


def test_a_login_has_twenty_wrong_passwords_an_hour_and_the_right_one_waits_too(busy, company):
    assert guess(busy, "boss", 20) == [401] * 20
    page = from_console(busy, "boss", PASSWORD)
    assert page.status_code == 429 and "这个工号试错密码太多次了" in page.text and int(page.headers["Retry-After"]) > 0
    english = from_console(busy, "boss", PASSWORD, language="en")
    assert "Too many wrong passwords for this login" in english.text and untranslated(english.text) == []
    phone = from_phone(busy, "boss", PASSWORD)
    assert (phone.status_code, phone.json["code"]) == (429, "too_many_requests") and int(phone.headers["Retry-After"]) > 0


def test_others_sign_in_beside_it_and_right_passwords_use_nothing_up(busy, company):
    guess(busy, "boss", 20)
    assert [from_phone(busy, "rep1", PASSWORD).status_code for _ in range(25)] == [200] * 25
    assert guess(busy, "nobody", 21)[19:] == [401, 429]


def test_nineteen_wrong_passwords_leave_one_try(busy, company):
    guess(busy, "boss", 19)
    assert from_console(busy, "boss", PASSWORD).status_code == 302


def test_who_is_kept_out_by_anothers_guesses_comes_in_by_a_code_and_by_a_link(busy, company):
    guess(busy, "boss", 20)
    with busy.app_context():
        code, link = (make_sign_in_code(company.supervisor_id, company.supervisor_id, now(), *way) for way in ((), (CONSOLE,)))
        db.session.commit()
    assert busy.test_client().post("/auth/v1/redeem", json={"code": code, "device_label": "x"}).status_code == 200
    assert busy.test_client().post(f"/login/once/{link}").status_code == 302


def test_a_form_that_cannot_be_read_is_malformed_as_before(busy, company):
    assert busy.test_client().post("/auth/v1/sign-in", data=b"{").json["code"] == "malformed"
    assert from_console(busy, "", "").status_code == 401


def noted(app):
    with app.app_context():
        query = select(AuditRow).where(AuditRow.action == "person.sign_in_refused").order_by(AuditRow.at)
        return [(row.actor_id, row.subject_id, row.detail) for row in db.session.scalars(query)]


def test_a_wrong_password_is_written_down_once_in_ten_minutes(app, company):
    assert [from_console(app, "boss", WRONG).status_code, from_phone(app, "boss", WRONG).status_code] == [401, 401]
    assert noted(app) == [(None, company.supervisor_id, {"way": "console"})]
    with app.app_context():
        db.session.execute(update(AuditRow).where(AuditRow.action == "person.sign_in_refused").values(at=now() - timedelta(minutes=10)))
        db.session.commit()
    from_phone(app, "boss", WRONG)
    assert noted(app)[1:] == [(None, company.supervisor_id, {"way": "phone"})]


def test_right_passwords_and_unknown_logins_leave_no_row_and_no_typed_text(app, company, caplog):
    assert from_console(app, PASSWORD, WRONG).status_code == 401
    assert from_phone(app, PASSWORD, WRONG).status_code == 401
    assert from_phone(app, "rep1", PASSWORD).status_code == 200
    assert noted(app) == []
    assert caplog.text.count("nobody has this login") == 2
    assert PASSWORD not in caplog.text and WRONG not in caplog.text


def test_the_deeds_say_it_in_words(app, company):
    from_console(app, "boss", WRONG)
    with app.app_context():
        add_person("root", "高阳", PASSWORD, [Role.ADMIN], [], now())
        db.session.commit()
    assert "有人用错密码登录，没登上" in console(app, "root").get("/deeds").text
    english = console(app, "root", "en").get("/deeds")
    assert "Somebody tried to sign in with a wrong password" in english.text and untranslated(english.text) == []
