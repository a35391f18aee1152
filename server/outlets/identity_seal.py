"""ID numbers that phones seal for the server (ADR 19): a key pair out of the key of ID numbers, and opening what was sealed for it."""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey, derive_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app

from server.config import Settings
from server.sealing import OtherKey
from sync.identity_form import SealedNumber

PAIR, MESSAGE = b"xundian key pair of ID numbers from phones", b"xundian ID number from a phone"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-5)
SCALAR_BYTES = 48  # 128 bits more than the order, so that no scalar is likelier than another
KEY_BYTES = 32
ID_DIGITS = 16


@dataclass(frozen=True)
class PhoneKey:
    """What phones seal with: `public` is an uncompressed point, `id` the beginning of its SHA-256 in hexadecimal digits."""

    id: str
    public: bytes
    private: EllipticCurvePrivateKey


def phone_key() -> PhoneKey:
    """The pair at hand: the same as long as the key of ID numbers stays, whatever happens to the database."""
    settings: Settings = current_app.extensions["xundian"]
    return _pair(settings.sealing_key)


@lru_cache(maxsize=2)
def _pair(sealing_key: str) -> PhoneKey:
    scalar = int.from_bytes(_derived(bytes.fromhex(sealing_key), None, PAIR, SCALAR_BYTES)) % (ORDER - 1) + 1
    private = derive_private_key(scalar, SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return PhoneKey(hashlib.sha256(public).hexdigest()[:ID_DIGITS], public, private)


def opened_from_phone(sealed: SealedNumber, about: str) -> str:
    """What a phone sealed for the record (`about` is the outlet's id). Raises OtherKey when another key is meant or anything was altered."""
    own = phone_key()
    if sealed.key != own.id:
        raise OtherKey("sealed for another key")
    try:
        public = from_text(sealed.public)
        shared = own.private.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public))
        cipher = AESGCM(_derived(shared, public + own.public, MESSAGE, KEY_BYTES))
        return cipher.decrypt(from_text(sealed.iv), from_text(sealed.data), about.encode()).decode()
    except (InvalidTag, ValueError) as fault:
        raise OtherKey("not sealed for this key and record") from fault


def _derived(secret: bytes, salt: bytes | None, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose).derive(secret)


def to_text(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """The bytes of base64url without padding; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
