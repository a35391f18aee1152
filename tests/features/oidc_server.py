"""A local OpenID provider over real HTTP: it signs with real keys, checks PKCE and client secrets, and can be told to misbehave."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from tests.features.local_http import QuietDoor, serving

RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig", "alg": "RS256"})
CLIENT, SECRET = "xundian-console", "s3cret:with/odd&signs"


@dataclass
class LocalProvider:
    """`changes` are laid over the id token's claims (None takes one away), `broken` answers a path otherwise: a status, or seconds of silence."""

    url: str = ""
    keys: list[Any] = field(default_factory=lambda: [RSA])
    algorithm: str = "RS256"
    login: str = "boss"
    subject: str = "subject-1"
    changes: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    broken: dict[str, int | float | bytes] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    tells: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        own = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return own | self.discovery

    def published(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def given_code(self, query: dict[str, str]) -> str:
        """A code for what the browser asked, as after a sign-in here."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return code

    def claims(self, nonce: str) -> dict[str, Any]:
        at = int(time.time())
        own = {"iss": self.url, "aud": CLIENT, "sub": self.subject, "iat": at, "exp": at + 300, "nonce": nonce, "preferred_username": self.login}
        return {name: value for name, value in (own | self.changes).items() if value is not None}

    def token(self, claims: dict[str, Any]) -> str:
        if self.sign is not None:
            return self.sign(claims)
        return signed(claims, self.keys[-1], self.algorithm)

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """What the token endpoint answers: a code serves once, for the client and the verifier that it was made for."""
        asked = self.codes.pop(form.get("code", ""), None)
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if asked is None or asked["redirect_uri"] != form["redirect_uri"] or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "opens-userinfo", "token_type": "Bearer", "id_token": self.token(self.claims(asked["nonce"]))}

    def _is_client(self, form: dict[str, str], authorization: str) -> bool:
        if authorization:
            pair = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
            return [unquote_plus(part) for part in pair] == [CLIENT, SECRET]
        return form.get("client_id") == CLIENT and form.get("client_secret", SECRET) == SECRET


def signed(claims: dict[str, Any], key: Any, algorithm: str, **header: Any) -> str:
    text = json.dumps(claims).encode()
    named = {"kid": key.kid} if key.kid else {}
    return jws.serialize_compact({"alg": algorithm, **named, **header}, text, key, algorithms=[algorithm])


def elliptic_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@contextmanager
def local_provider() -> Iterator[LocalProvider]:
    provider = LocalProvider()

    class Door(QuietDoor, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if self._breaks(parts.path):
                return
            if parts.path == "/authorize":
                self._page(parts.query)
            elif parts.path == "/userinfo":
                is_known = self.headers["Authorization"] == "Bearer opens-userinfo"
                self._answer(200 if is_known else 401, provider.tells if is_known else {})
            else:
                self._answer(200, provider.published() if parts.path == "/jwks" else provider.document())

        def do_POST(self) -> None:
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
            provider.asked.append(self.path)
            if self._breaks(self.path):
                return
            if self.path == "/consent":
                query = urlencode({"code": provider.given_code(form), "state": form["state"]})
                self.send(302, b"", {"Location": f"{form['redirect_uri']}?{query}"})
            else:
                self._answer(*provider.exchange(form, self.headers.get("Authorization", "")))

        def _page(self, query: str) -> None:
            """Where people sign in: one button, and everything that was asked for goes along."""
            kept = "".join(f'<input type="hidden" name="{name}" value="{values[0]}">' for name, values in parse_qs(query).items())
            form = f'<form method="post" action="/consent">{kept}<button>Sign in as {provider.login}</button></form>'
            self.send(200, f"<!doctype html><title>Provider</title>{form}".encode(), {"Content-Type": "text/html"})

        def _breaks(self, path: str) -> bool:
            fault = provider.broken.get(path)
            if isinstance(fault, float):
                time.sleep(fault)
                return True
            if fault is not None:
                self.send(fault if isinstance(fault, int) else 200, fault if isinstance(fault, bytes) else b"", {})
            return fault is not None

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            self.send(status, json.dumps(document).encode(), {"Content-Type": "application/json"})

    with serving(Door) as provider.url:
        yield provider
