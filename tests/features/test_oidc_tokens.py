"""What an id token must be before anybody is let in by it (OpenID Connect Core §3.1.3.7): everything else is refused."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from joserfc.jwk import RSAKey

from server.people import oidc_provider
from tests.features.oidc_browser import Browser, assert_says, oidc_app, provider, with_provider  # noqa: F401
from tests.features.oidc_server import CLIENT, RSA, SECRET, elliptic_key, signed

OTHER = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
AN_HOUR = timedelta(hours=1)  # a claim that is a span of time stands for the moment so far ahead


def lets_in(app, provider):
    browser = Browser(app, provider)
    answer = browser.sign_in("/outlets")
    if answer.headers["Location"] == "/outlets":
        return browser.is_in()
    assert_says(browser, answer, "oidc_untrusted")
    return False


def dated(changes):
    return {name: int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value for name, value in changes.items()}


def coded(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def by_secret(claims, secret, algorithm="HS256", **header):
    text = coded({"alg": algorithm, "kid": "rsa-1", **header}) + "." + coded(claims)
    return text + "." + base64.urlsafe_b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode().rstrip("=")


WRONG = [
    {"nonce": "of-another-attempt"},
    {"nonce": None},
    {"nonce": 7},
    {"aud": "another-client"},
    {"aud": ["another-client"]},
    {"aud": []},
    {"aud": None},
    {"aud": CLIENT.upper()},
    {"aud": [CLIENT, "another-client"]},
    {"aud": [CLIENT, "another-client"], "azp": "another-client"},
    {"azp": "another-client"},
    {"azp": 7},
    {"iss": "https://evil.example"},
    {"iss": None},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"exp": None},
    {"exp": "later"},
    {"exp": 0},
    {"iat": None},
    {"iat": AN_HOUR},
    {"nbf": AN_HOUR},
]


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_an_id_token_with_wrong_claims_lets_nobody_in(oidc_app, provider, changes):
    provider.changes = dated(changes)
    assert not lets_in(oidc_app, provider)


@pytest.mark.parametrize("changes", [{"aud": [CLIENT]}, {"azp": CLIENT}, {"aud": [CLIENT, "another"], "azp": CLIENT}, {"nbf": timedelta()}], ids=str)
def test_an_id_token_that_means_us_lets_in(oidc_app, provider, changes):
    provider.changes = dated(changes)
    assert lets_in(oidc_app, provider)


@pytest.mark.parametrize(("ago_s", "is_in"), [(50, True), (70, False)])
def test_an_expired_id_token_has_a_minute_for_clocks_that_differ(oidc_app, provider, ago_s, is_in):
    provider.changes = {"exp": int(time.time()) - ago_s}
    assert lets_in(oidc_app, provider) is is_in


@pytest.mark.parametrize(("ahead_s", "is_in"), [(50, True), (80, False)])
def test_an_id_token_from_the_future_has_a_minute_too(oidc_app, provider, ahead_s, is_in):
    provider.changes = {"iat": int(time.time()) + ahead_s}
    assert lets_in(oidc_app, provider) is is_in


FORGED = {
    "signed by another key": lambda claims: signed(claims, OTHER, "RS256"),
    "changed afterwards": lambda claims: (
        signed(claims | {"preferred_username": "rep1"}, RSA, "RS256").rsplit(".", 1)[0] + "." + signed(claims, RSA, "RS256").rsplit(".", 1)[1]
    ),
    "alg none": lambda claims: coded({"alg": "none"}) + "." + coded(claims) + ".",
    "alg none with a key id": lambda claims: coded({"alg": "none", "kid": "rsa-1"}) + "." + coded(claims) + ".",
    "alg NoNe": lambda claims: coded({"alg": "NoNe", "kid": "rsa-1"}) + "." + coded(claims) + ".",
    "HS256 by the public key": lambda claims: by_secret(claims, RSA.as_pem(private=False)),
    "HS256 by the client secret": lambda claims: by_secret(claims, SECRET.encode()),
    "RS256 by the client secret": lambda claims: by_secret(claims, SECRET.encode(), "RS256"),
    "a key of its own in the header": lambda claims: signed(claims, OTHER, "RS256", jwk=OTHER.as_dict(private=False)),
    "no signature": lambda claims: signed(claims, RSA, "RS256").rsplit(".", 1)[0] + ".",
    "an unknown critical header": lambda claims: coded({"alg": "RS256", "crit": ["x"], "x": 1}) + "." + coded(claims) + ".x",
    "a key id that is no text": lambda claims: coded({"alg": "RS256", "kid": 7}) + "." + coded(claims) + ".x",
    "two parts": lambda claims: "a.b",
    "nothing": lambda claims: "",
    "not ASCII": lambda claims: "签.名.字",
    "no object": lambda claims: signed([1], RSA, "RS256"),
    "too large": lambda claims: signed(claims | {"more": "x" * 140_000}, RSA, "RS256"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_id_token_lets_nobody_in(oidc_app, provider, name):
    provider.sign = FORGED[name]
    assert not lets_in(oidc_app, provider)


def test_a_token_signed_by_an_elliptic_key_lets_in(oidc_app, provider):
    provider.keys, provider.algorithm = [RSA, elliptic_key("ec-1")], "ES256"
    assert lets_in(oidc_app, provider)


def test_keys_that_do_not_sign_and_keys_that_cannot_be_read_spoil_nothing(oidc_app, provider, monkeypatch):
    odd = [{"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}, {"kty": "RSA", "kid": "x"}, {"kty": "new", "kid": "y"}, 7, {"kty": "EC", "use": "enc"}]
    monkeypatch.setattr(type(provider), "published", lambda self: {"keys": [*odd, RSA.as_dict(private=False)]})
    assert lets_in(oidc_app, provider)
    provider.sign = lambda claims: by_secret(claims, b"secret", kid="shared")
    assert not lets_in(oidc_app, provider)


def test_a_new_key_of_the_provider_is_asked_for_once(oidc_app, provider, monkeypatch):
    assert lets_in(oidc_app, provider) and lets_in(oidc_app, provider)
    assert provider.asked.count("/jwks") == provider.asked.count("/.well-known/openid-configuration") == 1
    provider.keys, provider.algorithm = [RSA, elliptic_key("ec-2")], "ES256"
    assert not lets_in(oidc_app, provider)  # the keys were asked for a moment ago
    monkeypatch.setattr(oidc_provider, "LEAST_BETWEEN_SECONDS", 0.0)
    assert lets_in(oidc_app, provider)
    assert provider.asked.count("/jwks") == 2
    provider.sign = lambda claims: signed(claims, elliptic_key("made-up"), "ES256")
    assert not lets_in(oidc_app, provider)
    assert provider.asked.count("/jwks") == 3


def test_an_old_key_that_the_provider_took_back_is_forgotten(oidc_app, provider, monkeypatch):
    assert lets_in(oidc_app, provider)
    provider.keys, provider.sign = [elliptic_key("ec-3")], lambda claims: signed(claims, RSA, "RS256")
    monkeypatch.setattr(oidc_provider, "KEPT_SECONDS", 0.0)
    assert not lets_in(oidc_app, provider)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", ["http://provider.example/x", "ftp://x", "", None, 7, "https://user@provider.example/", "https://[x"])
def test_secrets_go_to_no_unsafe_address(oidc_app, provider, name, address):
    provider.discovery = {name: address}
    browser = Browser(oidc_app, provider)
    assert_says(browser, browser.client.get("/login/oidc"), "oidc_unreachable")


@pytest.mark.parametrize("issuer", ["https://evil.example", None])
def test_a_discovery_document_of_another_issuer_is_not_believed(oidc_app, provider, issuer):
    provider.discovery = {"issuer": issuer}
    browser = Browser(oidc_app, provider)
    assert_says(browser, browser.client.get("/login/oidc"), "oidc_unreachable")


NAMED = [(True, "own", True), (True, "", False), (False, "https://evil.example", False), (False, "", True)]


@pytest.mark.parametrize(("promises", "issuer", "is_in"), NAMED)
def test_an_answer_names_the_provider_that_gave_it(oidc_app, provider, promises, issuer, is_in):
    provider.discovery = {"authorization_response_iss_parameter_supported": promises}
    browser = Browser(oidc_app, provider)
    asked = browser.go()
    answer = browser.come_back(asked, **({"iss": provider.url if issuer == "own" else issuer} if issuer else {}))
    assert browser.is_in() if is_in else not assert_says(browser, answer, "oidc_untrusted")


TOLD = [
    ({"sub": "subject-1", "preferred_username": "boss"}, None),
    ({"sub": "subject-2", "preferred_username": "boss"}, "oidc_untrusted"),
    ({"preferred_username": "boss"}, "oidc_untrusted"),
    ({"sub": "subject-1"}, "oidc_unknown_person"),
]


@pytest.mark.parametrize(("told", "fault"), TOLD)
def test_a_login_that_the_id_token_lacks_is_asked_from_userinfo(oidc_app, provider, told, fault):
    provider.changes, provider.tells = {"preferred_username": None}, told
    browser = Browser(oidc_app, provider)
    answer = browser.sign_in()
    assert browser.is_in() if fault is None else not assert_says(browser, answer, fault)


@pytest.mark.parametrize(("verified", "is_in"), [(True, True), (False, False), ("true", False), (None, False)])
def test_an_address_of_mail_counts_once_the_provider_has_verified_it(app, company, provider, verified, is_in):
    provider.changes = {"email": "boss", "email_verified": verified}
    assert lets_in(with_provider(app, provider, login_claim="email"), provider) is is_in
