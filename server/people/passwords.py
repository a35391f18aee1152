"""Passwords, hashed by argon2id."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

UNCHOSEN = "!"

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def no_password() -> str:
    """What stands in place of a hash until somebody chooses a password: no password is right. Another one each time, as sessions hang on it."""
    return UNCHOSEN + secrets.token_urlsafe(24)


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for somebody who does not exist (`None`) or has none yet (`no_password`)."""
    is_chosen = password_hash is not None and not password_hash.startswith(UNCHOSEN)
    try:
        return _hasher.verify(password_hash if password_hash and is_chosen else _NOBODY, password) and is_chosen
    except (VerifyMismatchError, InvalidHashError):
        return False
