"""Changing policy."""

from datetime import date, datetime

from server.audit.actions import record_audit
from server.db import db
from server.domain.policy import POLICY_KEYS, is_policy_value
from server.policy.models import PolicyValue
from sync.ids import uuid7
from sync.problems import Problem


def set_policy(key: str, value: str, valid_from: date, reason: str, by_id: str | None, now: datetime) -> PolicyValue:
    """Add a dated value; nothing is ever overwritten. Raises `invalid` for an unknown key or a value it cannot take. Commits."""
    if key not in POLICY_KEYS:
        raise Problem("invalid", fields={"key": "unknown"})
    if not is_policy_value(key, value):
        raise Problem("invalid", fields={"value": POLICY_KEYS[key].kind})
    if not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    row = PolicyValue(id=uuid7(), key=key, value=value, valid_from=valid_from, reason=reason.strip(), set_by_id=by_id, set_at=now)
    db.session.add(row)
    record_audit(now, by_id, "policy.set", ("policy", key), value=value, valid_from=valid_from.isoformat(), reason=reason.strip())
    db.session.commit()
    return row
