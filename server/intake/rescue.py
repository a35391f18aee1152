"""Rescue files: what a phone could not send, exported by its user and brought in by an administrator (SYNC §5).

The operations keep their ids, so a file that comes twice, or after the phone did send, changes nothing.
"""

import base64
import binascii
import hashlib
import json
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from server.audit.actions import record_audit
from server.db import db
from server.devices.models import Device
from server.devices.tokens import make_device
from server.intake.push import push
from server.media.models import BlobRef
from server.media.store import keep_file, mark_stored, settings, stored_among
from server.media.uploads import sniffed_mime
from server.people.models import Person
from sync.ids import uuid7
from sync.problems import Problem
from sync.schemas import MOST_OPS, PROTO, Id, Push, Sha256

FORMAT = "xundian-rescue.v1"
LABEL = "救援文件"
MOST_BYTES = 400 * 1024 * 1024


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


class RescueFile(Struct, frozen=True):
    format: str
    person_id: Id
    ops: Annotated[list[RescuedOp], Meta(max_length=20_000)]
    blobs: dict[Sha256, str]
    person_name: str = ""
    app: str = ""
    made_at: str = ""


@dataclass
class RescueReport:
    """What came of a rescue file: operations by result code, files kept, files that nobody named or that were damaged."""

    person_name: str
    codes: dict[str, int] = field(default_factory=dict)
    files: int = 0
    refused_files: list[str] = field(default_factory=list)


def import_rescue(raw: bytes, by_id: str, now: datetime) -> RescueReport:
    """Bring in a rescue file under its person's name; `invalid` when it is none. Safe to repeat."""
    content = _read(raw)
    person = db.session.get(Person, content.person_id)
    if person is None:
        raise Problem("invalid", fields={"file": "unknown_person"})
    report = RescueReport(person.name)
    device_id = _device(person.id, now)
    client_id = uuid7()
    for start in range(0, len(content.ops), MOST_OPS):
        _push_part(content.ops[start : start + MOST_OPS], start, client_id, device_id, report, now)
    _keep_files(content, report, now)
    record_audit(now, by_id, "rescue.imported", ("person", person.id), codes=report.codes, files=report.files, made_at=content.made_at[:40])
    device = db.session.get_one(Device, device_id)
    device.revoked_at = now
    db.session.commit()
    return report


def _read(raw: bytes) -> RescueFile:
    try:
        content = msgspec.json.decode(raw, type=RescueFile)
        texts_are_json = all(isinstance(json.loads(op.body_text), dict) for op in content.ops)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as fault:
        raise Problem("invalid", str(fault)[:300], fields={"file": "not_a_rescue_file"}) from fault
    if content.format != FORMAT or not texts_are_json:
        raise Problem("invalid", fields={"file": "not_a_rescue_file"})
    return content


def _device(person_id: str, now: datetime) -> str:
    """A device that stands for the file; its token is shown to nobody and ends with the import."""
    device, _token = make_device(person_id, LABEL, now)
    db.session.commit()
    return device.id


def _push_part(ops: list[RescuedOp], start: int, client_id: str, device_id: str, report: RescueReport, now: datetime) -> None:
    rest = [_op_text(op, start + position + 1) for position, op in enumerate(ops)]
    while rest:
        message = Push(proto=PROTO, client_id=client_id, ops=[msgspec.Raw(text) for text in rest], app="rescue")
        answer = push(message, db.session.get_one(Device, device_id), now)
        for result in answer["results"]:
            report.codes[result["code"]] = report.codes.get(result["code"], 0) + 1
        rest = rest[len(answer["results"]) :]


def _op_text(op: RescuedOp, n: int) -> bytes:
    head = {"n": n, "op_id": op.op_id, "kind": op.kind, "form": op.form, "entity": op.entity, "scope": op.scope, "base_v": op.base_v}
    tail = {"blobs": op.blobs, "t": op.t}
    return f'{json.dumps(head)[:-1]},"body":{op.body_text},{json.dumps(tail)[1:]}'.encode()


def _keep_files(content: RescueFile, report: RescueReport, now: datetime) -> None:
    """Keep the files that the person's operations name, once their bytes are proven."""
    for sha256, text in sorted(content.blobs.items()):
        named = db.session.scalar(db.select(BlobRef.op_id).where(BlobRef.sha256 == sha256, BlobRef.person_id == content.person_id).limit(1))
        file = _decoded(text)
        if named is None or file is None or hashlib.sha256(file).hexdigest() != sha256:
            report.refused_files.append(sha256)
            continue
        if not stored_among([sha256]):
            _keep(sha256, file, now)
        report.files += 1


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _keep(sha256: str, file: bytes, now: datetime) -> None:
    settings().upload_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings().upload_folder, suffix=".part", delete=False) as part:
        part.write(file)
    path = keep_file(Path(part.name), sha256)
    mark_stored(sha256, len(file), sniffed_mime(path), now)
    db.session.commit()
