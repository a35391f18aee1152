"""Who gave the fields of outlet files their values, from edits that phones sent, from decisions of the office and from positions taken of visits."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.intake.models import SyncConflict
from server.outlets.models import OutletAlias
from server.people.models import Person

POSITION_APPROVED = "outlet.position_approved"
WRITING_DEEDS = ("outlet.edited", POSITION_APPROVED)


@dataclass(frozen=True)
class Said:
    """Who gave a field its value, and when."""

    name: str
    at: datetime
    person_id: str


@dataclass(frozen=True)
class Written:
    """One time that a field was written; a decision has no `op_id`."""

    at: datetime
    person_id: str
    op_id: str = ""


Writings = dict[tuple[str, str], list[Written]]
_Writing = tuple[str, str, Written]


def last_said(outlet_id: str, but_op_id: str = "") -> dict[str, Said]:
    """By field who changed it last, but for one edit."""
    found = writings([outlet_id])
    last = {name: last_written(found, outlet_id, name, but_op_id) for _, name in found}
    names = person_names({one.person_id for one in last.values() if one})
    return {name: Said(names.get(one.person_id, ""), one.at, one.person_id) for name, one in last.items() if one}


def last_written(found: Writings, outlet_id: str, name: str, but_op_id: str, until: datetime | None = None) -> Written | None:
    """The newest writing of a field that is not of this edit, up to an instant."""
    others = (one for one in found.get((outlet_id, name), []) if one.op_id != but_op_id or not one.op_id)
    return max((one for one in others if until is None or one.at <= until), key=lambda one: one.at, default=None)


def writings(outlet_ids: Collection[str]) -> Writings:
    """By (outlet, field) all that was written, in as many queries for one outlet as for many."""
    found: Writings = defaultdict(list)
    for outlet_id, name, written in chain(_edits(outlet_ids), _decisions(outlet_ids)):
        found[outlet_id, name].append(written)
    return dict(found)


def person_names(person_ids: Collection[str]) -> dict[str, str]:
    """By id."""
    return {person_id: name for person_id, name in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))}


def _edits(outlet_ids: Collection[str]) -> Iterator[_Writing]:
    """Edits taken in from phones, without the fields of theirs that were parked, and positions taken from visits."""
    parked = select(SyncConflict.op_id, SyncConflict.field).where(SyncConflict.entity_id.in_(outlet_ids), SyncConflict.kind == "parked")
    not_written = {(op_id, name) for op_id, name in db.session.execute(parked)}
    rows = select(AuditRow).where(AuditRow.subject_type == "outlet", AuditRow.subject_id.in_(outlet_ids), AuditRow.action.in_(WRITING_DEEDS))
    for row in db.session.scalars(rows):
        op_id = row.detail.get("op_id", "")
        for name in ["position"] if row.action == POSITION_APPROVED else row.detail.get("fields", []):
            if (op_id, name) not in not_written:
                yield row.subject_id, name, Written(row.at, row.actor_id or "", op_id)


def _decisions(outlet_ids: Collection[str]) -> Iterator[_Writing]:
    """What was decided about an outlet after it was merged was written to the one that was kept."""
    query = select(SyncConflict, OutletAlias).outerjoin(OutletAlias, OutletAlias.outlet_id == SyncConflict.entity_id)
    is_asked = SyncConflict.entity_id.in_(outlet_ids) | OutletAlias.kept_id.in_(outlet_ids)
    for row, alias in db.session.execute(query.where(is_asked, SyncConflict.outcome.in_(("applied", "edited", "restored")))):
        if row.settled_at is not None:
            is_moved = alias is not None and alias.made_at <= row.settled_at
            yield alias.kept_id if is_moved else row.entity_id, row.field, Written(row.settled_at, row.settled_by_id or "")
