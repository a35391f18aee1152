"""Device tokens: made, hashed, looked up, revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import Boolean, String, bindparam, column, select, table, update

from server.db import db
from server.devices.models import Device, SignInCode
from server.feed.clock import FeedEntry, touch
from sync.ids import uuid7
from sync.problems import Problem

PHONE, PASSWORD, CONSOLE = "phone", "password", "console"
CODE_LIFETIME = timedelta(hours=24)
LIFETIMES = {CONSOLE: timedelta(minutes=15)}

# Asked by every request of a phone, so built once. People live above devices, so their table is named here by what is needed of it.
_PERSON = table("person", column("id", String), column("is_active", Boolean))
_BY_TOKEN = (
    select(Device)
    .join(_PERSON, _PERSON.c.id == Device.person_id)
    .where(Device.token_hash == bindparam("token_hash"), Device.revoked_at.is_(None), _PERSON.c.is_active)
)


def hashed(secret: str) -> str:
    """SHA-256 of a token or code; both are random, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_device(person_id: str, label: str, now: datetime) -> tuple[Device, str]:
    """A new device and its token; the token is shown this once."""
    token = secrets.token_urlsafe(32)
    device = Device(id=uuid7(), person_id=person_id, token_hash=hashed(token), label=label[:120], created_at=now, last_seen_at=now)
    db.session.add(device)
    _tell_phones_of(person_id)
    return device, token


def make_sign_in_code(person_id: str, made_by_id: str, now: datetime, purpose: str = PHONE) -> str:
    """A one-use code for a QR or link, good for 24 hours; one that opens the console, for 15 minutes."""
    code = secrets.token_urlsafe(24)
    row = SignInCode(code_hash=hashed(code), person_id=person_id, purpose=purpose, made_by_id=made_by_id, made_at=now)
    row.expires_at = now + LIFETIMES.get(purpose, CODE_LIFETIME)
    db.session.add(row)
    return code


def open_code(code: str, purpose: str, now: datetime) -> SignInCode:
    """The code, held until the commit; raises `code_used` or `code_expired` (an unknown code, or one for something else, looks expired)."""
    query = select(SignInCode).where(SignInCode.code_hash == hashed(code), SignInCode.purpose == purpose)
    row = db.session.scalar(query.with_for_update())
    if row is None or row.expires_at < now:
        raise Problem("code_expired")
    if row.used_at is not None:
        raise Problem("code_used")
    return row


def use_up_codes(person_id: str, now: datetime, *purposes: str) -> None:
    """Let no open code of the person do anything any more: those for some purposes, or all. The caller holds the person."""
    statement = update(SignInCode).where(SignInCode.person_id == person_id, SignInCode.used_at.is_(None))
    db.session.execute((statement.where(SignInCode.purpose.in_(purposes)) if purposes else statement).values(used_at=now))


def redeem_code(code: str, label: str, now: datetime) -> tuple[Device, str]:
    """Use up a phone's code; raises as `open_code`."""
    row = open_code(code, PHONE, now)
    device, token = make_device(row.person_id, label, now)
    row.used_at, row.device_id = now, device.id
    return device, token


def device_of_request() -> Device:
    """The device whose bearer token came with the request, or `auth_expired`; also for somebody who has left."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    device = None
    if scheme.lower() == "bearer" and token:
        device = db.session.scalar(_BY_TOKEN, {"token_hash": hashed(token)})
    if device is None:
        raise Problem("auth_expired")
    return device


def revoke_devices(now: datetime, *conditions: object) -> int:
    """Revoke the tokens of the devices that meet the conditions; returns how many were live."""
    statement = update(Device).where(Device.revoked_at.is_(None), *conditions).values(revoked_at=now)  # type: ignore[arg-type]
    whose = db.session.scalars(statement.returning(Device.person_id)).all()
    for person_id in set(whose):
        _tell_phones_of(person_id)
    return len(whose)


def _tell_phones_of(person_id: str) -> None:
    """Whose phones are in use stands in the person's file."""
    touch(db.session, FeedEntry("person", person_id, f"user:{person_id}"))
