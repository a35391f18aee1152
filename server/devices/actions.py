"""Deeds on phones, with their audit rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from server.audit.actions import record_audit
from server.db import db
from server.devices.models import Device
from server.devices.tokens import make_sign_in_code as _make_code
from server.devices.tokens import revoke_devices
from server.feed.clock import FeedEntry, after_number, touch
from sync.problems import Problem
from sync.times import iso_instant


def make_sign_in_code(person_id: str, by_id: str, now: datetime) -> str:
    """A one-use sign-in code for a person's new phone; audited, committed."""
    code = _make_code(person_id, by_id, now)
    record_audit(now, by_id, "device.code_made", ("person", person_id))
    db.session.commit()
    return code


def revoke_device(device_id: str, by_id: str, now: datetime) -> None:
    """End a device's token at once; what the phone holds stays on it until its person signs in again."""
    if db.session.get(Device, device_id) is None:
        raise Problem("not_found")
    revoke_devices(now, Device.id == device_id)
    record_audit(now, by_id, "device.revoked", ("device", device_id))
    db.session.commit()


def note_notice(device: Device, version: int, accepted_at: datetime, now: datetime) -> None:
    """Keep which privacy notice was accepted on the phone; one that is kept already stays as it was said first. Commits."""
    if device.notice_version != version:
        device.notice_version, device.notice_accepted_at = version, accepted_at
        detail = {"version": version, "accepted_at": iso_instant(accepted_at), "label": device.label, "device_id": device.id}
        record_audit(now, device.person_id, "privacy.accepted", ("person", device.person_id), **detail)
    db.session.commit()


def ask_resync(device_id: str, by_id: str, now: datetime) -> None:
    """Make a phone fetch everything anew at its next pull; what it has not sent stays as it is. Commits.

    The number of this very commit becomes the least cursor that may go on, so one pull starts over and the next does not.
    Raises `stale` for a revoked device.
    """
    device = db.session.get(Device, device_id)
    if device is None:
        raise Problem("not_found")
    if device.revoked_at is not None:
        raise Problem("stale")
    touch(db.session, FeedEntry("person", device.person_id, f"user:{device.person_id}"))
    record_audit(now, by_id, "device.resync_asked", ("device", device_id))

    def note_number(session: Any, seq: int) -> None:
        changed = update(Device).where(Device.id == device_id).values(resync_below=seq)
        session.execute(changed.execution_options(synchronize_session=False))

    after_number(db.session, note_number)
    db.session.commit()
