"""What reps of the demo company changed in files and found on the way, and what of it waits for their supervisors."""

import random
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.db import db
from server.demo.founding import DemoRep, phone_number
from server.domain.months import business_date
from server.outlets.fields import FIELDS
from server.outlets.models import Assignment, Outlet, OutletState
from server.outlets.responsible import is_held_on
from sync.client import SyncClient
from sync.ids import uuid7

NORTH = 0.0006  # degrees, some 65 m


def change_files(rep: DemoRep, phones: tuple[SyncClient, SyncClient], at: datetime, source: random.Random) -> None:
    """A number typed on one phone and, from its old value, on the other; a position that moves; an outlet that may be there already."""
    first, second = phones
    customers = (Outlet.state.in_((OutletState.APPROVED, OutletState.ARCHIVED)), Outlet.lat.is_not(None), Outlet.churned_on.is_(None))
    own = select(Outlet).join(Assignment, is_held_on(Outlet.id, business_date(at))).where(Assignment.person_id == rep.id)
    found = db.session.scalars(own.where(*customers).order_by(Outlet.code)).all()
    if not found:
        return
    called, moved = found[0], found[-1]
    assert moved.lat is not None
    place = {"lat": moved.lat + NORTH, "lon": moved.lon, "accuracy_m": 9.0}
    _edit(first, called, at, phone=phone_number(source))
    _edit(second, called, at, phone=phone_number(source))
    _edit(second, moved, at, position=place)
    _find(first, rep, moved, place, at, source)
    db.session.rollback()
    for phone, expected in ((first, ["applied", "applied"]), (second, ["conflict_recorded", "parked"])):
        phone.sync()
        answers = [op.result["code"] if op.result else "" for op in phone.ops][-2:]
        assert answers == expected, (rep.login, answers)


def _edit(sender: SyncClient, outlet: Outlet, at: datetime, **fields: Any) -> None:
    changes = {name: {"base": FIELDS[name].read(outlet), "mine": value} for name, value in fields.items()}
    sender.save_edit("outlet_edit.v1", ("outlet", outlet.id), f"outlet:{outlet.id}", {"outlet_id": outlet.id, "fields": changes}, at)


def _find(phone: SyncClient, rep: DemoRep, near: Outlet, place: dict[str, Any], at: datetime, source: random.Random) -> None:
    """An outlet of the same name a few doors on from another."""
    outlet_id = uuid7()
    fields = {"position": place, "address": near.address, "person_in_charge": near.person_in_charge, "phone": phone_number(source)}
    body = {"outlet_id": outlet_id, "region_id": rep.region_id, "name": near.name.partition("（")[0], "fields": fields}
    phone.save_record("new_outlet.v1", ("outlet", outlet_id), f"outlet:{outlet_id}", body, [], at)
