"""Changes to outlet files, field by field (SYNC §4): unchanged since its base → applied; the same value → nothing to do; else a collision."""

import json
from dataclasses import dataclass, field
from typing import Any

from server.db import db
from server.outlets.accounts import is_account_of_another
from server.outlets.classes import refresh_class
from server.outlets.fields import FIELDS, Writer, clean_value
from server.outlets.models import Outlet, OutletState
from server.outlets.named_people import OF_PEOPLE, keeps_people_out
from sync.outlet_form import FieldEdit
from sync.receive import Collision

ACCOUNT_TAKEN = "account_taken"


def without_people(outlet: Outlet, edits: dict[str, FieldEdit]) -> dict[str, FieldEdit]:
    """The edits but for those that would bring back people whose data was erased; a customer who came back has people again."""
    return {name: edit for name, edit in edits.items() if name not in OF_PEOPLE} if keeps_people_out(outlet) else edits


@dataclass
class Merge:
    """What an edit came to: how many fields it changed, and where somebody had changed the same ones.

    `waits` names the problem of each field that nobody had changed and that waits all the same.
    """

    changed: int = 0
    waits: dict[str, str] = field(default_factory=dict)
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
        elif problem := _problem(outlet, name, edit.mine):
            merge.collisions.append(collision(name, edit, current, True))
            merge.waits[name] = problem
            continue
        FIELDS[name].write(outlet, edit.mine, writer)
        merge.changed += 1
    refresh_class(outlet, writer.at)
    return merge


def _problem(outlet: Outlet, name: str, value: Any) -> str:
    """Why a field waits though nobody else changed it, or an empty text.

    DECISION (RULEBOOK §11): a position that visits are judged by moves by a supervisor's word only. Turnover, and so a wage, goes by the account.
    """
    is_approved = outlet.state in (OutletState.APPROVED, OutletState.ARCHIVED)
    if name == "position" and is_approved and outlet.lat is not None:
        return "position_moves"
    if name == "account_no" and value and is_account_of_another(value, outlet.id):
        return ACCOUNT_TAKEN
    if name == "account_no" and is_approved and outlet.account_no:
        return "account_moves"
    return ""


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
