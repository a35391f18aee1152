"""Message shapes. Decoding is by msgspec, which is two orders faster than the push path needs to be slow (ADR 0003).

A request whose envelope cannot be read is `malformed`; what stands inside an operation never is: that is judged
operation by operation.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from sync.digests import Digest
from sync.problems import Problem

PROTO = 1
MOST_OPS = 50
MOST_PUSH_BYTES = 256 * 1024
MOST_BODY_BYTES = 200 * 1024

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Meta(max_length=120)]
Prose = Annotated[str, Meta(max_length=4000)]

Shape = TypeVar("Shape")


FormerDevices = Annotated[tuple[Id, ...], Meta(max_length=5)]


class SignIn(Struct, frozen=True):
    """`former_devices` are earlier sign-ins on the same phone, be they of whom they may; so in `Redeem`."""

    login: Annotated[str, Meta(min_length=1, max_length=40)]
    password: Annotated[str, Meta(min_length=1, max_length=200)]
    device_label: Line = ""
    former_devices: FormerDevices = ()


class Redeem(Struct, frozen=True):
    code: Annotated[str, Meta(min_length=1, max_length=80)]
    device_label: Line = ""
    former_devices: FormerDevices = ()


class NoticeAccepted(Struct, frozen=True):
    """The version of the privacy notice that somebody accepted on this phone; `accepted_at` is the phone's own clock."""

    version: Annotated[int, Meta(ge=1, le=10_000)]
    accepted_at: datetime


class Standing(Struct, frozen=True):
    """What the phone says of itself: unsent operations and photos, and the room it has left."""

    queue: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    oldest: datetime | None = None
    photos: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    free_bytes: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    is_persisted: bool | None = None


# the newest commit that a phone heard of, as `epoch.seq.nonce`: of its last reconciliation (`witness`), of its last push or pull (`seen`)
Witness = Annotated[str, Meta(max_length=200)]


class Push(Struct, frozen=True):
    """`ops` stay raw: each is judged alone."""

    proto: int
    client_id: Id
    ops: list[Raw]
    epoch: str | None = None
    app: Annotated[str, Meta(max_length=40)] = ""
    device_now: datetime | None = None
    status: Standing | None = None
    witness: Witness | None = None
    seen: Witness | None = None


class EntityRef(Struct, frozen=True):
    type: Annotated[str, Meta(min_length=1, max_length=24)]
    id: Id


class OpTimes(Struct, frozen=True):
    """Readings of the phone's clocks when the record was saved; `offset_ms` is server time less phone time, if known."""

    wall: datetime
    mono: float = 0
    boot: Annotated[str, Meta(max_length=64)] = ""
    offset_ms: float | None = None


def op_times(kept: dict[str, Any]) -> OpTimes:
    """The readings as the server kept them."""
    return msgspec.convert(kept, OpTimes)


class Op(Struct, frozen=True):
    n: Annotated[int, Meta(ge=1)]
    op_id: Id
    kind: Annotated[str, Meta(max_length=8)]
    form: Annotated[str, Meta(max_length=24)]
    entity: EntityRef
    scope: Annotated[str, Meta(max_length=64)]
    body: Raw
    t: OpTimes
    base_v: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    blobs: list[Sha256] = []


class OpNumber(Struct, frozen=True):
    """The least an operation must show to be answered at all."""

    n: Annotated[int, Meta(ge=1)]
    op_id: Id


class OpScope(Struct, frozen=True):
    """Where an operation belongs, whatever else it holds."""

    scope: str = ""


class Pull(Struct, frozen=True):
    client_id: Id
    cursor: Annotated[str, Meta(max_length=200)] | None = None
    page: Annotated[str, Meta(max_length=2000)] | None = None
    view_v: int = 1
    limit_bytes: Annotated[int, Meta(ge=1_000, le=4_000_000)] = 256_000
    again: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=5000)] = []
    status: Standing | None = None
    witness: Witness | None = None
    seen: Witness | None = None


class Digests(Struct, frozen=True):
    """What a phone holds at its cursor, scope by scope."""

    client_id: Id
    cursor: Annotated[str, Meta(max_length=200)]
    scopes: Annotated[dict[str, Digest], Meta(max_length=5000)]


class Reconcile(Struct, frozen=True):
    op_ids: Annotated[list[Id], Meta(max_length=5000)]


class Have(Struct, frozen=True):
    sha256: Annotated[list[Sha256], Meta(max_length=1000)]


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
ESCAPE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|\\.", re.DOTALL)
SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def readable(raw: bytes) -> bytes:
    """The same JSON, of the same length, with U+FFFD for what no text can hold: half a surrogate pair (an emoji that an
    input field cut in two) and NUL. The very same bytes when there is none."""
    if SUSPECT.search(raw) is None:
        return raw
    return ESCAPE.sub(lambda escape: b"\\ufffd" if escape[1] else escape[0], raw)


def decoded(shape: type[Shape], raw: bytes) -> Shape:
    """The message, or `malformed` with the place of the fault."""
    try:
        return msgspec.json.decode(readable(raw), type=shape)
    except UNREADABLE as fault:
        raise Problem("malformed", str(fault)) from fault


def decoded_push(raw: bytes) -> Push:
    """A push with its operations as the phone wrote them, or `malformed`."""
    message = decoded(Push, raw)
    clean = readable(raw)
    if clean is raw:
        return message
    ops, start = [], 0
    for op in message.ops:
        start = clean.index(bytes(op), start)
        ops.append(Raw(raw[start : start + len(bytes(op))]))
        start += len(bytes(op))
    return msgspec.structs.replace(message, ops=ops)


def op_fault(raw: bytes) -> tuple[Op | None, str]:
    """The operation with its body as the phone wrote it, or None and what is wrong with it."""
    clean = readable(raw)
    try:
        op = msgspec.json.decode(clean, type=Op)
        op.t.wall.astimezone(UTC)
    except (*UNREADABLE, OverflowError) as fault:
        return None, str(fault)
    if clean is raw:
        return op, ""
    body = re.search(rb'"body"\s*:\s*(' + re.escape(bytes(op.body)) + rb")", clean)
    assert body is not None
    return msgspec.structs.replace(op, body=Raw(raw[slice(*body.span(1))])), ""


def outlet_of(raw: bytes) -> list[str]:
    """The id of the outlet that an operation names as its scope, if it does."""
    try:
        kind, _, entity_id = msgspec.json.decode(readable(raw), type=OpScope).scope.partition(":")
    except UNREADABLE:
        return []
    return [entity_id] if kind == "outlet" else []


def plain(raw: bytes | Raw) -> Any:
    """JSON as plain Python values."""
    return msgspec.json.decode(raw)
