"""Push: ordered operations in, a terminal answer for each, all in one transaction (SYNC §1-2).

Per operation a savepoint: store the raw bytes, then judge them. A fault of the handler rolls back what it did and
keeps the operation quarantined, so one bad record never holds up the ones behind it.
"""

import hashlib
import logging
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update

from server.audit.actions import record_audit
from server.db import db, is_passing
from server.devices.models import Device
from server.feed.clock import after_number, upsert
from server.feed.cursor import check_witnesses, feed_state, witness_text
from server.feed.scopes import holds_scope
from server.intake.models import SyncClient, SyncConflict, SyncOp, SyncSlot
from server.intake.poison import before_poison, name_suspect
from server.intake.registry import applier_of
from server.intake.standing import note_standing
from server.media.models import BlobRef
from server.media.store import expect_blobs, stored_among
from server.outlets.duplicates import kept_outlet_id
from server.outlets.queries import hold_outlets
from sync.ids import uuid7
from sync.problems import OpProblem, Problem
from sync.receive import QUARANTINED, Author, Outcome, Sent, quarantined
from sync.schemas import MOST_BODY_BYTES, MOST_OPS, PROTO, Op, OpNumber, Push, decoded, op_fault, outlet_of, readable
from sync.times import iso_instant
from sync.upcast import newest

log = logging.getLogger(__name__)

# Asked by every push, so built once.
_LOCKED = select(SyncClient).where(SyncClient.client_id == bindparam("client_id")).with_for_update().execution_options(populate_existing=True)
_OPS = select(SyncOp).where(SyncOp.op_id.in_(bindparam("op_ids", expanding=True)))
_SLOTS = select(SyncSlot.n, SyncSlot.problem).where(
    SyncSlot.client_id == bindparam("client_id"), SyncSlot.n.in_(bindparam("numbers", expanding=True))
)


def push(message: Push, device: Device, now: datetime) -> dict[str, Any]:
    """Deal with a push and commit; the answer as JSON values. Raises the whole-request problems of SYNC §1."""
    if message.proto != PROTO:
        raise Problem("malformed", "proto")
    if len(message.ops) > MOST_OPS:
        raise Problem("too_large")
    state = feed_state()
    epoch = state.epoch
    if message.epoch is not None and message.epoch != epoch:
        raise Problem("epoch_changed", epoch=epoch)
    check_witnesses(state, message.witness, message.seen)
    author = Author(device.person_id, device.id, message.client_id, _skew_ms(message, now))
    numbered, poisoned = before_poison([(decoded(OpNumber, bytes(raw)), bytes(raw)) for raw in message.ops])
    client = _locked_client(message, author, now)
    hold_outlets({outlet_id for _, raw in numbered for outlet_id in outlet_of(raw)})
    for number, raw in numbered:
        _deal_with(client, author, number, raw, now, is_poison=number.op_id in poisoned)
    client.last_seen_at, client.app, client.device_id = now, message.app or client.app, device.id
    client.skew_ms = author.skew_ms
    note_standing(client, message.status, now)
    if device.last_seen_at is None or (now - device.last_seen_at).total_seconds() > 1:
        device.last_seen_at = now
    last_n = client.last_n
    db.session.commit()
    results, witness = _results(message.client_id, numbered), witness_text(feed_state())
    return {"epoch": epoch, "server_now": iso_instant(now), "last_n": last_n, "results": results, "witness": witness}


def _locked_client(message: Push, author: Author, now: datetime) -> SyncClient:
    """The client's row, locked until the commit, made on its first push."""
    row = {"client_id": message.client_id, "person_id": author.person_id, "device_id": author.device_id}
    db.session.execute(_new_client(db.engine.dialect.name), {**row, "last_n": 0, "app": message.app, "last_seen_at": now, "is_forked": False})
    client = db.session.scalars(_LOCKED, {"client_id": message.client_id}).one()
    if client.person_id != author.person_id:
        raise Problem("wrong_owner")
    return client


@cache
def _new_client(_dialect: str) -> Any:
    return upsert(SyncClient.__table__).on_conflict_do_nothing(index_elements=["client_id"])


def _deal_with(client: SyncClient, author: Author, number: OpNumber, raw: bytes, now: datetime, is_poison: bool) -> None:
    if number.n <= client.last_n:
        slot = db.session.get(SyncSlot, (client.client_id, number.n))
        if slot is None or slot.op_id != number.op_id:
            _mark_forked(client, now)
            raise Problem("forked")
        return
    if number.n != client.last_n + 1:
        raise Problem("gap", expected_n=client.last_n + 1)
    name_suspect(number.op_id)
    problem = _take(author, number, raw, now, is_poison)
    slot_problem = problem.document() if problem else None
    db.session.add(SyncSlot(client_id=client.client_id, n=number.n, op_id=number.op_id, problem=slot_problem))
    client.last_n = number.n
    db.session.flush()


def _mark_forked(client: SyncClient, now: datetime) -> None:
    """Remember that two phones share this client's identity; kept although the request is refused."""
    person_id, client_id = client.person_id, client.client_id
    db.session.rollback()
    db.session.execute(update(SyncClient).where(SyncClient.client_id == client_id).values(is_forked=True))
    record_audit(now, person_id, "client.forked", ("client", client_id))
    db.session.commit()


def _take(author: Author, number: OpNumber, raw: bytes, now: datetime, is_poison: bool) -> OpProblem | None:
    """Store and apply an operation; the problem of this slot alone when its id was sent before."""
    op, fault = op_fault(raw)
    known = db.session.get(SyncOp, number.op_id)
    body = bytes(op.body) if op else raw
    digest = hashlib.sha256(body).hexdigest()
    if known is not None:
        return _repeated(known, author, body, digest, now)
    if op is None or op.n != number.n or len(body) > MOST_BODY_BYTES:
        _store_unread(author, number, raw, fault or "too large", now)
        return None
    row = _raw_row(author, op, body, digest, now)
    db.session.add(row)
    db.session.flush()
    _name_blobs(op, author, now)
    outcome = quarantined("handler_failed", "poison") if is_poison else judged(sent_op(op, body, author, now))
    row.code = outcome.code
    row.problem = outcome.problem.document() if outcome.problem else None
    keep_collisions(row, outcome, now)
    after_number(db.session, _numbering(row.op_id))
    return None


def _repeated(known: SyncOp, author: Author, body: bytes, digest: str, now: datetime) -> OpProblem | None:
    if known.person_id == author.person_id and known.body_sha256 == digest:
        return None
    text = body.decode("utf-8", "replace")
    conflict = SyncConflict(id=uuid7(), op_id=known.op_id, kind="op_id_reused", entity_type=known.entity_type, entity_id=known.entity_id)
    conflict.mine, conflict.raised_at = text, now
    db.session.add(conflict)
    record_audit(now, author.person_id, "op.id_reused", ("op", known.op_id), client_id=author.client_id)
    return OpProblem("op_id_reused")


def _raw_row(author: Author, op: Op, body: bytes, digest: str, now: datetime) -> SyncOp:
    times = {"wall": iso_instant(op.t.wall), "mono": op.t.mono, "boot": op.t.boot, "offset_ms": op.t.offset_ms, "skew_ms": author.skew_ms}
    row = SyncOp(op_id=op.op_id, client_id=author.client_id, n=op.n, person_id=author.person_id)
    row.kind, row.form, row.scope_id, row.base_v = op.kind, op.form, op.scope, op.base_v
    row.entity_type, row.entity_id = op.entity.type, op.entity.id
    row.body, row.body_sha256, row.blobs, row.times = body, digest, list(op.blobs), times
    row.received_at, row.code = now, QUARANTINED
    return row


def _store_unread(author: Author, number: OpNumber, raw: bytes, fault: str, now: datetime) -> None:
    """Keep an operation whose envelope cannot be read: the whole of it is the body."""
    row = SyncOp(op_id=number.op_id, client_id=author.client_id, n=number.n, person_id=author.person_id)
    row.kind = row.form = row.entity_type = row.scope_id = "unread"
    row.entity_id, row.blobs, row.times = number.op_id, [], {}
    row.body, row.body_sha256 = raw, hashlib.sha256(raw).hexdigest()
    row.received_at, row.code = now, QUARANTINED
    row.problem = OpProblem("invalid_record", fault[:300]).document()
    db.session.add(row)


def _name_blobs(op: Op, author: Author, now: datetime) -> None:
    expect_blobs(op.blobs, now)
    for sha256 in sorted(set(op.blobs)):
        ref = BlobRef(sha256=sha256, op_id=op.op_id, person_id=author.person_id, entity_type=op.entity.type, entity_id=op.entity.id)
        db.session.add(ref)


def sent_op(op: Op, body: bytes, author: Author, received_at: datetime) -> Sent:
    """The operation as appliers get it: in the newest version of its form, its scope that of the outlet which was kept."""
    form, record = newest(op.form, readable(body))
    kind, _, entity_id = op.scope.partition(":")
    scope = f"outlet:{kept_outlet_id(entity_id)}" if kind == "outlet" else op.scope
    return Sent(op, body, record, form, author, received_at, holds_scope(author.person_id, scope))


def keep_collisions(row: SyncOp, outcome: Outcome, now: datetime) -> None:
    """Keep the values that lost or wait (SYNC §4)."""
    for one in outcome.collisions:
        conflict = SyncConflict(id=uuid7(), op_id=row.op_id, kind="parked" if one.is_parked else "field", field=one.field, raised_at=now)
        conflict.entity_type, conflict.entity_id = row.entity_type, row.entity_id
        conflict.mine, conflict.theirs, conflict.before = one.mine, one.theirs, one.before
        db.session.add(conflict)


def judged(sent: Sent) -> Outcome:
    """What the form's applier says, in a savepoint; a fault of the applier is a quarantine."""
    applier = applier_of(sent.form)
    if applier is None:
        return quarantined("unknown_form", sent.op.form)
    kept = {key: _copied(value) for key, value in db.session.info.items()}
    try:
        with db.session.begin_nested():
            outcome = applier(sent)
            db.session.flush()
            return outcome
    except Exception as fault:
        if is_passing(fault):
            raise  # a lock or a lost connection is the request's trouble, not the record's
        log.exception("operation %s of form %s failed", sent.op.op_id, sent.op.form)
        db.session.info.clear()
        db.session.info.update(kept)
        return quarantined("handler_failed", type(fault).__name__)


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, dict | list) else value


def _numbering(op_id: str) -> Any:
    def write(session: Any, seq: int) -> None:
        session.execute(update(SyncOp).where(SyncOp.op_id == op_id).values(seq=seq).execution_options(synchronize_session=False))

    return write


def _skew_ms(message: Push, now: datetime) -> int | None:
    if message.device_now is None or message.device_now.tzinfo is None:
        return None
    return round((message.device_now - now).total_seconds() * 1000)


def _results(client_id: str, numbered: list[tuple[OpNumber, bytes]]) -> list[dict[str, Any]]:
    """The stored results, read back after the commit, in the order of the request."""
    op_ids = [number.op_id for number, _ in numbered]
    ops = {op.op_id: op for op in db.session.scalars(_OPS, {"op_ids": op_ids})}
    wanted = [slot.n for slot, _ in numbered]
    slot_problems: dict[int, Any] = {row.n: row.problem for row in db.session.execute(_SLOTS, {"client_id": client_id, "numbers": wanted})}
    here = stored_among(sorted({sha256 for op in ops.values() for sha256 in op.blobs}))
    return [_result(number.n, ops[number.op_id], slot_problems.get(number.n), here) for number, _ in numbered]


def _result(n: int, op: SyncOp, slot_problem: dict[str, Any] | None, here: set[str]) -> dict[str, Any]:
    problem = slot_problem or op.problem
    missing = [sha256 for sha256 in op.blobs if sha256 not in here]
    code = QUARANTINED if slot_problem else op.code
    result = {"n": n, "op_id": op.op_id, "code": code, "v": op.seq, "missing_blobs": [] if slot_problem else missing}
    return {**result, "problem": problem} if problem else result
