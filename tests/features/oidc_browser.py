"""A browser that signs in at the local provider, and what the login page says when it may not."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import pytest

from server.oidc_settings import OidcSettings
from tests.features.browsing import untranslated
from tests.features.oidc_server import CLIENT, SECRET, LocalProvider, local_provider
from tests.sync.conftest import Company, company  # noqa: F401

SAID = {
    "oidc_unreachable": ("现在连不上统一登录", "Single sign-on cannot be reached"),
    "oidc_refused": ("统一登录没有让你通过", "did not let you through"),
    "oidc_untrusted": ("答复核对不上", "did not stand the checks"),
    "oidc_expired": ("这次登录过期了", "has expired or was used already"),
    "oidc_unknown_person": ("巡店里没有你的工号", "nobody with your account"),
    "oidc_left": ("工号已经停用", "no longer active"),
}


@pytest.fixture
def provider():
    with local_provider() as provider:
        yield provider


@pytest.fixture
def oidc_app(app, company: Company, provider):
    return with_provider(app, provider)


def with_provider(app, provider, **changes):
    oidc = replace(OidcSettings(provider.url, CLIENT, SECRET), **changes)
    app.extensions["xundian"] = replace(app.extensions["xundian"], oidc=oidc, base_url="http://localhost")
    app.extensions.pop("xundian.oidc_providers", None)  # another test's provider may have had the same port
    app.extensions.pop("xundian.oidc_keys", None)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@dataclass
class Browser:
    """A browser that signs in at the provider without a page there."""

    app: object
    provider: LocalProvider
    language: str = "zh"

    def __post_init__(self):
        self.client = self.app.test_client()
        self.client.set_cookie("language", self.language)

    def go(self, next_path=None):
        """To the provider; what it was asked."""
        answer = self.client.get("/login/oidc", query_string={"next": next_path} if next_path else {})
        assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{self.provider.url}/authorize?"), answer.headers
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def come_back(self, asked, **changes):
        query = {"code": self.provider.given_code(asked), "state": asked["state"]} | changes
        return self.client.get("/login/oidc/back", query_string=query)

    def sign_in(self, next_path=None):
        return self.come_back(self.go(next_path))

    def is_in(self):
        return self.client.get("/").status_code == 200


def assert_says(browser, answer, fault):
    """Nobody got in, and the login page says why in the browser's language."""
    assert answer.status_code == 303, answer.text
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["fault"] == [fault]
    page = browser.client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert SAID[fault][browser.language == "en"] in page.text
    if browser.language == "en":
        assert untranslated(page.text) == []
    assert not browser.is_in()
