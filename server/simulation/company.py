"""The company that a simulation works in, and what its people do."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from server.db import db
from server.devices.tokens import make_device
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.people.actions import add_person, add_region
from server.people.models import Role
from server.simulation.invariants import Captured
from sync.client import SyncClient
from sync.ids import uuid7
from sync.times import iso_instant
from sync.visit_form import form

OUTLETS_A_REP = 3
PHOTO_BYTES = 2000
CENTRE = (30.66, 104.07)


@dataclass
class SimulatedCompany:
    """Reps with outlets of their own, and a supervisor."""

    supervisor_id: str
    reps: list[str] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)


def found_company(reps: int, first_day: date, now: datetime) -> SimulatedCompany:
    """Make everybody and every outlet; commits."""
    region = add_region("模拟区域", now, CENTRE)
    db.session.flush()
    supervisor = add_person("supervisor", "模拟主管", uuid7(), [Role.SUPERVISOR, Role.MANAGER], [region.id], now)
    company = SimulatedCompany(supervisor.id)
    for number in range(reps):
        rep = add_person(f"rep{number + 1}", f"模拟客户经理{number + 1}", uuid7(), [Role.REP], [region.id], now)
        outlets = [_outlet(number * OUTLETS_A_REP + one, region.id, first_day, now) for one in range(OUTLETS_A_REP)]
        db.session.add_all(outlets)
        db.session.commit()
        assign_outlets([outlet.id for outlet in outlets], rep.id, first_day, supervisor.id, now)
        company.reps.append(rep.id)
        company.outlets += [outlet.id for outlet in outlets]
    return company


def _outlet(number: int, region_id: str, first_day: date, now: datetime) -> Outlet:
    outlet = Outlet(id=uuid7(), code=f"SIM-{number:05}", name=f"模拟网点{number}", state="approved", region_id=region_id, outlet_class="C")
    outlet.class_reasons, outlet.cashiers, outlet.created_at = ["C.unknown"], [], now
    outlet.lat, outlet.lon = CENTRE[0] + number / 1000, CENTRE[1]
    outlet.approved_on = outlet.account_made_on = first_day
    return outlet


def new_token(person_id: str, now: datetime) -> str:
    """A signed-in phone's token; commits."""
    _device, token = make_device(person_id, "simulation", now)
    db.session.commit()
    return token


def capture_visit(client: SyncClient, person_id: str, at: datetime, chance: random.Random, has_files: bool = True) -> Captured | None:
    """A visit at one of the outlets that the phone shows, with photo and signature or without; None when it shows none."""
    outlets = sorted(doc["id"] for (kind, _), doc in client.replica.items() if kind == "outlet")
    if not outlets:
        return None
    outlet = client.replica["outlet", chance.choice(outlets)]
    photo, signature = chance.randbytes(PHOTO_BYTES), chance.randbytes(200)
    body = _visit_body(outlet, photo, signature, at)
    if not has_files:
        body |= {"photos": [], "signature": None, "signature_refusal": "店主不在"}
    files = [photo, signature] if has_files else []
    op = client.save_record("visit.v2", ("visit", body["visit_id"]), f"outlet:{outlet['id']}", body, files, at)
    return Captured(op.op_id, "visit", person_id, body["visit_id"], body, op.blobs)


def _visit_body(outlet: dict[str, Any], photo: bytes, signature: bytes, at: datetime) -> dict[str, Any]:
    instant, left = iso_instant(at), iso_instant(at + timedelta(minutes=15))
    signed = {"sha256": hashlib.sha256(signature).hexdigest(), "signer_name": "店主", "signer_role": "owner", "signed_at": left}
    return {
        "visit_id": uuid7(),
        "outlet_id": outlet["id"],
        "checked_in_at": instant,
        "checked_out_at": left,
        "fix": {"lat": outlet["lat"], "lon": outlet["lon"], "accuracy_m": 20.0, "taken_at": instant, "source": "gps"},
        "checklist": [{"key": one["key"], "answer": one["choices"][0]["value"], "note": ""} for one in form("visit.v2")["checklist"]],
        "has_complaint": False,
        "photos": [{"slot": "storefront", "sha256": hashlib.sha256(photo).hexdigest(), "taken_at": instant}],
        "signature": signed,
    }


def capture_edit(client: SyncClient, person_id: str, at: datetime, number: int, chance: random.Random) -> Captured | None:
    """A new telephone number for one of the outlets that the phone shows."""
    outlets = sorted(doc["id"] for (kind, _), doc in client.replica.items() if kind == "outlet")
    if not outlets:
        return None
    outlet = client.replica["outlet", chance.choice(outlets)]
    body = {"outlet_id": outlet["id"], "fields": {"phone": {"base": outlet["phone"], "mine": f"028-{number:07}"}}}
    op = client.save_edit("outlet_edit.v1", ("outlet", outlet["id"]), f"outlet:{outlet['id']}", body, at)
    return Captured(op.op_id, "edit", person_id, outlet["id"], body, [])
