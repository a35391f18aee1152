"""Sealing ID numbers and other secrets: encrypted at rest by a key that lies outside the database (RULEBOOK §2)."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from server.config import Settings

FORMAT = "1."  # AES-256-GCM: nonce, then ciphertext with its tag, in base64
NONCE_BYTES = 12


class OtherKey(Exception):
    """Another key sealed this, or it was sealed for another record, or it was altered."""


def sealed(text: str, about: str) -> str:
    """The text encrypted for one record (`about` is its id); never the same twice, and of no use in another record."""
    nonce = os.urandom(NONCE_BYTES)
    content = nonce + _cipher().encrypt(nonce, text.encode(), about.encode())
    return FORMAT + base64.urlsafe_b64encode(content).decode()


def opened(token: str, about: str) -> str:
    """What was sealed for the record. Raises OtherKey."""
    if not token.startswith(FORMAT):
        raise OtherKey("unknown format")
    try:
        content = base64.urlsafe_b64decode(token.removeprefix(FORMAT))
        return _cipher().decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], about.encode()).decode()
    except (InvalidTag, ValueError) as fault:
        raise OtherKey("not sealed by this key for this record") from fault


def _cipher() -> AESGCM:
    settings: Settings = current_app.extensions["xundian"]
    return AESGCM(bytes.fromhex(settings.sealing_key))
