"""Poison operations: those on which the server itself breaks, outside the savepoint that judges them (SYNC §1).

Each failure is counted on a transaction of its own. A suspect is dealt with alone from then on, so that no innocent
neighbour is blamed, and after three failures it is kept unjudged and the queue moves on.
"""

import logging
from contextvars import ContextVar
from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.feed.clock import upsert
from server.intake.models import SyncAttempt, SyncOp
from sync.problems import Problem
from sync.schemas import OpNumber, Push, decoded

log = logging.getLogger(__name__)

MOST_FAILURES = 3
Numbered = list[tuple[OpNumber, bytes]]

_suspect: ContextVar[str] = ContextVar("suspect", default="")


def name_suspect(op_id: str) -> None:
    """Remember which operation is being dealt with, should the push break."""
    _suspect.set(op_id)


def before_poison(numbered: Numbered) -> tuple[Numbered, set[str]]:
    """The operations to deal with in this transaction, and those of them that must not be judged any more.

    With suspects among them: what stands before the first suspect, else that suspect alone. The phone sends the rest again.
    """
    name_suspect("")
    op_ids = [number.op_id for number, _ in numbered]
    attempts = db.session.execute(select(SyncAttempt.op_id, SyncAttempt.failures).where(SyncAttempt.op_id.in_(op_ids))).all()
    failures: dict[str, int] = {op_id: count for op_id, count in attempts}
    if not failures:
        return numbered, set()
    poisoned = {op_id for op_id, count in failures.items() if count >= MOST_FAILURES}
    first = next(index for index, op_id in enumerate(op_ids) if op_id in failures)
    return numbered[: max(first, 1)], poisoned


def count_failure(message: Push, person_id: str, fault: Exception, now: datetime) -> None:
    """Count a failure against the operation that was being dealt with, or against all when the commit itself broke."""
    db.session.rollback()
    log.exception("a push of client %s broke", message.client_id, exc_info=fault)
    try:
        op_ids = [decoded(OpNumber, bytes(raw)).op_id for raw in message.ops]
    except Problem:
        return
    suspect = _suspect.get()
    suspects = [suspect] if suspect in op_ids and suspect != op_ids[-1] else op_ids
    known = set(db.session.scalars(select(SyncOp.op_id).where(SyncOp.op_id.in_(suspects))))
    for op_id in sorted(set(suspects) - known):
        _count(op_id, person_id, fault, now)
    db.session.commit()


def _count(op_id: str, person_id: str, fault: Exception, now: datetime) -> None:
    row = upsert(SyncAttempt).values(op_id=op_id, person_id=person_id, failures=1, fault=repr(fault)[:200], last_at=now)
    raised = {"failures": SyncAttempt.failures + 1, "fault": row.excluded.fault, "last_at": row.excluded.last_at}
    db.session.execute(row.on_conflict_do_update(index_elements=["op_id"], set_=raised))
    failures = db.session.scalar(select(SyncAttempt.failures).where(SyncAttempt.op_id == op_id))
    if failures == MOST_FAILURES:
        record_audit(now, person_id, "op.poison", ("op", op_id), fault=repr(fault)[:200])
