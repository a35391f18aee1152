"""A provider that is down, slow, or answers nonsense: the login page says so, in time, and passwords still serve."""

import socket
import threading
import time
from dataclasses import replace

import pytest

from server.people import oidc_fetching
from tests.features.oidc_browser import Browser, assert_says, oidc_app, provider, with_provider  # noqa: F401
from tests.sync.conftest import PASSWORD

FAULTS = [500, 503, 429, 302, b"", b"[1]", b"<html>", b"[" * 100_000, b"{" + b" " * 300_000 + b"}"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault)[:12])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_provider_that_fails_lets_nobody_in(oidc_app, provider, path, fault):
    provider.broken[path] = fault
    browser = Browser(oidc_app, provider)
    answer = browser.client.get("/login/oidc") if path.startswith("/.well") else browser.sign_in()
    assert_says(browser, answer, "oidc_unreachable")
    provider.broken.clear()
    assert browser.sign_in().headers["Location"] == "/"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_provider_that_is_down_is_said_to_be(oidc_app, provider, language):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    browser = Browser(with_provider(oidc_app, replace(provider, url=f"http://127.0.0.1:{port}")), provider, language)
    assert_says(browser, browser.client.get("/login/oidc?next=/outlets"), "oidc_unreachable")
    assert browser.client.post("/login", data={"login": "boss", "password": PASSWORD}).status_code == 302


def test_a_provider_that_is_slow_is_left_in_time(oidc_app, provider, monkeypatch):
    monkeypatch.setattr(oidc_fetching.fetched, "__defaults__", (0.5,))
    provider.broken["/token"] = 3.0
    browser = Browser(oidc_app, provider)
    asked = browser.go()
    began = time.monotonic()
    assert_says(browser, browser.come_back(asked), "oidc_unreachable")
    assert time.monotonic() - began < 2


def test_a_provider_that_drips_is_left_in_time():
    """Every read gets something before its own time is over."""
    with socket.create_server(("127.0.0.1", 0)) as dripping:

        def drip():
            connected, _ = dripping.accept()
            connected.recv(4096)
            connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            try:
                for _ in range(100):
                    connected.sendall(b"{")
                    time.sleep(0.1)
            except OSError:
                connected.close()

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(oidc_fetching.OidcRefused) as refused:
            oidc_fetching.fetched(oidc_fetching.Asked(f"http://127.0.0.1:{dripping.getsockname()[1]}/"), 0.6)
        assert refused.value.fault == "oidc_unreachable" and time.monotonic() - began < 2
