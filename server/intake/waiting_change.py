"""One waiting change, field by field: before, now, sent, each with who and when."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import today
from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.intake.parked import is_waiting
from server.intake.waiting_forms import input_kind, typed_text
from server.intake.waiting_views import change_in_reach, standing_outlets
from server.intake.waiting_words import json_words
from server.outlets.field_words import field_words, value_words
from server.outlets.fields import FIELDS
from server.outlets.models import Outlet
from server.people.models import Person
from server.visits.drawing import PositionDrawing
from server.visits.position_views import drawing_of_sent


@dataclass(frozen=True)
class Said:
    """Who gave a field its value, and when."""

    name: str
    at: datetime
    person_id: str


@dataclass(frozen=True)
class WaitingField:
    """`kind` is how it can be typed; `outcome` is empty while it waits; a position has a drawing."""

    name: str
    words: str
    before: str
    now: str
    now_by: Said | None
    sent: str
    sent_json: str
    kind: str
    text: str
    outcome: str
    drawing: PositionDrawing | None


@dataclass(frozen=True)
class ChangeView:
    """`outlet` is the one that stands for the outlet of the change; `was_merged` when that is another one; nobody decided while it waits."""

    op: SyncOp
    is_waiting: bool
    outlet: Outlet
    was_merged: bool
    sender: str
    settled_by: str
    fields: list[WaitingField]


def change_view(reader: Person, op_id: str) -> ChangeView:
    """The change with all its fields, or `not_found`."""
    op = change_in_reach(reader, op_id)
    outlet = standing_outlets([op.entity_id])[op.entity_id]
    query = select(SyncConflict).where(SyncConflict.op_id == op_id, SyncConflict.kind == "parked").order_by(SyncConflict.field)
    conflicts = db.session.scalars(query).all()
    names = _names({op.person_id, op.settled_by_id or ""})
    said = last_said(outlet.id, op_id)
    fields = [_field(conflict, outlet, said.get(conflict.field)) for conflict in conflicts]
    return ChangeView(
        op, is_waiting(op), outlet, outlet.id != op.entity_id, names.get(op.person_id, ""), names.get(op.settled_by_id or "", ""), fields
    )


def _field(conflict: SyncConflict, outlet: Outlet, said: Said | None) -> WaitingField:
    name = conflict.field
    return WaitingField(
        name=name,
        words=field_words(name),
        before=json_words(name, conflict.before),
        now=value_words(name, FIELDS[name].read(outlet)),
        now_by=said,
        sent=json_words(name, conflict.mine),
        sent_json=conflict.mine,
        kind=input_kind(name),
        text=typed_text(name, json.loads(conflict.mine)),
        outcome=conflict.outcome,
        drawing=drawing_of_sent(outlet, json.loads(conflict.mine), today()) if name == "position" else None,
    )


def last_said(outlet_id: str, but_op_id: str = "", until: datetime | None = None) -> dict[str, Said]:
    """By field who changed it last, up to an instant, from edits that phones sent and from decisions of the office."""
    found: dict[str, tuple[datetime, str]] = {}
    for at, person_id, fields in [*_edits(outlet_id, but_op_id), *_decisions(outlet_id)]:
        for name in fields:
            if (until is None or at <= until) and (name not in found or found[name][0] < at):
                found[name] = (at, person_id)
    names = _names({person_id for _, person_id in found.values()})
    return {name: Said(names.get(person_id, ""), at, person_id) for name, (at, person_id) in found.items()}


def _edits(outlet_id: str, but_op_id: str) -> Iterable[tuple[datetime, str, list[str]]]:
    """Edits taken in from phones, without the fields of theirs that were parked."""
    rows = select(AuditRow).where(AuditRow.subject_type == "outlet", AuditRow.subject_id == outlet_id, AuditRow.action == "outlet.edited")
    parked = select(SyncConflict.op_id, SyncConflict.field).where(SyncConflict.entity_id == outlet_id, SyncConflict.kind == "parked")
    not_written = {(op_id, name) for op_id, name in db.session.execute(parked)}
    for row in db.session.scalars(rows):
        op_id = row.detail.get("op_id", "")
        if op_id != but_op_id:
            yield row.at, row.actor_id or "", [name for name in row.detail.get("fields", []) if (op_id, name) not in not_written]


def _decisions(outlet_id: str) -> Iterable[tuple[datetime, str, list[str]]]:
    query = select(SyncConflict.settled_at, SyncConflict.settled_by_id, SyncConflict.field)
    written = SyncConflict.outcome.in_(("applied", "edited", "restored"))
    for at, by_id, name in db.session.execute(query.where(SyncConflict.entity_id == outlet_id, written)):
        if at is not None:
            yield at, by_id or "", [name]


def _names(person_ids: set[str]) -> dict[str, Any]:
    return {person_id: name for person_id, name in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))}
