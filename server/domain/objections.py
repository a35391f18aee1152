"""Objections to findings (RULEBOOK §10): how long the person concerned may object, and how often."""

from datetime import date, timedelta
from enum import StrEnum

from server.domain.policy import Policy


class ObjectionFault(StrEnum):
    """Why an objection is not taken: there is nothing to object to any more, it was made already, or its last day is over."""

    SETTLED = "settled"
    KNOWN = "known"
    LATE = "late"


def objection_until(stepped_on: date, policy: Policy) -> date:
    """The last day to object to what was proposed or upheld on a day, which is day 0; `policy` is that of the day's month."""
    return stepped_on + timedelta(days=policy.integer("finding.objection_days"))


def objection_fault(until: date | None, has_objected: bool, said_on: date) -> ObjectionFault | None:
    """What speaks against taking an objection: once per step, the last day still counts. Dismissed findings have no last day."""
    if until is None:
        return ObjectionFault.SETTLED
    if has_objected:
        return ObjectionFault.KNOWN
    return ObjectionFault.LATE if said_on > until else None
