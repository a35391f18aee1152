"""Values of outlet files that collided, as phones receive them: what either side wrote, who and when, and what became of it (SYNC §4)."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import aliased

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.intake.models import OF_OUTLETS, SyncConflict, SyncOp
from server.intake.said import WRITING_DEEDS, Writings, Written, last_written, person_names, writings
from server.outlets.models import OutletAlias
from server.people.models import Person
from sync.times import iso_instant

SHOWN_FOR = timedelta(days=30)  # after somebody decided
HISTORY = timedelta(days=90)


def conflict_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id. `mine` is what the operation brought, `theirs` what the file held then, `before` what its author had seen there: JSON values."""
    settler = aliased(Person)
    query = select(SyncConflict, SyncOp, Person.name, settler.name, func.coalesce(OutletAlias.kept_id, SyncConflict.entity_id))
    query = query.join(SyncOp, SyncOp.op_id == SyncConflict.op_id).outerjoin(OutletAlias, OutletAlias.outlet_id == SyncConflict.entity_id)
    query = query.outerjoin(Person, Person.id == SyncOp.person_id).outerjoin(settler, settler.id == SyncConflict.settled_by_id)
    rows = db.session.execute(query.where(SyncConflict.id.in_(ids))).all()
    found = writings({conflict.entity_id for conflict, *_ in rows})
    others = {conflict.id: _author_of_theirs(found, conflict) for conflict, *_ in rows}
    names = person_names({other.person_id for other in others.values() if other})
    documents = {}
    for conflict, op, sender, settled_by, outlet_id in rows:
        documents[conflict.id] = _file_part(conflict, outlet_id, settled_by or "")
        documents[conflict.id] |= _authors(conflict, op, sender or "", others[conflict.id], names)
    return documents


def _author_of_theirs(found: Writings, conflict: SyncConflict) -> Written | None:
    """Of the file that the edit was made on, also when that outlet was merged: `theirs` is what it said."""
    return last_written(found, conflict.entity_id, conflict.field, conflict.op_id, conflict.raised_at)


def _file_part(conflict: SyncConflict, outlet_id: str, settled_by: str) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "outlet_id": outlet_id,
        "field": conflict.field,
        "is_parked": conflict.kind == "parked",
        "mine": json.loads(conflict.mine or "null"),
        "theirs": json.loads(conflict.theirs or "null"),
        "before": json.loads(conflict.before or "null"),
        "outcome": conflict.outcome,
        "settled_by_name": settled_by,
        "settled_at": iso_instant(conflict.settled_at) if conflict.settled_at else None,
    }


def _authors(conflict: SyncConflict, op: SyncOp, sender: str, other: Written | None, names: dict[str, str]) -> dict[str, Any]:
    return {
        "sent_by_id": op.person_id,
        "sent_by_name": sender,
        "sent_at": iso_instant(conflict.raised_at),
        "theirs_by_id": other.person_id if other else None,
        "theirs_by_name": names.get(other.person_id, "") if other else "",
        "theirs_at": iso_instant(other.at) if other else None,
    }


def live_conflicts() -> Select[str, str]:
    """Those that wait for a decision, decided ones for a month, and for the history window those that nobody has to decide."""
    is_unread = SyncConflict.settled_at.is_(None) & or_(SyncConflict.kind == "parked", SyncConflict.raised_at >= now() - HISTORY)
    query = select(SyncConflict.id, literal("outlet:") + func.coalesce(OutletAlias.kept_id, SyncConflict.entity_id))
    query = query.outerjoin(OutletAlias, OutletAlias.outlet_id == SyncConflict.entity_id)
    query = query.where(SyncConflict.entity_type == "outlet", SyncConflict.kind.in_(OF_OUTLETS))
    return query.where(or_(is_unread, SyncConflict.settled_at >= now() - SHOWN_FOR))


def conflicts_that_name(person_id: str) -> Select[str]:
    """Ids of those that may say this person's name: who sent or decided them, or wrote in the file that they are about."""
    sent = select(SyncOp.op_id).where(SyncOp.person_id == person_id)
    edited = select(AuditRow.subject_id).where(AuditRow.subject_type == "outlet", AuditRow.action.in_(WRITING_DEEDS), AuditRow.actor_id == person_id)
    decided = select(SyncConflict.entity_id).where(SyncConflict.settled_by_id == person_id)
    kept = select(OutletAlias.kept_id).where(OutletAlias.outlet_id.in_(decided))
    is_of_file = or_(*(SyncConflict.entity_id.in_(outlets) for outlets in (edited, decided, kept)))
    return select(SyncConflict.id).where(or_(SyncConflict.op_id.in_(sent), SyncConflict.settled_by_id == person_id, is_of_file))
