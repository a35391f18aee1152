"""The way in when the provider is down: a one-use link from the command line."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from server.audit.models import AuditRow
from server.cli_people import person_group
from server.clock import now
from server.config import settings_from_environment
from server.db import db
from server.devices import tokens
from server.devices.models import SignInCode
from server.oidc_settings import OidcSettings
from server.people.actions import deactivate_person
from server.people.models import Person
from tests.sync.conftest import Company, company  # noqa: F401


@pytest.fixture
def link(app, company: Company):
    oidc = OidcSettings("https://id.example", "xundian", is_only_way=True)
    app.extensions["xundian"] = replace(app.extensions["xundian"], oidc=oidc, base_url="https://x.example")
    app.config["WTF_CSRF_ENABLED"] = False
    made = CliRunner().invoke(person_group, ["console-link", "boss"], obj=app)
    assert made.exit_code == 0, made.output
    return re.fullmatch(r"https://x\.example(/login/once/\S{32})\n", made.output).group(1)


@pytest.mark.parametrize(("language", "words"), [("zh", "只能用一次"), ("en", "works once")])
def test_a_link_signs_in_once_and_is_noted(app, company, link, language, words):
    client = app.test_client()
    client.set_cookie("language", language)
    for _ in range(2):  # looking uses nothing up
        page = client.get(link)
        assert words in page.text and page.headers["Cache-Control"] == "no-store"
    assert client.post(link).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert app.test_client().post(link).status_code == 410
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.subject_id == company.supervisor_id).order_by(AuditRow.id)).all()
        assert [(row.action, row.detail.get("way")) for row in rows[-2:]] == [("person.console_link_made", None), ("person.signed_in", "link")]


@pytest.mark.parametrize(("minutes", "status"), [(14, 302), (16, 410)])
def test_a_link_holds_for_a_quarter_of_an_hour(app, link, minutes, status):
    with app.app_context():
        row = db.session.scalars(select(SignInCode).where(SignInCode.purpose == tokens.CONSOLE)).one()
        row.expires_at -= timedelta(minutes=minutes)
        db.session.commit()
    assert app.test_client().post(link).status_code == status


def test_a_link_opens_nothing_for_somebody_who_left(app, company, link):
    with app.app_context():
        deactivate_person(db.session.get_one(Person, company.supervisor_id), now(), None)
        db.session.commit()
    assert app.test_client().post(link).status_code == app.test_client().get(link).status_code == 410
    refused = CliRunner().invoke(person_group, ["console-link", "boss"], obj=app)
    assert refused.exit_code == 1 and "not active" in refused.output
    assert CliRunner().invoke(person_group, ["console-link", "nobody"], obj=app).exit_code == 1


def test_codes_for_something_else_do_not_open_the_console(app, company, link):
    with app.app_context():
        boss = company.supervisor_id
        codes = [tokens.make_sign_in_code(boss, boss, now(), purpose) for purpose in (tokens.PHONE, tokens.PASSWORD)]
        db.session.commit()
    client = app.test_client()
    assert {client.post(f"/login/once/{code}").status_code for code in [*codes, "made-up"]} == {410}
    code = link.rpartition("/")[2]
    assert client.post("/auth/v1/redeem", json={"code": code, "device_label": "x"}).status_code == 410
    assert client.get(f"/password/{code}").status_code == 410


GOOD = {"XUNDIAN_BASE_URL": "https://x.example", "XUNDIAN_OIDC_ISSUER": "https://id.example/realms/a", "XUNDIAN_OIDC_CLIENT_ID": "xundian"}


def read(monkeypatch, tmp_path, given):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return settings_from_environment(tmp_path).oidc


def test_settings_of_a_provider_have_sensible_defaults(monkeypatch, tmp_path):
    assert read(monkeypatch, tmp_path, {}) is None
    oidc = read(monkeypatch, tmp_path, GOOD)
    assert oidc == OidcSettings("https://id.example/realms/a", "xundian", "", "preferred_username", "openid profile", "", False)
    more = {"CLIENT_SECRET": "s", "LOGIN_CLAIM": "email", "SCOPES": "openid email", "LABEL": "x" * 30, "ONLY": "1"}
    oidc = read(monkeypatch, tmp_path, {f"XUNDIAN_OIDC_{name}": value for name, value in more.items()})
    assert (oidc.client_secret, oidc.login_claim, oidc.scopes, oidc.label, oidc.is_only_way) == ("s", "email", "openid email", "x" * 30, True)
    assert read(monkeypatch, tmp_path, {"XUNDIAN_OIDC_ISSUER": "http://127.0.0.1:9"}).issuer == "http://127.0.0.1:9"


WRONG = [
    {"XUNDIAN_OIDC_CLIENT_ID": ""},
    {"XUNDIAN_BASE_URL": ""},
    {"XUNDIAN_OIDC_SCOPES": "profile"},
    {"XUNDIAN_OIDC_LABEL": "x" * 31},
    {"XUNDIAN_OIDC_ONLY": "yes"},
    {"XUNDIAN_OIDC_ONLY": "1", "XUNDIAN_OIDC_ISSUER": ""},
    *(
        {"XUNDIAN_OIDC_ISSUER": address}
        for address in ("http://id.example", "id.example", "https://", "https://id.example?x", "https://a b", "https://x:y")
    ),
]


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_settings_that_cannot_work_stop_the_start_and_name_the_variable(monkeypatch, tmp_path, changes):
    with pytest.raises(ValueError, match="XUNDIAN_OIDC_"):
        read(monkeypatch, tmp_path, GOOD | changes)
