"""A document from the provider: within a time, no larger than documents are, from exactly the address asked."""

import http.client
import json
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlencode

from server.oidc_settings import safe_parts
from server.people.oidc_faults import OidcFault, OidcRefused
from server.watching import ended_after

CONNECT_S = 5.0
MOST_SECONDS = 10.0
MOST_BYTES = 256 * 1024
OFTEN = 429


@dataclass(frozen=True)
class Asked:
    """One request: a GET, or with `form` a POST of it."""

    address: str
    form: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def basic(user: str, secret: str) -> dict[str, str]:
    """The header of a client that has a secret (RFC 6749 §2.3.1: both are form-encoded first)."""
    pair = f"{quote_plus(user)}:{quote_plus(secret)}"
    return {"Authorization": "Basic " + b64encode(pair.encode()).decode()}


def fetched(asked: Asked, most_seconds: float = MOST_SECONDS) -> dict[str, Any]:
    """The JSON object at the address; raises OidcRefused: `unreachable`, or `refused` when the provider says no. Redirects are not followed."""
    try:
        status, content = _exchange(asked, most_seconds)
    except (OSError, http.client.HTTPException) as fault:
        raise OidcRefused(OidcFault.UNREACHABLE, f"{asked.address}: {type(fault).__name__}: {fault}") from fault
    if status != 200:
        is_no = 400 <= status < 500 and status != OFTEN
        raise OidcRefused(OidcFault.REFUSED if is_no else OidcFault.UNREACHABLE, f"{asked.address}: status {status} {_said(content)}")
    document = _object(content)
    if document is None:
        raise OidcRefused(OidcFault.UNREACHABLE, f"{asked.address}: no JSON object of at most {MOST_BYTES} bytes")
    return document


def _exchange(asked: Asked, most_seconds: float) -> tuple[int, bytes]:
    parts = safe_parts(asked.address)
    if parts is None:
        raise OidcRefused(OidcFault.UNREACHABLE, f"{asked.address}: neither https nor on this machine")
    connection = _connected(parts, min(CONNECT_S, most_seconds))
    connected = connection.sock  # the connection forgets it once the answer has begun
    try:
        with ended_after(connected, most_seconds):
            connected.settimeout(most_seconds)
            answer = _answer(connection, parts, asked)
            return answer.status, answer.read(MOST_BYTES + 1)
    finally:
        connection.close()


def _connected(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    connection = (
        http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=seconds)
    )
    connection.connect()
    return connection


def _answer(connection: http.client.HTTPConnection, parts: SplitResult, asked: Asked) -> http.client.HTTPResponse:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "Xundian", "Accept": "application/json", "Connection": "close", **asked.headers}
    if asked.form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST", path, urlencode(asked.form).encode(), headers)
    else:
        connection.request("GET", path, headers=headers)
    return connection.getresponse()


def _object(content: bytes) -> dict[str, Any] | None:
    if len(content) > MOST_BYTES:
        return None
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _said(content: bytes) -> str:
    """The provider's code for a refusal (RFC 6749 §5.2), never a whole answer."""
    said = (_object(content) or {}).get("error", "")
    return said[:80] if isinstance(said, str) else ""
