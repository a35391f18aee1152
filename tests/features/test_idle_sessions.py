"""A console session that nobody uses for twelve hours is over, so that a cookie somebody copied dies as well."""

from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import TimestampSigner

from tests.features.browsing import console

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
