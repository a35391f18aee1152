"""Deeds on phones, with their audit rows."""

from datetime import datetime

from server.audit.actions import record_audit
from server.db import db
from server.devices.models import Device
from server.devices.tokens import make_sign_in_code as _make_code
from server.devices.tokens import revoke_devices
from sync.problems import Problem


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
