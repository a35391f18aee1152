"""Changes to outlet files, field by field (SYNC §4): unchanged since its base → applied; the same value → nothing to do; else a collision."""

import json
from dataclasses import dataclass, field
from typing import Any

from server.db import db
from server.outlets.classes import refresh_class
from server.outlets.fields import FIELDS, Writer, clean_value
from server.outlets.models import Outlet, OutletState
from server.outlets.named_people import OF_PEOPLE, keeps_people_out
from sync.outlet_form import FieldEdit
from sync.receive import Collision


def without_people(outlet: Outlet, edits: dict[str, FieldEdit]) -> dict[str, FieldEdit]:
    """The edits but for those that would bring back people whose data was erased; a customer who came back has people again."""
    return {name: edit for name, edit in edits.items() if name not in OF_PEOPLE} if keeps_people_out(outlet) else edits


@dataclass
class Merge:
    """What an edit came to: how many fields it changed, and where somebody had changed the same ones.

    `moves_position` when nobody had, and the position waits all the same.
    """

    changed: int = 0
    moves_position: bool = False
    collisions: list[Collision] = field(default_factory=list)


def cleaned_edits(edits: dict[str, FieldEdit]) -> dict[str, FieldEdit]:
    """The edits with values as the fields would keep them; raises BadValue for a new value that cannot stand."""
    return {name: FieldEdit(base=_or_as_is(name, edit.base), mine=clean_value(name, edit.mine)) for name, edit in sorted(edits.items())}


def _or_as_is(name: str, base: Any) -> Any:
    try:
        return clean_value(name, base)
    except ValueError:
        return base


def merge_edits(outlet: Outlet, edits: dict[str, FieldEdit], writer: Writer) -> Merge:
    """Apply what can be applied. An ordinary collision takes the value sent and keeps the server's; a sensitive one is left to a supervisor."""
    merge = Merge()
    for name, edit in edits.items():
        current = FIELDS[name].read(outlet)
        if current == edit.mine:
            continue
        if current != edit.base:
            merge.collisions.append(collision(name, edit, current, FIELDS[name].is_sensitive))
            if FIELDS[name].is_sensitive:
                continue
        elif name == "position" and _stands(outlet):
            merge.collisions.append(collision(name, edit, current, True))
            merge.moves_position = True
            continue
        FIELDS[name].write(outlet, edit.mine, writer)
        merge.changed += 1
    refresh_class(outlet, writer.at)
    return merge


def _stands(outlet: Outlet) -> bool:
    """DECISION (RULEBOOK §11): a position that visits are judged by moves by a supervisor's word only."""
    return outlet.lat is not None and outlet.state in (OutletState.APPROVED, OutletState.ARCHIVED)


def collision(name: str, edit: FieldEdit, current: Any, is_parked: bool) -> Collision:
    return Collision(name, _json(edit.mine), _json(current), _json(edit.base), is_parked)


def set_outlet_field(outlet_id: str, name: str, value: Any, writer: Writer) -> None:
    """Write one field by a supervisor's word; the caller records who said so and commits. Raises BadValue."""
    outlet = db.session.get_one(Outlet, outlet_id, with_for_update=True)
    FIELDS[name].write(outlet, clean_value(name, value), writer)
    refresh_class(outlet, writer.at)


def field_value(outlet_id: str, name: str) -> Any:
    """What the field holds now."""
    return FIELDS[name].read(db.session.get_one(Outlet, outlet_id))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
