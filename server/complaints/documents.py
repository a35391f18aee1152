"""Complaints as phones receive them: what an outlet's rep may know of (form 附表五)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, literal, select

from server.clock import today
from server.complaints.models import Complaint
from server.complaints.queries import is_known_to_rep
from server.db import db
from server.people.models import Person

Document = dict[str, Any]
HISTORY_DAYS = 90

# Asked by every pull that brings complaints, so built once.
_COMPLAINTS = (
    select(Complaint, Person.name)
    .outerjoin(Person, Person.id == Complaint.assigned_to_id)
    .where(Complaint.id.in_(bindparam("ids", expanding=True)), is_known_to_rep(), Complaint.voided_at.is_(None))
)


def complaint_documents(ids: list[str]) -> dict[str, Document]:
    """By id; one that is void, or about the rep and not investigated, has none, whatever the feed says of it."""
    return {complaint.id: _document(complaint, name or "") for complaint, name in db.session.execute(_COMPLAINTS, {"ids": ids})}


def _document(complaint: Complaint, assigned_to_name: str) -> Document:
    return {
        "id": complaint.id,
        "outlet_id": complaint.outlet_id,
        "kind": complaint.kind,
        "state": complaint.state,
        "received_on": complaint.received_on.isoformat(),
        "due_on": complaint.due_on.isoformat(),
        "complainant": complaint.complainant,
        "phone": complaint.phone,
        "account": complaint.account,
        "demand": complaint.demand,
        "verdict": complaint.verdict,
        "investigation": complaint.investigation,
        "handling": complaint.handling,
        "assigned_to_id": complaint.assigned_to_id,
        "assigned_to_name": assigned_to_name,
        "feedback_result": complaint.feedback_result,
        "feedback_speed": complaint.feedback_speed,
        "resolved_on": complaint.resolved_on.isoformat() if complaint.resolved_on else None,
    }


def live_complaints() -> Select[str, str]:
    """What phones hold: open ones, and those resolved in the last 90 days."""
    recent = Complaint.resolved_on.is_(None) | (Complaint.resolved_on >= today() - timedelta(days=HISTORY_DAYS))
    return select(Complaint.id, literal("outlet:") + Complaint.outlet_id).where(is_known_to_rep(), Complaint.voided_at.is_(None), recent)
