"""What waited at the end of a month, and what came in or was settled within it: complaints, follow-ups, deliveries, churn cases."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, true

from server.churn.models import ChurnCase
from server.churn.views import WAITING
from server.complaints.models import Complaint
from server.complaints.queries import is_visible_complaint
from server.domain.months import Month
from server.followups.models import FollowUp
from server.materials.models import MaterialRequest
from server.people.models import Person

Condition = ColumnElement[bool]


def last_known_day(month: Month, today: date) -> date:
    """The day as of which a report of the month says what waits: its last one, or today while it runs."""
    return min(today, month.last_day)


def waiting_on(day: date, reader: Person, today: date) -> dict[str, tuple[Any, Condition]]:
    """By count the table, and the condition on it for what had come by the end of the day and was not done."""
    complaint = (Complaint.received_on <= day) & _is_later(Complaint.resolved_on, day) & _is_counted_complaint(reader, today)
    request = (MaterialRequest.requested_on <= day) & _is_later(MaterialRequest.delivered_on, day) & MaterialRequest.voided_at.is_(None)
    return {
        "complaints": (Complaint, complaint),
        "follow_ups": (FollowUp, (FollowUp.registered_on <= day) & _is_later(FollowUp.solved_on, day)),
        "materials": (MaterialRequest, request),
        "churn": (ChurnCase, (ChurnCase.listed_on <= day) & (ChurnCase.state.in_(WAITING) | (ChurnCase.decided_on > day))),
    }


def _is_counted_complaint(reader: Person, today: date) -> Condition:
    return Complaint.voided_at.is_(None) & is_visible_complaint(reader, today)


def _is_later(done_on: Any, day: date) -> Condition:
    return or_(done_on.is_(None), done_on > day)


def moved_within(month: Month, reader: Person, today: date) -> dict[str, tuple[Any, Any, Condition]]:
    """By count the table, the column of the day on which the record came in, and the condition for what the month counts.

    The rep responsible is the one of the day it came in (RULEBOOK §11), also of what was settled.
    """
    counts: dict[str, tuple[Any, Any, Condition]] = {}
    for table, came_on, done_on, sees, names in (
        (
            Complaint,
            Complaint.received_on,
            Complaint.resolved_on,
            _is_counted_complaint(reader, today),
            ("complaints_received", "complaints_resolved"),
        ),
        (FollowUp, FollowUp.registered_on, FollowUp.solved_on, true(), ("follow_ups_registered", "follow_ups_solved")),
    ):
        for name, day in zip(names, (came_on, done_on), strict=True):
            counts[name] = (table, came_on, sees & day.between(month.first_day, month.last_day))
    return counts
