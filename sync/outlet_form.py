"""The outlet file as phones send it (form 附表二): a new outlet, changes to single fields, and the file submitted for approval."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from sync.photo_facts import PhotoFacts
from sync.schemas import Id

MOST_FIELDS = 40


class FieldEdit(Struct, frozen=True):
    """One field: the value it was made from, and the new one."""

    base: Any
    mine: Any


class OutletEdit(Struct, frozen=True):
    """`outlet_edit.v1`: what a rep changed in an outlet's file."""

    outlet_id: Id
    fields: Annotated[dict[str, FieldEdit], Meta(min_length=1, max_length=MOST_FIELDS)]
    photo_facts: PhotoFacts = []


class NewOutlet(Struct, frozen=True):
    """`new_outlet.v1`: an outlet that a rep found. `fields` as in an edit; `name` and `region_id` are required."""

    outlet_id: Id
    region_id: Id
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    fields: Annotated[dict[str, Any], Meta(max_length=MOST_FIELDS)] = {}
    photo_facts: PhotoFacts = []


class OutletSubmit(Struct, frozen=True):
    """`outlet_submit.v1`: the file is ready for the manager. The operation's entity is the step."""

    outlet_id: Id


def outlet_edit(body: bytes) -> OutletEdit:
    """The edit; raises ValueError (msgspec's errors are) with the place of the fault."""
    return msgspec.json.decode(body, type=OutletEdit)


def new_outlet(body: bytes) -> NewOutlet:
    """The new outlet; raises ValueError with the place of the fault."""
    return msgspec.json.decode(body, type=NewOutlet)


def outlet_submit(body: bytes) -> OutletSubmit:
    """Which file is submitted; raises ValueError with the place of the fault."""
    return msgspec.json.decode(body, type=OutletSubmit)
