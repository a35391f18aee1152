"""Complaints as phones and the office write them, and what became of them."""

from datetime import date

from sqlalchemy import select

from server.clock import now
from server.complaints.actions import Intake, Resolution, assign_complaint, investigate_complaint, receive_complaint, resolve_complaint
from server.complaints.models import Complaint, ComplaintStep
from server.db import db
from server.findings.models import Finding
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.features.papers import (
    AT,
    COMPLAINT,
    RESULT,
    SIGNED,
    paper,
)
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

NOVEMBER_18 = date(2026, 11, 18)  # a Wednesday: due on Monday the 23rd
CLOSED = ("quarantined", "complaint_closed")
VOID = ("quarantined", "complaint_void")
NOT_YOURS = ("quarantined", "complaint_not_yours")
UNKNOWN = ("quarantined", "unknown_complaint")


def raised(phone: Phone, outlet_id: str, body=None, **changes):
    said = {"heard_at": AT, "kind": "settlement", "complainant": "王秀兰", "phone": "13800000217", "account": "到账慢", "demand": "查清原因"}
    return paper(phone, COMPLAINT, outlet_id, said | (body or {}), **changes)


def handled(phone: Phone, outlet_id: str, complaint_id: str, body=None, **changes):
    said = {"complaint_id": complaint_id, "done_at": AT, "investigation": "银行对账延迟", "verdict": "unfounded", "handling": "已说明"}
    said |= {"feedback_result": "satisfied", "feedback_speed": "fair", "feedback_text": "下次快点", "signature": SIGNED}
    return paper(phone, RESULT, outlet_id, said | (body or {}), **changes)


def take(app, company: Company, **changes) -> str:
    """A complaint at the first outlet that ops took in; returns its id."""
    facts = {"id": uuid7(), "outlet_id": company.outlet_id, "kind": "settlement", "is_about_rep": False, "needs_call": True}
    facts |= {"received_on": NOVEMBER_18, "complainant": "王秀兰", "phone": "13800000217", "account": "到账慢", "demand": "查清原因"} | changes
    with app.app_context():
        return receive_complaint(Intake(**facts), company.supervisor_id, noon(facts["received_on"])).id


def assign(app, complaint_id: str, person_id: str) -> None:
    with app.app_context():
        assign_complaint(complaint_id, person_id, "", person_id, now())


def investigate(app, company: Company, complaint_id: str, verdict: str = "founded") -> None:
    """By the supervisor, who takes it on."""
    assign(app, complaint_id, company.supervisor_id)
    with app.app_context():
        investigate_complaint(complaint_id, "看过记录", verdict, company.supervisor_id, now())


def resolve(app, company: Company, complaint_id: str, day: date | None = None) -> None:
    with app.app_context():
        resolution = Resolution("已说明", "", "", "", "")
        resolve_complaint(complaint_id, resolution, company.supervisor_id, noon(day) if day else now())


def complaint_of(app, complaint_id: str) -> Complaint:
    with app.app_context():
        return db.session.get_one(Complaint, complaint_id)


def steps(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ComplaintStep.action).order_by(ComplaintStep.at, ComplaintStep.id)))


def findings(app) -> list[tuple[str, str]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(Finding.kind, Finding.state).order_by(Finding.kind))]
