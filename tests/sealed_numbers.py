"""ID numbers as a phone seals them (pwa/forms/identity.js), for tests that speak for one."""

import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.outlets.identity_seal import from_text, to_text


def sealed_number(number: str, about: str, key: dict[str, str], private: EllipticCurvePrivateKey | None = None, iv: bytes = b"") -> dict[str, Any]:
    """`key` is the document that phones hold; `private` and `iv` are made for this once unless given."""
    private, iv, theirs = private or generate_private_key(SECP256R1()), iv or os.urandom(12), from_text(key["public"])
    own = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = private.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs))
    cipher = AESGCM(HKDF(SHA256(), length=32, salt=own + theirs, info=b"xundian ID number from a phone").derive(shared))
    data = cipher.encrypt(iv, number.encode(), about.encode())
    return {"key": key["id"], "public": to_text(own), "iv": to_text(iv), "data": to_text(data)}


def private_key(scalar: str) -> EllipticCurvePrivateKey:
    """The key with this number, in base64url."""
    return derive_private_key(int.from_bytes(from_text(scalar)), SECP256R1())
