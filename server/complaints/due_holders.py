"""Who had a complaint on its due day: one that the office kept is no rep's to answer for (RULEBOOK §7, §10)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from server.complaints.models import Complaint, ComplaintStep
from server.db import db
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.people.models import PersonRole, Role

CHARGED = "complaint.office_kept_charged"
MARKETING = (Role.REP, Role.SUPERVISOR, Role.MANAGER)


@dataclass(frozen=True)
class Holder:
    """`person_id` is None where an older release did not keep who it was: that is not held against the rep.

    `is_excused` says that it is nobody's deduction: ops kept it, and the policy of the month it was received in wants no charge.
    """

    person_id: str | None
    is_of_office: bool
    is_excused: bool


def due_holders(which: ColumnElement[bool], policy_in: Callable[[Month], Policy]) -> dict[str, Holder]:
    """By complaint, of those that meet the condition and were somebody's on their due day.

    What waited again because who had it left was nobody's; what ops had stays excused all the same, which is kinder to the rep.
    """
    step = (ComplaintStep.complaint_id, ComplaintStep.action, ComplaintStep.at, ComplaintStep.to_id, ComplaintStep.to_office)
    query = select(*step, Complaint.due_on, Complaint.received_on).join(Complaint, Complaint.id == ComplaintStep.complaint_id)
    query = query.where(which, ComplaintStep.action.in_(("assigned", "released")))
    last = {
        row.complaint_id: row for row in db.session.execute(query.order_by(ComplaintStep.at, ComplaintStep.id)) if business_date(row.at) <= row.due_on
    }
    holders = {complaint_id: _holder(row, policy_in(Month.of_date(row.received_on))) for complaint_id, row in last.items()}
    return {complaint_id: holder for complaint_id, holder in holders.items() if last[complaint_id].action == "assigned" or holder.is_excused}


def _holder(row: Any, policy: Policy) -> Holder:
    office = row.to_office is not False
    return Holder(row.to_id, office, office and not policy.flag(CHARGED))


def is_of_office(person_id: str) -> bool:
    """Whether the person has no role of those who answer for outlets."""
    return db.session.scalar(select(PersonRole.role).where(PersonRole.person_id == person_id, PersonRole.role.in_(MARKETING)).limit(1)) is None
