"""Signing in to the console at a provider, against a real one over HTTP: who gets in, where to, and that nobody else does."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from server.app import create_app
from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.limits import limiter
from server.people.actions import deactivate_person
from server.people.models import Person
from tests.features.oidc_browser import Browser, assert_says, oidc_app, provider, with_provider  # noqa: F401
from tests.features.oidc_server import SECRET
from tests.sync.conftest import PASSWORD


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_person_signs_in_at_the_provider_and_comes_to_the_page_that_was_asked_for(oidc_app, provider, company, language):
    browser = Browser(oidc_app, provider, language)
    stranger = browser.client.get("/outlets?region=x")
    login_page = browser.client.get(stranger.headers["Location"])
    assert ('href="/login/oidc?next=/outlets?region%3Dx"' in login_page.text) and ('name="password"' in login_page.text)
    asked = browser.go("/outlets?region=x")
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == ("code", "S256", "openid profile")
    assert asked["redirect_uri"] == "http://localhost/login/oidc/back"
    answer = browser.come_back(asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/outlets?region=x")
    assert browser.is_in()
    with oidc_app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "person.signed_in")).one()
        assert (row.actor_id, row.subject_id) == (company.supervisor_id, company.supervisor_id)
        assert row.detail == {"way": "oidc", "issuer": provider.url, "provider_subject": "subject-1"}


def test_the_session_is_a_new_one_at_sign_in(oidc_app, provider):
    browser = Browser(oidc_app, provider)
    with browser.client.session_transaction() as kept:
        kept["planted"] = "before"
    browser.sign_in()
    with browser.client.session_transaction() as kept:
        assert "planted" not in kept and "oidc_attempt" not in kept and kept["_user_id"]


@pytest.mark.parametrize("changes", [{"client_secret": ""}, {"client_secret": SECRET}])
@pytest.mark.parametrize("ways", [["client_secret_basic"], ["client_secret_post"], ["none"], None])
def test_the_exchange_is_made_as_the_provider_takes_it(app, company, provider, changes, ways):
    provider.discovery = {"token_endpoint_auth_methods_supported": ways}
    browser = Browser(with_provider(app, provider, **changes), provider)
    assert browser.sign_in().headers["Location"] == "/"


def test_a_wrong_client_secret_is_refused_by_the_provider(app, company, provider):
    browser = Browser(with_provider(app, provider, client_secret="another"), provider)
    assert_says(browser, browser.sign_in(), "oidc_refused")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("login", ["stranger", "Boss", "boss ", "bo\0ss", "", 7])
def test_nobody_is_let_in_or_added_under_a_login_that_is_not_here(oidc_app, provider, login, language):
    with oidc_app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Person))
    provider.login = login
    browser = Browser(oidc_app, provider, language)
    assert_says(browser, browser.sign_in(), "oidc_unknown_person")
    with oidc_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == before


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_person_who_left_is_not_let_in_and_one_who_leaves_is_out_at_once(oidc_app, provider, company, language):
    browser = Browser(oidc_app, provider, language)
    browser.sign_in()
    assert browser.is_in()
    with oidc_app.app_context():
        deactivate_person(db.session.get_one(Person, company.supervisor_id), now(), None)
        db.session.commit()
    assert not browser.is_in()
    assert_says(browser, browser.sign_in("/outlets"), "oidc_left")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_state_ends_the_attempt_and_the_next_attempt_serves(oidc_app, provider, language):
    browser = Browser(oidc_app, provider, language)
    asked = browser.go("/outlets")
    refused = browser.come_back(asked, state="of-somebody-else")
    assert_says(browser, refused, "oidc_expired")
    assert_says(browser, browser.come_back(asked), "oidc_expired")
    assert browser.sign_in("/outlets").headers["Location"] == "/outlets"


def test_an_answer_that_another_browser_began_lets_nobody_in(oidc_app, provider):
    asked = Browser(oidc_app, provider).go()
    other = Browser(oidc_app, provider)
    assert_says(other, other.come_back(asked), "oidc_expired")


def test_a_code_serves_once(oidc_app, provider):
    browser = Browser(oidc_app, provider)
    asked = browser.go()
    with browser.client.session_transaction() as kept:
        attempt = dict(kept["oidc_attempt"])
    query = {"code": provider.given_code(asked), "state": asked["state"]}
    assert browser.client.get("/login/oidc/back", query_string=query).headers["Location"] == "/"
    assert browser.client.get("/login/oidc/back", query_string=query).headers["Location"] == "/"  # signed in already
    thief = Browser(oidc_app, provider)
    assert_says(thief, thief.client.get("/login/oidc/back", query_string=query), "oidc_expired")
    with thief.client.session_transaction() as kept:
        kept["oidc_attempt"] = attempt  # even with the cookie of that moment
    assert_says(thief, thief.client.get("/login/oidc/back", query_string=query), "oidc_refused")


@pytest.mark.parametrize(("age_s", "is_in"), [(595, True), (605, False), (-5, False)])
def test_an_attempt_holds_for_ten_minutes(oidc_app, provider, age_s, is_in):
    browser = Browser(oidc_app, provider)
    asked = browser.go()
    with browser.client.session_transaction() as kept:
        kept["oidc_attempt"] = kept["oidc_attempt"] | {"began": int(time.time()) - age_s}
    answer = browser.come_back(asked)
    if is_in:
        assert answer.headers["Location"] == "/"
    else:
        assert_says(browser, answer, "oidc_expired")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("query", [{"error": "access_denied"}, {"error": "x" * 5000}, {}, {"code": ""}, {"code": "x" * 4097}, {"code": "made-up"}])
def test_an_answer_without_a_good_code_lets_nobody_in(oidc_app, provider, query, language):
    browser = Browser(oidc_app, provider, language)
    asked = browser.go("/outlets")
    answer = browser.client.get("/login/oidc/back", query_string={"state": asked["state"]} | query)
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["next"] == ["/outlets"]
    assert_says(browser, answer, "oidc_refused")


ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in(oidc_app, provider, target):
    browser = Browser(oidc_app, provider)
    assert browser.sign_in(target).headers["Location"] == "/"
    assert browser.client.get("/login/oidc", query_string={"next": target}).headers["Location"] == "/"


@pytest.mark.parametrize(("length", "kept"), [(1500, True), (1501, False), (5000, False)])
def test_an_address_too_long_for_the_cookie_leads_to_the_start_page(oidc_app, provider, length, kept):
    target = "/outlets?q=" + "x" * (length - 11)
    assert Browser(oidc_app, provider).sign_in(target).headers["Location"] == (target if kept else "/")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_signing_out_stays_here_and_says_so(oidc_app, provider, language):
    browser = Browser(oidc_app, provider, language)
    browser.sign_in()
    asked_before = len(provider.asked)
    page = browser.client.post("/logout", follow_redirects=True).text
    assert ("请到那边也退出", "sign out there too")[language == "en"] in page
    assert len(provider.asked) == asked_before and not browser.is_in()
    browser.client.post("/login", data={"login": "boss", "password": PASSWORD})
    assert ("请到那边也退出", "sign out there too")[language == "en"] not in browser.client.post("/logout", follow_redirects=True).text


def test_without_a_provider_there_is_no_button_and_no_way(app, company):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert "/login/oidc" not in client.get("/login").text
    assert client.get("/login/oidc").status_code == client.get("/login/oidc/back?state=x").status_code == 404


def test_a_made_up_fault_says_nothing(oidc_app):
    page = oidc_app.test_client().get("/login?fault=<b>oidc_made_up").text
    assert 'role="alert"' not in page and "<b>" not in page


def test_the_button_carries_the_providers_name(app, company, provider):
    page = with_provider(app, provider, label="<企业微信>").test_client().get("/login").text
    assert "用 &lt;企业微信&gt; 登录" in page


def test_passwords_open_no_console_where_the_provider_is_the_only_way(app, company, provider):
    browser = Browser(with_provider(app, provider, is_only_way=True), provider)
    page = browser.client.get("/login").text
    assert 'name="password"' not in page and 'href="/login/oidc"' in page
    assert browser.client.post("/login", data={"login": "boss", "password": PASSWORD}).status_code == 403
    assert not browser.is_in()
    phone = browser.client.post("/auth/v1/sign-in", json={"login": "rep1", "password": PASSWORD, "device_label": "x"})
    assert phone.status_code == 200
    assert browser.sign_in().headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/login/oidc", "/login/oidc/back"])
def test_attempts_are_counted(oidc_app, provider, path):
    busy = create_app(replace(oidc_app.extensions["xundian"], is_testing=False))
    client = busy.test_client()
    try:
        statuses = [client.get(path).status_code for _ in range(31)]
        assert set(statuses[:30]) <= {302, 303} and statuses[30] == 429
    finally:
        limiter.enabled = False
        limiter.reset()
        with busy.app_context():
            db.engine.dispose()
