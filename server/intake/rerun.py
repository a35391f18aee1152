"""Taking in again what was quarantined: after an upgrade that knows the form, or a repair (SYNC §1)."""

import logging
from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, is_passing
from server.intake.models import SyncClient, SyncOp
from server.intake.push import judged, keep_collisions, sent_op
from server.intake.registry import applier_of
from sync.problems import Problem
from sync.receive import QUARANTINED, Author
from sync.schemas import EntityRef, Op, op_times
from sync.upcast import newest

log = logging.getLogger(__name__)

REPAIRABLE = (
    "unknown_form",
    "handler_failed",
    "unknown_outlet",
    "unknown_region",
    "unknown_visit",
    "unknown_request",
    "unknown_complaint",
    "unknown_follow_up",
    "unknown_checklist",
    "identity_unopened",
)
CHUNK = 200


def run_again(op_id: str, by_id: str | None, now: datetime) -> str:
    """Judge a quarantined operation once more, from the bytes that were kept; the code it has now. Commits.

    An operation whose envelope could not be read stays as it is, and so does one on which the server still breaks. Raises
    `stale` when it is quarantined no longer.
    """
    row = db.session.get(SyncOp, op_id, with_for_update=True)
    if row is None:
        raise Problem("not_found")
    if row.code != QUARANTINED or row.settled_at is not None:
        raise Problem("stale")
    try:
        code = _judge_again(row, by_id, now)
        db.session.commit()
    except Exception as fault:
        if is_passing(fault):
            raise
        db.session.rollback()
        log.exception("operation %s breaks the server still", op_id)
        return QUARANTINED
    return code


def run_repairable(now: datetime) -> int:
    """Judge again all that a newer server may understand; returns how many were taken in. Commits one by one.

    Safe to repeat and in parallel: what somebody else takes in meanwhile is left to them.
    """
    waiting = select(SyncOp.op_id, SyncOp.form, SyncOp.problem).where(
        SyncOp.code == QUARANTINED, SyncOp.settled_at.is_(None), SyncOp.form != "unread"
    )
    rows = db.session.execute(waiting.order_by(SyncOp.received_at, SyncOp.n)).all()
    db.session.rollback()
    done = 0
    for op_id, form, problem in rows:
        if (problem or {}).get("code") in REPAIRABLE and applier_of(newest(form, b"")[0]) is not None:
            done += _taken_in(op_id, now)
    return done


def _taken_in(op_id: str, now: datetime) -> bool:
    try:
        return run_again(op_id, None, now) != QUARANTINED
    except Problem as problem:
        if problem.refusal.code != "stale":
            raise
        db.session.rollback()
        return False


def _judge_again(row: SyncOp, by_id: str | None, now: datetime) -> str:
    if row.form == "unread":
        return row.code
    client = db.session.get(SyncClient, row.client_id)
    author = Author(row.person_id, (client.device_id if client else None) or "", row.client_id)
    op = Op(
        n=row.n,
        op_id=row.op_id,
        kind=row.kind,
        form=row.form,
        entity=EntityRef(row.entity_type, row.entity_id),
        scope=row.scope_id,
        body=row.body,  # type: ignore[arg-type]
        t=op_times(row.times),
        base_v=row.base_v,
        blobs=row.blobs,
    )
    outcome = judged(sent_op(op, row.body, author, row.received_at))
    row.problem = outcome.problem.document() if outcome.problem else None
    if outcome.code != QUARANTINED:
        row.settled_code, row.settled_by_id, row.settled_at = outcome.code, by_id, now
        keep_collisions(row, outcome, now)
        record_audit(now, by_id, "op.run_again", ("op", row.op_id), code=outcome.code)
    return outcome.code
