"""What people decide about operations that wait: parked fields, lost values, records the server could not take in (SYNC §4)."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.intake.parked import is_waiting, waited
from server.outlets.duplicates import kept_outlet_id
from server.outlets.edits import field_value, set_outlet_field
from server.outlets.fields import Writer
from sync.problems import Problem
from sync.receive import APPLIED, QUARANTINED

REJECTED = "rejected"
RESTORED = "restored"
EDITED = "edited"
KEPT = "kept"
SEEN = "seen"

FieldSetter = Callable[[str, str, Any, Writer], None]
FieldReader = Callable[[str, str], Any]
FIELD_SETTERS: dict[str, FieldSetter] = {"outlet": set_outlet_field}
FIELD_READERS: dict[str, FieldReader] = {"outlet": field_value}


def settle_parked(op_id: str, values: dict[str, Any], reason: str, by_id: str, now: datetime) -> SyncOp:
    """Decide on a parked operation: write the fields in `values` (as sent, or edited), leave the others as they are. Commits.

    A reason must be given when any field is not taken as sent. Raises `invalid` with the fields at fault, `stale` when it was decided.
    """
    op = _waiting_op(op_id)
    waiting = _waiting_fields(op)
    if unknown := sorted(set(values) - set(waiting)):
        raise Problem("invalid", fields=dict.fromkeys(unknown, "unknown_field"))
    as_sent = all(name in values and values[name] == json.loads(waiting[name].mine) for name in waiting)
    if not as_sent and not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    before = {name: _read(op.entity_type, op.entity_id, name) for name in sorted(values)}
    for name, conflict in waiting.items():
        _settle_field(conflict, name in values, values.get(name), by_id, now)
    code = REJECTED if not values else APPLIED if as_sent else EDITED
    _settle_op(op, code, reason, by_id, now)
    written_to = _standing_id(op.entity_type, op.entity_id)
    record_audit(now, by_id, f"op.{code}", ("op", op_id), before=before, written_to=written_to, reason=reason.strip())
    db.session.commit()
    return op


def _waiting_op(op_id: str) -> SyncOp:
    op = db.session.scalar(select(SyncOp).where(SyncOp.op_id == op_id, waited()).with_for_update().execution_options(populate_existing=True))
    if op is None:
        raise Problem("not_found")
    if not is_waiting(op):
        raise Problem("stale")
    return op


def _waiting_fields(op: SyncOp) -> dict[str, SyncConflict]:
    query = select(SyncConflict).where(SyncConflict.op_id == op.op_id, SyncConflict.kind == "parked", SyncConflict.settled_at.is_(None))
    return {conflict.field: conflict for conflict in db.session.scalars(query.order_by(SyncConflict.field))}


def _settle_field(conflict: SyncConflict, is_taken: bool, value: Any, by_id: str, now: datetime) -> None:
    if is_taken:
        _write(conflict, value, Writer(by_id, now))
    outcome = REJECTED if not is_taken else APPLIED if value == json.loads(conflict.mine) else EDITED
    conflict.outcome, conflict.settled_at, conflict.settled_by_id = outcome, now, by_id


def _read(entity_type: str, entity_id: str, field: str) -> Any:
    return FIELD_READERS[entity_type](_standing_id(entity_type, entity_id), field)


def _write(conflict: SyncConflict, value: Any, writer: Writer) -> None:
    standing_id = _standing_id(conflict.entity_type, conflict.entity_id)
    try:
        FIELD_SETTERS[conflict.entity_type](standing_id, conflict.field, value, writer)
    except ValueError as fault:
        raise Problem("invalid", fields={conflict.field: str(fault)}) from fault


def _standing_id(entity_type: str, entity_id: str) -> str:
    """What is decided about an outlet that was merged holds for the one that was kept."""
    return kept_outlet_id(entity_id) if entity_type == "outlet" else entity_id


def _settle_op(op: SyncOp, code: str, reason: str, by_id: str | None, now: datetime) -> None:
    op.settled_code, op.settled_reason, op.settled_by_id, op.settled_at = code, reason.strip(), by_id, now


def settle_conflict(conflict_id: str, is_restored: bool, by_id: str, now: datetime) -> SyncConflict:
    """Look at a value that lost: put it back, or leave things as they are. Commits; `stale` when somebody decided already."""
    conflict = db.session.get(SyncConflict, conflict_id, with_for_update=True)
    if conflict is None or conflict.kind != "field":
        raise Problem("not_found")
    if conflict.settled_at is not None:
        raise Problem("stale")
    before = _read(conflict.entity_type, conflict.entity_id, conflict.field)
    if is_restored:
        _write(conflict, json.loads(conflict.theirs), Writer(by_id, now))
    conflict.outcome, conflict.settled_at, conflict.settled_by_id = RESTORED if is_restored else KEPT, now, by_id
    subject = (conflict.entity_type, _standing_id(conflict.entity_type, conflict.entity_id))
    record_audit(now, by_id, f"conflict.{conflict.outcome}", subject, field=conflict.field, before=before, conflict_id=conflict_id)
    db.session.commit()
    return conflict


def close_quarantined(op_id: str, reason: str, by_id: str, now: datetime) -> SyncOp:
    """Close a record that cannot be taken in, with a reason that its author reads; the raw bytes stay. Commits."""
    op = db.session.get(SyncOp, op_id, with_for_update=True)
    if op is None or op.code != QUARANTINED:
        raise Problem("not_found")
    if op.settled_at is not None:
        raise Problem("stale")
    if not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    _settle_op(op, REJECTED, reason, by_id, now)
    record_audit(now, by_id, "op.closed", ("op", op_id), reason=reason.strip())
    db.session.commit()
    return op


def settle_reused(conflict_id: str, by_id: str, now: datetime) -> SyncConflict:
    """Note that somebody looked at content that came under the id of another record; both stay. Commits."""
    conflict = db.session.get(SyncConflict, conflict_id, with_for_update=True)
    if conflict is None or conflict.kind != "op_id_reused":
        raise Problem("not_found")
    if conflict.settled_at is not None:
        raise Problem("stale")
    conflict.outcome, conflict.settled_at, conflict.settled_by_id = SEEN, now, by_id
    record_audit(now, by_id, "op.reuse_seen", ("op", conflict.op_id), conflict_id=conflict_id)
    db.session.commit()
    return conflict
