"""The secret behind a forgotten PIN: it opens what a person's phone has sealed, and is told only to whoever is signed in (ADR 13)."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from server.config import Settings

SECRET_BYTES = 32
PURPOSE = "xundian phone lock of "


def phone_lock_secret(person_id: str) -> bytes:
    """32 bytes, the same for all phones of a person and as long as the key of ID numbers stays, whatever happens to the database."""
    settings: Settings = current_app.extensions["xundian"]
    derivation = HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=(PURPOSE + person_id).encode())
    return derivation.derive(bytes.fromhex(settings.sealing_key))
