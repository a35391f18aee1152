"""Visits with real photos, sent by phones of the small company, and what was flagged about them."""

import hashlib
import os
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from server.db import db
from server.visits.models import EvidenceDue, Visit, VisitFlag
from sync.ids import uuid7
from sync.times import iso_instant
from tests.sync.conftest import Phone

METRES_PER_DEGREE = 111_195.08
HOME = (30.66, 104.07)


def call(phone: Phone, outlet_id: str, at: str, photo: bytes, **more: Any) -> dict[str, Any]:
    """An operation: a visit at this minute of 2026-11-24 (UTC), `north_m` from the door, `early_s` its photo before the check-in."""
    checked_in_at = datetime.fromisoformat(f"2026-11-24T{at}:00+00:00")
    taken_at = checked_in_at - timedelta(seconds=more.get("early_s", -60))
    fix = {"lat": HOME[0] + more.get("north_m", 0) / METRES_PER_DEGREE, "lon": HOME[1], "accuracy_m": more.get("accuracy_m", 10.0)}
    signature = os.urandom(48)
    body = {
        "checked_in_at": iso_instant(checked_in_at),
        "checked_out_at": iso_instant(checked_in_at + timedelta(minutes=5)),
        "fix": {**fix, "taken_at": iso_instant(checked_in_at), "source": "gps"},
        "photos": [{"slot": "storefront", "sha256": hashlib.sha256(photo).hexdigest(), "taken_at": iso_instant(taken_at)}],
        **({"corrects": more["corrects"]} if "corrects" in more else {}),
    }
    op = phone.op(outlet_id, photo, signature, body=body)
    op["t"]["boot"] = uuid7()  # no two of one start of the app, which would have set its clock back
    phone.n -= 1  # numbered when it is sent
    return {"op": op, "files": [photo, signature], "id": op["entity"]["id"]}


def send(phone: Phone, made: dict[str, Any]) -> str:
    """Push the record, then the files that the server lacks; returns the visit's id."""
    [result] = push(phone, made)
    assert result["code"] in ("applied", "out_of_scope_accepted")
    for content in made["files"]:
        if hashlib.sha256(content).hexdigest() in result["missing_blobs"]:
            assert phone.upload(content).status_code == 204
    return str(made["id"])


def push(phone: Phone, *made: dict[str, Any]) -> Any:
    """Push the records without their files; returns the results."""
    for one in made:
        phone.n += 1
        one["op"]["n"] = phone.n
    return phone.push(*(one["op"] for one in made)).json["results"]


def flags_of(visit_id: str) -> dict[str, dict[str, Any]]:
    db.session.expire_all()
    return {flag.code: flag.detail for flag in db.session.scalars(select(VisitFlag).where(VisitFlag.visit_id == visit_id))}


def score_of(visit_id: str) -> int | None:
    db.session.expire_all()
    return db.session.get_one(Visit, visit_id).score


def notes() -> list[str]:
    return list(db.session.scalars(select(EvidenceDue.visit_id)))


def everything() -> dict[str, tuple[int | None, dict[str, dict[str, Any]]]]:
    """Score and flags of every visit."""
    return {visit_id: (score_of(visit_id), flags_of(visit_id)) for visit_id in db.session.scalars(select(Visit.id)).all()}
