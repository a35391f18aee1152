"""Changing policy."""

from collections.abc import Callable
from datetime import date, datetime

from server.audit.actions import record_audit
from server.db import db
from server.domain.months import Month
from server.domain.policy import is_policy_value, tidy_policy_value
from server.domain.policy_keys import POLICY_KEYS
from server.policy.models import PolicyValue
from server.policy.queries import forget_read_values
from sync.ids import uuid7
from sync.problems import Problem

# the last month whose wages are closed, told by features that know of wages
ClosedReader = Callable[[], Month | None]
closed_readers: list[ClosedReader] = []
# who shows what depends on a key, told with the value; they may not commit
PolicyListener = Callable[[str], None]
policy_listeners: list[PolicyListener] = []


def set_policy(key: str, value: str, valid_from: date, reason: str, by_id: str | None, now: datetime) -> PolicyValue:
    """Add a dated value; nothing is ever overwritten. Commits.

    Raises `invalid` for an unknown key, a value it cannot take, no reason, or a day on which a closed month would change.
    """
    value = checked_policy(key, value, valid_from, reason)
    row = PolicyValue(id=uuid7(), key=key, value=value, valid_from=valid_from, reason=reason.strip(), set_by_id=by_id, set_at=now)
    db.session.add(row)
    record_audit(now, by_id, "policy.set", ("policy", key), value=value, valid_from=valid_from.isoformat(), reason=reason.strip())
    for listener in policy_listeners:
        listener(key)
    db.session.commit()
    forget_read_values()
    return row


def checked_policy(key: str, typed: str, valid_from: date, reason: str) -> str:
    """The value as `set_policy` keeps it; raises `invalid`, naming the field, for what it would not take."""
    if key not in POLICY_KEYS:
        raise Problem("invalid", fields={"key": "unknown"})
    value = tidy_policy_value(key, typed)
    if not is_policy_value(key, value):
        raise Problem("invalid", fields={"value": POLICY_KEYS[key].kind})
    if not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    if valid_from <= locked_until():
        raise Problem("invalid", fields={"valid_from": "closed"})
    return value


def locked_until() -> date:
    """No value may hold from this day or earlier: the policy of a month's first day holds for the month, and it is closed."""
    closed = last_closed()
    return date.min if closed is None else closed.first_day


def last_closed() -> Month | None:
    """The last month whose wages are closed; None while none is."""
    return max((month for read in closed_readers if (month := read()) is not None), default=None)
