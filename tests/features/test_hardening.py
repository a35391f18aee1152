"""What guards the doors: attempts are counted, headers and cookies say what browsers may, only our own proxy is believed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request

from server.app import create_app
from server.db import db
from server.jobs.schedule import _utc_time
from server.limits import limiter
from tests.sync.conftest import PASSWORD, Company, company  # noqa: F401

SIGN_IN = {"login": "nobody{}", "password": "x", "device_label": "x"}
COUNTED = [
    ("POST", "/login", {"data": {"login": "nobody{}", "password": "x"}}),
    ("POST", "/auth/v1/sign-in", {"json": SIGN_IN}),
    ("POST", "/auth/v1/redeem", {"json": {"code": "x" * 43, "device_label": "x"}}),
    ("POST", "/auth/v1/lock-secret", {}),
    ("POST", "/auth/v1/notice", {}),
    ("GET", "/password/unknown", {}),
    ("POST", "/password/unknown", {}),
    ("GET", "/login/once/unknown", {}),
    ("POST", "/login/once/unknown", {}),
]


@pytest.fixture
def sterner(app: Flask) -> Iterator[Any]:
    """The same application with other settings; `is_testing=False` counts attempts."""
    made = []

    def make(**changes: Any) -> Flask:
        other = create_app(replace(app.extensions["xundian"], **changes))
        other.config["WTF_CSRF_ENABLED"] = False
        made.append(other)
        return other

    yield make
    limiter.enabled = False
    limiter.reset()
    for other in made:
        with other.app_context():
            db.session.remove()
            db.engine.dispose()


def numbered(words: dict[str, dict[str, str]], number: int) -> dict[str, dict[str, str]]:
    """Another login at every attempt: it is the address that is counted."""
    return {kind: {name: text.replace("{}", str(number)) for name, text in fields.items()} for kind, fields in words.items()}


@pytest.mark.parametrize(("method", "path", "words"), COUNTED)
def test_thirty_attempts_a_minute_are_heard_from_one_address(sterner, company: Company, method, path, words):
    client = sterner(is_testing=False, trusted_proxies=1).test_client()

    def attempt(number: int, address: str) -> int:
        return client.open(path, method=method, headers={"X-Forwarded-For": address}, **numbered(words, number)).status_code

    statuses = [attempt(number, "203.0.113.7") for number in range(31)]
    assert 429 not in statuses[:30] and statuses[30] == 429
    assert attempt(31, "203.0.113.8") != 429


def test_every_answer_carries_the_headers_that_bind_browsers(app, company: Company):
    client = app.test_client()
    for path in ("/login", "/m/", "/healthz", "/nowhere"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Permissions-Policy"] == "camera=(self), geolocation=(self), microphone=()", path
        for words in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert words in headers["Content-Security-Policy"].split("; "), path
        assert "Strict-Transport-Security" not in headers, path
    assert client.get("/login").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/login", base_url="https://localhost").headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(("base_url", "is_secure"), [("https://xundian.example.com", True), ("http://10.0.0.5:8000", False), ("", False)])
def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(sterner, company: Company, base_url, is_secure):
    client = sterner(base_url=base_url).test_client()
    answer = client.post("/login", data={"login": "boss", "password": PASSWORD}, base_url="https://localhost")
    assert answer.status_code == 302
    cookies = [one.split("; ") for one in answer.headers.getlist("Set-Cookie") if one.startswith("session=")]
    assert cookies
    for parts in cookies:
        assert "HttpOnly" in parts and "SameSite=Lax" in parts and ("Secure" in parts) == is_secure


@pytest.mark.parametrize(
    ("proxies", "address", "scheme", "host"), [(1, "203.0.113.7", "https", "xundian.example.com"), (0, "127.0.0.1", "http", "localhost")]
)
def test_forwarded_headers_are_believed_only_of_our_own_proxy(sterner, company: Company, proxies, address, scheme, host):
    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "xundian.example.com"}
    with sterner(trusted_proxies=proxies).test_client() as client:
        client.get("/login", headers=forwarded)
        assert (request.remote_addr, request.scheme, request.host) == (address, scheme, host)


@pytest.mark.parametrize(("local", "utc"), [("02:10", (18, 10)), ("07:59", (23, 59)), ("08:00", (0, 0)), ("23:30", (15, 30))])
def test_the_hour_of_the_night_is_that_of_shanghai(local, utc):
    assert _utc_time(local) == utc
