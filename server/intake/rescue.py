"""Bringing in rescue files: what a phone could not send, exported by its user and imported by an administrator (SYNC §5).

The operations keep their ids, so a file that comes twice, or after the phone did send, changes nothing.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from mmap import mmap
from typing import Any

from msgspec import Raw
from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, is_passing
from server.devices.models import Device
from server.devices.tokens import make_device
from server.intake.models import SyncConflict, SyncOp
from server.intake.poison import MOST_FAILURES, count_failure
from server.intake.push import push
from server.intake.rescue_blobs import keep_blobs
from server.intake.rescue_file import RescuedOp, RescueFile, parts, read_rescue
from server.intake.rescue_report import IMPORTED, MOST_DRAFTS, MOST_LETTERS, RescueReport
from server.people.models import Person
from sync.ids import uuid7
from sync.problems import Problem
from sync.receive import QUARANTINED
from sync.schemas import MOST_OPS, PROTO, Push

LABEL = "救援文件"


def import_rescue(raw: bytes | mmap, by_id: str | None, now: datetime) -> RescueReport:
    """Bring in a rescue file under its person's name; `by_id` is empty for the command line. Safe to repeat. Commits.

    Raises `invalid` with the fault of the `file` before anything is changed.
    """
    content = read_rescue(raw)
    person = db.session.get(Person, content.person_id)
    if person is None:
        raise Problem("invalid", fields={"file": "unknown_person"})
    report = RescueReport(person.id, person.name, content.made_at, content.app, drafts=_named_drafts(content))
    fresh = list(_fresh_ops(content, report))
    db.session.rollback()
    if fresh:
        _push_all(fresh, person.id, report, now)
    keep_blobs(content, report, now)
    report.import_id = record_audit(now, by_id, IMPORTED, ("person", report.person_id), **report.kept())
    db.session.commit()
    return report


def _named_drafts(content: RescueFile) -> list[dict[str, str]]:
    rows = [{"kind": one.kind, "outlet_id": one.outlet_id, "saved_at": one.saved_at} for one in content.drafts[:MOST_DRAFTS]]
    return [{name: value[:MOST_LETTERS] for name, value in row.items()} for row in rows]


def _fresh_ops(content: RescueFile, report: RescueReport) -> Iterator[RescuedOp]:
    """The operations that the server does not hold; the others are counted as known, or as reused ids that are kept already."""
    known = _known_bodies(content)
    kept_aside = _reused_bodies(content)
    for op in content.ops:
        digest = hashlib.sha256(op.body).hexdigest()
        if known.get(op.op_id) == (content.person_id, digest) or op.body.decode() in kept_aside.get(op.op_id, ()):
            report.known += 1
        else:
            known.setdefault(op.op_id, (content.person_id, digest))
            yield op


def _known_bodies(content: RescueFile) -> dict[str, tuple[str, str]]:
    """By operation id whose it is, and the hash of its body."""
    columns = (SyncOp.op_id, SyncOp.person_id, SyncOp.body_sha256)
    found: dict[str, tuple[str, str]] = {}
    for part in parts([op.op_id for op in content.ops]):
        found.update({op_id: (person, digest) for op_id, person, digest in db.session.execute(select(*columns).where(SyncOp.op_id.in_(part)))})
    return found


def _reused_bodies(content: RescueFile) -> dict[str, set[str]]:
    """By operation id the other contents that came under it before."""
    found: dict[str, set[str]] = {}
    for part in parts([op.op_id for op in content.ops]):
        query = select(SyncConflict.op_id, SyncConflict.mine).where(SyncConflict.op_id.in_(part), SyncConflict.kind == "op_id_reused")
        for op_id, body in db.session.execute(query):
            found.setdefault(op_id, set()).add(body)
    return found


def _push_all(ops: list[RescuedOp], person_id: str, report: RescueReport, now: datetime) -> None:
    """Push them like a phone would, on a device that stands for the file and that nobody can sign in with."""
    device, _token = make_device(person_id, LABEL, now)
    device.revoked_at = now
    device_id, client_id = device.id, uuid7()
    db.session.commit()
    texts = [_op_text(op, n) for n, op in enumerate(ops, 1)]
    failures = 0
    while texts:
        message = Push(proto=PROTO, client_id=client_id, ops=[Raw(text) for text in texts[:MOST_OPS]], app="rescue")
        try:
            results = push(message, db.session.get_one(Device, device_id), now)["results"]
        except Exception as fault:
            if isinstance(fault, Problem) or is_passing(fault) or failures >= MOST_FAILURES:
                raise
            failures += 1  # after three the operation at fault is kept unjudged
            count_failure(message, person_id, fault, now)
            continue
        _count(results, report)
        texts, failures = texts[len(results) :], 0


def _count(results: list[dict[str, Any]], report: RescueReport) -> None:
    for result in results:
        report.count(result["code"], result["problem"]["code"] if result["code"] == QUARANTINED else None)


def _op_text(op: RescuedOp, n: int) -> bytes:
    head = {"n": n, "op_id": op.op_id, "kind": op.kind, "form": op.form, "entity": op.entity, "scope": op.scope, "base_v": op.base_v}
    tail = {"blobs": op.blobs, "t": op.t}
    return json.dumps(head)[:-1].encode() + b',"body":' + op.body + b"," + json.dumps(tail)[1:].encode()
