"""证件号码 as phones send it (`identity.v1`): sealed for the server, so that the operation never holds the number itself (ADR 19)."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from sync.record_checks import check_instants
from sync.schemas import Id

Kind = Literal["resident_id", "hk_macau_permit", "taiwan_permit", "foreigner_permit", "passport", "other"]
Masked = Annotated[str, Meta(pattern=r"^[0-9A-Z]\*{1,28}[0-9A-Z)]$")]  # all but the ends hidden, so that the number cannot stand here


class SealedNumber(Struct, frozen=True):
    """ECDH on P-256, HKDF-SHA-256, AES-256-GCM; bytes as base64url without padding.

    `key` names the server's key, `public` is the phone's own one for this once (an uncompressed point), `data` ends in the tag.
    """

    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    public: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{87}$")]
    iv: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{16}$")]
    data: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{24,200}$")]


class IdentityRecord(Struct, frozen=True):
    """The operation's entity is the entry; `read_at` is when it was read off the document, by the phone's own clock, uncorrected."""

    identity_id: Id
    outlet_id: Id
    read_at: datetime
    kind: Kind
    masked: Masked
    sealed: SealedNumber

    @property
    def record_id(self) -> str:
        return self.identity_id

    @property
    def pictures(self) -> list[str]:
        return []


def identity_record(body: bytes) -> IdentityRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=IdentityRecord)
    check_instants(record.read_at)
    return record
