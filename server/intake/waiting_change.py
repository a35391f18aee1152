"""One waiting change, field by field: before, now, sent, each with who and when."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from server.clock import today
from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.intake.parked import is_waiting
from server.intake.said import Said, last_said, person_names
from server.intake.waiting_views import change_in_reach, standing_outlets
from server.intake.waiting_words import json_words
from server.outlets.field_words import field_words, value_words
from server.outlets.fields import FIELDS
from server.outlets.models import Outlet
from server.outlets.typed_fields import input_kind, typed_text
from server.people.models import Person
from server.visits.drawing import PositionDrawing
from server.visits.position_views import drawing_of_sent


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
    names = person_names({op.person_id, op.settled_by_id or ""})
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
