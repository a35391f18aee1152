"""A console session that nobody uses for twelve hours is over, so that a cookie somebody copied dies as well."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import session
from itsdangerous import TimestampSigner
from sqlalchemy import select

from server.db import db
from server.people.models import EndedSession
from server.people.sessions import end_session, purge_ended_sessions
from tests.features.browsing import console, untranslated
from tests.sync.conftest import PASSWORD

MORNING = datetime(2026, 11, 24, 1, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def at(monkeypatch):
    """Set the clock that cookies are signed and read by, and that of requests."""

    def set_clock(moment):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(moment.timestamp()))
        monkeypatch.setattr("server.people.access.now", lambda: moment)

    return set_clock


@pytest.fixture
def browser(app, company, at):
    at(MORNING)
    browser = console(app, "boss")
    assert browser.get("/").status_code == 200
    return browser


@pytest.mark.parametrize(("idle", "status"), [(12 * HOUR, 200), (12 * HOUR + SECOND, 302)])
def test_a_session_ends_after_twelve_idle_hours(browser, at, idle, status):
    at(MORNING + idle)
    assert browser.get("/").status_code == status


def test_a_session_in_use_goes_on(browser, at):
    for hours in (8, 16, 24):
        at(MORNING + hours * HOUR)
        assert browser.get("/").status_code == 200
    at(MORNING + 36 * HOUR + SECOND)
    assert browser.get("/").status_code == 302


def test_the_cookie_is_renewed_once_an_hour_and_goes_with_the_browser(browser, at):
    at(MORNING + HOUR - SECOND)
    assert "Set-Cookie" not in browser.get("/").headers
    at(MORNING + HOUR)
    cookie = browser.get("/").headers["Set-Cookie"]
    assert cookie.startswith("session=") and "Expires" not in cookie and "Max-Age" not in cookie
    assert "Set-Cookie" not in browser.get("/").headers


def test_signing_out_an_hour_later_leaves_no_cookie(browser, at):
    at(MORNING + 2 * HOUR)
    browser.post("/logout")
    assert browser.get("/").status_code == 302


def cookie_of(browser):
    return browser.get_cookie("session").value


def test_a_copied_cookie_ends_with_the_session_it_is_of(app, company, browser):
    copied = cookie_of(browser)
    other = console(app, "boss")
    other.delete_cookie("session")
    other.set_cookie("session", copied)
    assert other.get("/").status_code == 200
    browser.post("/logout")
    assert other.get("/").status_code == 302
    assert console(app, "boss").get("/").status_code == 200, "a new session of the same person"


def test_a_copied_cookie_is_not_kept_alive_past_the_memory_of_its_end(app, company, browser, at):
    copied = cookie_of(browser)
    browser.post("/logout")
    with app.app_context():
        ended_at = db.session.scalars(select(EndedSession.ended_at)).one()
    thief = app.test_client()
    thief.set_cookie("session", copied)
    at(MORNING + 11 * HOUR)
    assert thief.get("/", headers={"User-Agent": "another"}).status_code == 302  # by which the cookie is signed anew
    with app.app_context():
        assert purge_ended_sessions(ended_at + 14 * HOUR) == 1
        db.session.commit()
    at(MORNING + 14 * HOUR)
    assert thief.get("/", headers={"User-Agent": "another"}).status_code == 302


def test_a_session_that_is_ended_twice_is_over_once(app, company, browser):
    with browser.session_transaction() as kept:
        session_id = kept["id"]
    with app.test_request_context():
        for moment in (MORNING, MORNING + SECOND):
            session["id"] = session_id
            end_session(moment)
        assert db.session.scalars(select(EndedSession.ended_at)).all() == [MORNING]


def test_another_session_of_the_person_goes_on(app, browser):
    at_home = console(app, "boss")
    browser.post("/logout")
    assert at_home.get("/").status_code == 200


def test_a_session_from_before_sessions_had_ids_goes_on_and_ends(app, browser):
    with browser.session_transaction() as kept:
        del kept["id"]
    assert browser.get("/").status_code == 200
    browser.post("/logout")
    assert browser.get("/").status_code == 302


def test_an_ended_session_is_kept_as_long_as_its_cookie_could_be_used(app, browser, at):
    browser.post("/logout")
    with app.app_context():
        ended_at = db.session.scalars(select(EndedSession.ended_at)).one()
        assert purge_ended_sessions(ended_at + 13 * HOUR) == 0
        assert purge_ended_sessions(ended_at + 13 * HOUR + SECOND) == 1


@pytest.fixture
def left_open(app, browser, at):
    """The browser after a night with a page of the console open, forms and their tokens in it."""
    at(MORNING + 12 * HOUR + SECOND)
    app.config["WTF_CSRF_ENABLED"] = True
    return browser


def token_in(page):
    return page.text.partition('name="csrf_token" value="')[2].partition('"')[0]


OFFICE_PAGE = {"Referer": "http://localhost/people/new?from=list"}


def test_a_form_sent_after_the_session_ended_asks_for_a_sign_in_and_leads_back(left_open):
    answer = left_open.post("/people", data={"csrf_token": "old"}, headers=OFFICE_PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?fault=session_ended&next=/people/new?from%3Dlist"
    page = left_open.get(answer.headers["Location"])
    assert "登录过期了，刚才那一步没有做成。" in page.text and "/people/new?from=list" in page.text
    form = {"csrf_token": token_in(page), "login": "boss", "password": PASSWORD, "next": "/people/new?from=list"}
    assert left_open.post("/login", data=form).headers["Location"] == "/people/new?from=list"


def test_a_part_of_a_page_sent_after_the_session_ended_opens_the_sign_in(left_open):
    answer = left_open.post("/people", data={"csrf_token": "old"}, headers=OFFICE_PAGE | {"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?fault=session_ended&next=/people/new?from%3Dlist"


def test_a_sign_in_page_left_open_is_drawn_anew_with_the_login_and_without_the_password(left_open):
    form = {"csrf_token": "old", "login": "boss", "password": PASSWORD, "next": "/visits"}
    page = left_open.post("/login", data=form)
    assert page.status_code == 409
    assert "这一页开得太久了。再输一次密码就能登录。" in page.text
    assert 'value="boss"' in page.text and 'value="/visits"' in page.text and PASSWORD not in page.text
    answer = left_open.post("/login", data=form | {"csrf_token": token_in(page)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/visits")


def test_a_form_for_everybody_is_opened_anew(left_open):
    assert left_open.post("/language", data={"language": "en"}, headers={"Referer": "http://localhost/login"}).headers["Location"] == "/login"
    assert left_open.post("/password/code").headers["Location"] == "/password/code"


def test_a_token_of_somebody_else_is_refused_while_the_session_lasts(app, browser):
    app.config["WTF_CSRF_ENABLED"] = True
    assert browser.post("/people", data={"csrf_token": "old"}).status_code == 409
    assert browser.post("/logout", data={"csrf_token": "old"}).status_code == 409
    assert browser.get("/").status_code == 200


def test_the_words_of_an_ended_session_are_in_english_too(left_open):
    left_open.set_cookie("language", "en")
    for page in (left_open.get("/login?fault=session_ended"), left_open.post("/login", data={"login": "boss"})):
        assert untranslated(page.text) == []
