"""What became of operations after their push was answered, as phones receive it."""

from typing import Any

from sqlalchemy import Select, literal, select

from server.db import db
from server.intake.models import SyncOp
from server.people.models import Person
from sync.times import iso_instant


def verdict_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    query = select(SyncOp, Person.name).outerjoin(Person, Person.id == SyncOp.settled_by_id).where(SyncOp.op_id.in_(ids))
    return {
        op.op_id: {
            "op_id": op.op_id,
            "code": op.settled_code,
            "reason": op.settled_reason,
            "by_name": by_name,
            "at": iso_instant(op.settled_at),
        }
        for op, by_name in db.session.execute(query)
        if op.settled_at is not None
    }


def live_verdicts() -> Select[str, str]:
    return select(SyncOp.op_id, literal("user:") + SyncOp.person_id).where(SyncOp.settled_at.is_not(None))
