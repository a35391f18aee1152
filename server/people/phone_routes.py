"""How a phone signs in and out (`/auth/v1`)."""

from base64 import b64encode
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import select

from server.audit.actions import record_audit
from server.clock import now
from server.db import db, held
from server.devices.actions import note_notice
from server.devices.models import Device
from server.devices.tokens import PHONE, device_of_request, make_device, redeem_code, revoke_devices
from server.feed.epoch import current_epoch
from server.limits import limiter
from server.people.documents import person_documents
from server.people.links import opened_link
from server.people.models import Person
from server.people.passwords import is_password
from server.people.phone_lock import phone_lock_secret
from server.people.wrong_passwords import limit_wrong_passwords, note_wrong_password
from sync.problems import Problem
from sync.record_checks import check_instants
from sync.schemas import NoticeAccepted, Redeem, SignIn, decoded
from sync.times import iso_instant

blueprint = Blueprint("phone_auth", __name__, url_prefix="/auth/v1")


@blueprint.post("/sign-in")
@limiter.limit("30 per minute")
@limit_wrong_passwords(lambda: decoded(SignIn, request.get_data()).login)
def sign_in() -> Response:
    asked = decoded(SignIn, request.get_data())
    person = db.session.scalar(select(Person).where(Person.login == asked.login, Person.is_active))
    password_hash = person.password_hash if person else None
    if not is_password(password_hash, asked.password) or person is None or not _is_as_before(person, password_hash):
        note_wrong_password(person, "phone")
        raise Problem("sign_in_failed")
    return _signed_in(*make_device(person.id, asked.device_label, now()), asked.former_devices, now())


@blueprint.post("/redeem")
@limiter.limit("30 per minute")
def redeem() -> Response:
    asked = decoded(Redeem, request.get_data())
    opened_link(asked.code, PHONE)
    return _signed_in(*redeem_code(asked.code, asked.device_label, now()), asked.former_devices, now())


@blueprint.post("/sign-out")
def sign_out() -> Response:
    device = device_of_request()
    revoke_devices(now(), Device.id == device.id)
    record_audit(now(), device.person_id, "device.signed_out", ("device", device.id))
    db.session.commit()
    return Response(status=204)


@blueprint.post("/lock-secret")
@limiter.limit("30 per minute")
def lock_secret() -> Response:
    """`{"secret": base64 of 32 bytes}` for a phone that sets its lock, or opens it after a sign-in."""
    device = device_of_request()
    record_audit(now(), device.person_id, "device.lock_secret", ("device", device.id))
    secret = b64encode(phone_lock_secret(device.person_id)).decode()
    db.session.commit()
    answer = jsonify(secret=secret)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/notice")
@limiter.limit("30 per minute")
def notice() -> Response:
    """Keep which version of the privacy notice was accepted on this phone; a phone that never heard the answer says it again."""
    device = device_of_request()
    asked = decoded(NoticeAccepted, request.get_data())
    try:
        check_instants(asked.accepted_at)
    except ValueError as fault:
        raise Problem("malformed", str(fault)) from fault
    note_notice(device, asked.version, asked.accepted_at, now())
    return Response(status=204)


def _is_as_before(person: Person, password_hash: str | None) -> bool:
    """Whether nobody ended the person's work or changed the password while it was checked; holds the person until the commit."""
    standing = held(Person, person.id)
    return standing is not None and standing.is_active and standing.password_hash == password_hash


def _signed_in(device: Device, token: str, former_ids: tuple[str, ...], at: datetime) -> Response:
    _end_former(device, former_ids, at)
    record_audit(at, device.person_id, "device.signed_in", ("device", device.id), label=device.label)
    person: dict[str, Any] = person_documents([device.person_id])[device.person_id]
    answer = {"token": token, "device_id": device.id, "person": person, "server_now": iso_instant(at), "epoch": current_epoch()}
    db.session.commit()
    return jsonify(answer)


def _end_former(device: Device, former_ids: tuple[str, ...], at: datetime) -> None:
    """End the same person's earlier sign-ins on this phone: nobody uses them any more."""
    is_former = (Device.id.in_(former_ids), Device.person_id == device.person_id, Device.revoked_at.is_(None))
    for former_id in db.session.scalars(select(Device.id).where(*is_former).order_by(Device.id)).all():
        record_audit(at, device.person_id, "device.signed_out", ("device", former_id))
        revoke_devices(at, Device.id == former_id)
