"""One attempt to sign in: what the browser keeps while its user is at the provider."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from flask import session

from server.oidc_settings import OidcSettings
from server.people.oidc_faults import OidcFault, OidcRefused
from server.people.oidc_provider import Provider

LIFETIME = timedelta(minutes=10)
IN_SESSION = "oidc_attempt"
LONGEST_NEXT = 1500  # the session is a cookie, and a browser drops one above 4096 bytes


@dataclass(frozen=True)
class Attempt:
    """`began` is in seconds since 1970; `next` is a path of this site."""

    state: str
    nonce: str
    verifier: str
    next: str
    began: int


def begin_attempt(next_path: str, now: datetime) -> Attempt:
    """A new attempt, kept in the signed session cookie; one before it can no longer end well."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    attempt = Attempt(state, nonce, verifier, next_path if len(next_path) <= LONGEST_NEXT else "", int(now.timestamp()))
    session[IN_SESSION] = asdict(attempt)
    return attempt


def take_attempt() -> Attempt | None:
    """The attempt under way, which is used up by this."""
    kept: dict[str, Any] | None = session.pop(IN_SESSION, None)
    return Attempt(**kept) if kept else None


def check_attempt(attempt: Attempt | None, state: str, now: datetime) -> Attempt:
    """Raises OidcRefused `expired` for none, for another browser's or an earlier state, and for one that took too long."""
    if attempt is None:
        raise OidcRefused(OidcFault.EXPIRED, "no attempt in this browser")
    if not compare_digest(attempt.state.encode(), state.encode()):
        raise OidcRefused(OidcFault.EXPIRED, "the state is of another attempt")
    if not 0 <= int(now.timestamp()) - attempt.began <= LIFETIME.total_seconds():
        raise OidcRefused(OidcFault.EXPIRED, f"the attempt took longer than {LIFETIME}")
    return attempt


def address_at_provider(oidc: OidcSettings, provider: Provider, attempt: Attempt, redirect_uri: str) -> str:
    """Where the browser goes: authorization code with PKCE by S256 (RFC 7636)."""
    challenge = urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": oidc.client_id,
        "redirect_uri": redirect_uri,
        "scope": oidc.scopes,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return provider.authorization + ("&" if "?" in provider.authorization else "?") + urlencode(query)
