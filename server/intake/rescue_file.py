"""Rescue files as phones export them: their shape, and reading one without holding it in memory (SYNC §5).

`{"format": "xundian-rescue.v1", "person_id", "person_name", "app", "made_at", "ops": [...], "drafts": [...], "blobs": {sha256: base64}}`
"""

import json
import mmap
import re
from collections.abc import Iterator
from typing import IO, Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from sync.problems import Problem
from sync.schemas import Id, Sha256

FAMILY = "xundian-rescue."
FORMAT = FAMILY + "v1"
HEAD_BYTES = 400
CHUNK = 500
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class RescuedOp(Struct, frozen=True):
    """An operation with its body as the exact text that the phone stored."""

    op_id: Id
    kind: str
    form: str
    entity: dict[str, Any]
    scope: str
    body_text: str
    t: dict[str, Any]
    base_v: int | None = None
    blobs: list[Sha256] = []

    @property
    def body(self) -> bytes:
        """The bytes that the phone would have sent."""
        return self.body_text.strip().encode()


class RescuedDraft(Struct, frozen=True):
    """A form that was begun and not saved: no record, and nothing of it is taken in. `key` is `<kind>` or `<kind>:<what it is about>`."""

    key: str
    draft: Raw
    saved_at: str = ""

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def outlet_id(self) -> str:
        """The outlet that it says it is of; else what its key is about, which may be something else."""
        try:
            said = msgspec.json.decode(self.draft, type=_Said)
        except UNREADABLE:
            said = _Said()
        outlet = said.outlet if isinstance(said.outlet, dict) else {}
        named = said.outlet_id or outlet.get("id") or self.key.partition(":")[2].partition(":")[0]
        return named if isinstance(named, str) else ""

    @property
    def hashes(self) -> set[str]:
        """The files that it may name, as far as it can be read."""
        return {found.decode() for found in re.findall(rb"[0-9a-f]{64}", bytes(self.draft))}


class _Said(Struct, frozen=True):
    outlet_id: Any = None
    outlet: Any = None


class RescueFile(Struct, frozen=True):
    """Files stay where they are, in base64 between quotes, until each is looked at."""

    format: str
    person_id: Id
    ops: Annotated[list[RescuedOp], Meta(max_length=20_000)]
    blobs: dict[Sha256, Raw]
    person_name: str = ""
    app: str = ""
    made_at: str = ""
    drafts: Annotated[list[RescuedDraft], Meta(max_length=5000)] = []


class _Head(Struct, frozen=True):
    format: str = ""


def mapped(file: IO[bytes]) -> mmap.mmap | bytes:
    """The content of a file on disk, read as it is needed; no bytes for an empty one."""
    file.flush()
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped
        return b""


def read_rescue(raw: mmap.mmap | bytes) -> RescueFile:
    """The rescue file. Raises `invalid` with `file`: `empty`, `not_a_rescue_file`, `newer_rescue_file` or `damaged`."""
    if not raw:
        raise _fault("empty")
    kind = _format_of(raw)
    if not kind.startswith(FAMILY):
        raise _fault("not_a_rescue_file")
    if kind != FORMAT:
        raise _fault("newer_rescue_file", kind[:40])
    try:
        content = msgspec.json.decode(raw, type=RescueFile)
        bodies_are_objects = all(isinstance(json.loads(op.body), dict) for op in content.ops)
    except (*UNREADABLE, ValueError) as fault:
        raise _fault("damaged", str(fault)[:300]) from fault
    if not bodies_are_objects:
        raise _fault("damaged", "body_text")
    return content


def parts(ids: list[str]) -> Iterator[list[str]]:
    """A long list in pieces that fit into one query."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _format_of(raw: mmap.mmap | bytes) -> str:
    """What the file says it is; a file that breaks off is damaged when its beginning looks right."""
    try:
        return msgspec.json.decode(raw, type=_Head).format
    except msgspec.ValidationError:
        return ""
    except UNREADABLE as fault:
        if FAMILY.encode() in raw[:HEAD_BYTES]:
            raise _fault("damaged", str(fault)[:300]) from fault
        return ""


def _fault(code: str, detail: str = "") -> Problem:
    return Problem("invalid", detail, fields={"file": code})
