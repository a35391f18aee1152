"""What must hold once the dust has settled (SYNC §6), read from the database and from the phones.

Every check works in the application context of its caller, and changes nothing.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select

from server.audit.models import AuditRow
from server.clock import today
from server.db import db
from server.domain.months import Month
from server.feed.audit import feed_differences
from server.feed.cursor import feed_state
from server.feed.models import ScopeMember, SyncCommit, SyncFeed
from server.feed.pull import _documents as published
from server.intake.models import SyncConflict, SyncOp
from server.intake.parked import waited
from server.leaves.substitutes import substituted_scopes
from server.media.models import Blob
from server.media.store import blob_path
from server.outlets.duplicates import kept_outlet_id
from server.outlets.edits import field_value
from server.outlets.models import Assignment, Outlet
from server.visits.compliance import refresh_outlet_months
from server.visits.models import Visit
from server.visits.seal_check import chain_faults, seal_faults
from server.visits.verdicts import refresh_verdict
from sync.client import SyncClient
from sync.receive import PARKED

CHUNK = 400
IN_FORCE = ("applied", "out_of_scope_accepted")
IN_FILE = ("applied", "merged", "noop", "conflict_recorded", "parked")
UNJUDGED = ("quarantined",)
EXPECTED = {"visit": IN_FORCE, "new_outlet": ("applied",), "edit": IN_FILE, "unheard": UNJUDGED, "raises": UNJUDGED, "poison": UNJUDGED}


class Violation(AssertionError):
    """An invariant of SYNC §6 does not hold; the first word names it."""


@dataclass
class Captured:
    """An operation of which the user saw "saved": it must never be lost. `kind` says what should become of it."""

    op_id: str
    kind: str
    person_id: str
    entity_id: str
    body: dict[str, Any]
    files: list[str]


@dataclass(frozen=True)
class Phone:
    """A phone of this person that has nothing left to do."""

    person_id: str
    client: SyncClient


def check_all(phones: list[Phone], captured: list[Captured], now: datetime, was_night: bool) -> None:
    """Raise Violation with the invariant's number for whatever does not hold; `was_night`: the nightly check has just run."""
    for phone in phones:
        _check_drained(phone.client)
    ops = {op.op_id: op for op in db.session.scalars(select(SyncOp))}
    for one in captured:
        _check_kept(one, ops)
    _check_once(ops)
    _check_feed()
    _check_holders()
    _check_values(ops)
    _check_files()
    _check_told(phones, ops)
    _check_computed(now, was_night)
    db.session.rollback()
    _check_seals()
    check_replicas(phones)


def check_replicas(phones: list[Phone]) -> None:
    """I4 and I5: a quiet phone holds just the scopes of its person, and in them just what the server would send."""
    held = {phone.person_id: _held_scopes(phone.person_id) for phone in phones}
    published_in = _published_rows(sorted(set().union(*held.values())))
    for phone in phones:
        _check_replica(phone.client, held[phone.person_id], published_in)


def must(holds: bool, text: str) -> None:
    if not holds:
        raise Violation(text)


def _check_drained(client: SyncClient) -> None:
    pending = [op.op_id for op in client.capture.pending()]
    must(not pending, f"I3 {len(pending)} operations are still pending: {client.state} {client.last}")
    waiting = [upload.sha256[:8] for upload in client.capture.uploads.values() if upload.state != "confirmed"]
    must(not waiting, f"I3 files are still waiting: {waiting} {client.state}")


def _check_kept(captured: Captured, ops: dict[str, SyncOp]) -> None:
    op = ops.get(captured.op_id)
    must(op is not None, f"I1 a captured {captured.kind} is nowhere")
    assert op is not None
    code = _came_to(op)
    must(code in EXPECTED[captured.kind], f"I2 a {captured.kind} came to {code}: {op.problem}")
    must(op.person_id == captured.person_id, f"I2 a {captured.kind} was credited to somebody else")
    body = json.loads(op.body)
    must(all(body.get(name) == value for name, value in captured.body.items()), f"I1 a {captured.kind} is not what was captured")
    if captured.kind == "visit":
        visit = db.session.get(Visit, captured.entity_id)
        must(visit is not None, "I1 a visit in force is not there")
        assert visit is not None
        must(visit.rep_id == captured.person_id, "I2 a visit is credited to somebody else")
        must(visit.outlet_id == kept_outlet_id(captured.body["outlet_id"]), "I2 a visit is at another outlet")
    for sha256 in captured.files:
        must(blob_path(sha256).exists(), f"I1 a file of a {captured.kind} is nowhere")


def _came_to(op: SyncOp) -> str:
    """The code of an operation when it was last judged; what a supervisor decides on one that waited changes nothing of that."""
    if op.code != "quarantined" or not op.settled_code:
        return op.code
    has_waited = db.session.scalar(select(SyncOp.op_id).where(SyncOp.op_id == op.op_id, waited())) is not None
    return PARKED if has_waited else op.settled_code


def _check_told(phones: list[Phone], ops: dict[str, SyncOp]) -> None:
    """I2: what a phone believes of its operations is what the server did with them."""
    for phone in phones:
        for op in phone.client.ops:
            must(op.code == ops[op.op_id].code, f"I2 the phone believes {op.code} of an operation that is {ops[op.op_id].code}")


def _check_once(ops: dict[str, SyncOp]) -> None:
    visits = {visit.op_id: visit for visit in db.session.scalars(select(Visit))}
    in_force = {op.op_id for op in ops.values() if op.form.startswith("visit.") and (op.settled_code or op.code) in IN_FORCE}
    must(set(visits) == in_force, f"I2 {len(visits)} visits for {len(in_force)} operations")
    edited = [row.detail.get("op_id") for row in db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.edited"))]
    by_ops = [op_id for op_id in edited if op_id]
    must(len(by_ops) == len(set(by_ops)), "I2 an edit took effect twice")
    found = [row.detail.get("op_id") for row in db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.found"))]
    must(len(found) == len(set(found)), "I2 an outlet was made twice")


def _check_feed() -> None:
    state = feed_state()
    last, floor = state.seq, state.floor_seq
    commits = db.session.scalar(select(func.count()).select_from(SyncCommit).where(SyncCommit.seq > floor)) or 0
    must(commits == last - floor, f"I8 {commits} commits between {floor} and {last}")
    differences = feed_differences()
    must(not differences, f"I8 the feed differs from the domain: {differences[:3]}")


def _check_holders() -> None:
    """I5: who holds an outlet's scope is who is responsible for it or stands in for them today, and nobody else."""
    is_outlet = ScopeMember.scope_id.startswith("outlet:")
    held = set(db.session.execute(select(ScopeMember.person_id, ScopeMember.scope_id).where(is_outlet, ScopeMember.revoked_seq.is_(None))).all())
    assigned = db.session.execute(select(Assignment.person_id, literal("outlet:") + Assignment.outlet_id).where(Assignment.ends_on.is_(None))).all()
    must({tuple(one) for one in held} == {tuple(one) for one in assigned} | substituted_scopes(today()), "I5 scopes and assignments differ")


def _check_values(ops: dict[str, SyncOp]) -> None:
    """I7: every value that a rep sent is in force, kept beside, or was replaced by somebody who saw it."""
    edits = [op for op in ops.values() if (op.form == "outlet_edit.v1" and op.code != "quarantined") or op.settled_code not in (None, "rejected")]
    bodies = [(op, json.loads(op.body)["fields"]) for op in edits if op.form == "outlet_edit.v1"]
    seen: dict[tuple[str, str], list[Any]] = {}
    for op, fields in bodies:
        for name, change in fields.items():
            seen.setdefault((op.entity_id, name), []).append(change["base"])
    for conflict in db.session.scalars(select(SyncConflict).where(SyncConflict.kind != "op_id_reused")):
        seen.setdefault((conflict.entity_id, conflict.field), []).extend([json.loads(conflict.mine), json.loads(conflict.theirs)])
    for row in db.session.scalars(select(AuditRow)):
        _note_before(row, ops, seen)
    for op, fields in bodies:
        if db.session.get(Outlet, op.entity_id) is None:
            continue
        for name, change in fields.items():
            known = [field_value(op.entity_id, name), *seen.get((op.entity_id, name), [])]
            must(change["mine"] in known, f"I7 {name}={change['mine']!r} was overwritten silently")


def _note_before(row: AuditRow, ops: dict[str, SyncOp], seen: dict[tuple[str, str], list[Any]]) -> None:
    before = row.detail.get("before")
    if row.subject_type == "op" and isinstance(before, dict) and row.subject_id in ops:
        outlet_id = row.detail["written_to"]
    elif row.action == "outlet.edited" and isinstance(before, dict):
        outlet_id = row.subject_id
    elif row.action.startswith("conflict."):
        outlet_id, before = row.subject_id, {row.detail["field"]: before}
    else:
        return
    for name, value in before.items():
        seen.setdefault((outlet_id, name), []).append(value)


def _check_files() -> None:
    """I10: what is called stored is there, byte for byte; a visit is complete just when its files are."""
    stored = set()
    for blob in db.session.scalars(select(Blob).where(Blob.stored_at.is_not(None))):
        path = blob_path(blob.sha256)
        must(path.exists(), f"I10 {blob.sha256[:8]} is called stored and is not there")
        must(hashlib.sha256(path.read_bytes()).hexdigest() == blob.sha256, "I10 a file is not what its name says")
        stored.add(blob.sha256)
    for op_id, blobs, is_complete in db.session.execute(
        select(SyncOp.op_id, SyncOp.blobs, Visit.is_complete).join(Visit, Visit.op_id == SyncOp.op_id)
    ):
        must(is_complete == (set(blobs) <= stored), f"I10 visit of {op_id} is_complete={is_complete}")


def _check_computed(now: datetime, was_night: bool) -> None:
    """I11: computing verdicts anew changes nothing; nor does computing months, once the nightly check went over them."""
    columns = ("counts", "needs_review", "reasons", "is_complete", "distance_m")
    months = set()
    for visit in db.session.scalars(select(Visit)).all():
        before = [getattr(visit, name) for name in columns]
        months.add(Month.of_date(visit.visited_on))
        refresh_verdict(visit, db.session.get_one(Outlet, visit.outlet_id), now)
        must(before == [getattr(visit, name) for name in columns], f"I11 a verdict is stale: {before}")
    if not was_night:
        return
    for month in sorted(months, key=str):
        must(refresh_outlet_months(month, now) == 0, f"I11 compliance of {month} is stale")


def _check_seals() -> None:
    """I11: every visit is what was sealed, and no link is missing from the chain of its phone."""
    ids = list(db.session.scalars(select(Visit.id)))
    faults = [*seal_faults(ids), *chain_faults(ids)]
    must(not faults, f"I11 {faults[:3]}")
    db.session.rollback()


Rows = dict[tuple[str, str], tuple[str, int, Any]]


def _held_scopes(person_id: str) -> set[str]:
    return set(db.session.scalars(select(ScopeMember.scope_id).where(ScopeMember.person_id == person_id, ScopeMember.revoked_seq.is_(None))))


def _published_rows(scopes: list[str]) -> dict[str, Rows]:
    """What the server would send of each scope: (type, id) → (scope, v, document), as it reads after the way through JSON."""
    rows: list[tuple[str, str, str, int]] = []
    for start in range(0, len(scopes), CHUNK):
        live = (SyncFeed.scope_id.in_(scopes[start : start + CHUNK]), SyncFeed.deleted.is_(False))
        found = db.session.execute(select(SyncFeed.entity_type, SyncFeed.entity_id, SyncFeed.scope_id, SyncFeed.seq).where(*live))
        rows += [(kind, entity, scope, seq) for kind, entity, scope, seq in found]
    documents = _documents_by_key({(kind, entity) for kind, entity, _, _ in rows})
    published_in: dict[str, Rows] = {}
    for kind, entity, scope, seq in rows:
        published_in.setdefault(scope, {})[kind, entity] = (scope, seq, documents.get((kind, entity)))
    return published_in


def _documents_by_key(keys: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for kind in sorted({kind for kind, _ in keys}):
        ids = sorted(entity for of_kind, entity in keys if of_kind == kind)
        for start in range(0, len(ids), CHUNK):
            for entity, document in published[kind](ids[start : start + CHUNK]).items():
                found[kind, entity] = json.loads(json.dumps(document))
    return found


def _check_replica(client: SyncClient, held: set[str], published_in: dict[str, Rows]) -> None:
    must(client.store.scopes == held, f"I5 scopes differ: {sorted(client.store.scopes ^ held)}")
    wanted: Rows = {}
    for scope in sorted(held):
        wanted |= published_in.get(scope, {})
    have = {key: (row.scope, row.v, row.doc) for key, row in client.store.rows.items()}
    for key in sorted(set(wanted) | set(have)):
        must(key in have, f"I4 the phone lacks {key}")
        must(key in wanted, f"I4 the phone holds {key} and should not")
        must(have[key][:2] == wanted[key][:2], f"I4 {key} is {have[key][:2]} and should be {wanted[key][:2]}")
        must(have[key][2] == wanted[key][2], f"I4 the phone's {key} is out of date")
