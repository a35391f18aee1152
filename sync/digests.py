"""How phone and server compare what a scope holds: a count and an XOR of row hashes."""

import hashlib

from msgspec import Struct

AGAIN_AT_ONCE = 20  # scopes that one pull brings anew: every page token names them all


def row_hash(entity_type: str, entity_id: str, version: int) -> int:
    """The first 8 bytes of SHA-256 of `type:id:v`, as a number."""
    return int.from_bytes(hashlib.sha256(f"{entity_type}:{entity_id}:{version}".encode()).digest()[:8], "big")


class Digest(Struct, frozen=True):
    """`xor` is 16 hex digits."""

    count: int = 0
    xor: str = "0" * 16

    def with_row(self, row: int) -> "Digest":
        return Digest(self.count + 1, f"{int(self.xor, 16) ^ row:016x}")
