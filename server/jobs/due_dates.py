"""Deadlines in working days, counted anew when the calendar changed (RULEBOOK §6, §7, §9)."""

from datetime import datetime

from sqlalchemy import select

from server.churn.models import ChurnCase
from server.complaints.models import Complaint
from server.db import db
from server.domain.churn import ChurnState
from server.domain.deadlines import churn_word_due_on, complaint_due_on, delivery_due_on
from server.domain.months import Month
from server.domain.working_days import add_working_days
from server.followups.models import FollowUp
from server.materials.models import MaterialRequest
from server.policy.queries import policies, working_years

UNDECIDED = (ChurnState.OPEN, ChurnState.DISPUTED, ChurnState.OPS_DECIDES)


def recount_due_dates(_now: datetime) -> int:
    """Count the deadlines of everything that is still open by the calendar of now; returns how many changed. The caller commits."""
    years, policy_of = working_years(), policies()
    open_rows = (
        (select(Complaint).where(Complaint.resolved_on.is_(None), Complaint.voided_at.is_(None)), "received_on", complaint_due_on),
        (select(MaterialRequest).where(MaterialRequest.delivered_on.is_(None), MaterialRequest.voided_at.is_(None)), "requested_on", delivery_due_on),
        (select(ChurnCase).where(ChurnCase.state.in_(UNDECIDED)), "listed_on", churn_word_due_on),
    )
    changed = 0
    for query, begins, due_of in open_rows:
        for row in db.session.scalars(query):
            began_on = getattr(row, begins)
            due_on = due_of(began_on, years, policy_of(Month.of_date(began_on)))
            changed += row.due_on != due_on
            row.due_on = due_on
    for follow_up in db.session.scalars(select(FollowUp).where(FollowUp.solved_on.is_(None))):
        due_on = add_working_days(follow_up.registered_on, follow_up.working_days, years)
        changed += follow_up.due_on != due_on
        follow_up.due_on = due_on
    return changed
