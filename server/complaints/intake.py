"""Taking in complaints from phones: raised at the outlet (`complaint.v1`), and what was done about them (`complaint_result.v1`)."""

from sqlalchemy import select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.complaints.actions import (
    Done,
    Intake,
    Resolution,
    give_complaint,
    note_resolution,
    note_verdict,
    take_complaint,
)
from server.complaints.models import Complaint
from server.complaints.proposals import refresh_findings
from server.complaints.queries import may_handle
from server.complaints.words import TAB_STATES
from server.db import db, held
from server.domain.months import business_date
from server.outlets.duplicates import kept_outlet_id
from server.outlets.models import Outlet
from server.outlets.phone_records import Refused, accepted_at, no_earlier, opened, refusable
from server.people.choices import Choice
from server.people.models import Person
from sync.complaint_form import ComplaintRecord, ComplaintResult, complaint_record, complaint_result
from sync.receive import Outcome, Sent

RESULT = "complaint_result"


@refusable
def apply_complaint(sent: Sent) -> Outcome:
    """Take down what a customer complains of at the counter; ops or the supervisor gives it to somebody."""
    record, outlet = opened(sent, "complaint", complaint_record, _is_complaint)
    take_complaint(_intake(sent, record, outlet), sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _is_complaint(complaint_id: str) -> bool:
    return db.session.get(Complaint, complaint_id) is not None


def _intake(sent: Sent, record: ComplaintRecord, outlet: Outlet) -> Intake:
    """Nobody says to a rep's face that it is about the rep, and whether somebody has to go there: whoever assigns it says both."""
    return Intake(
        id=record.complaint_id,
        outlet_id=outlet.id,
        kind=record.kind,
        is_about_rep=False,
        needs_call=False,
        received_on=business_date(sent.happened_at(record.heard_at)),
        complainant=record.complainant.strip(),
        phone=record.phone.strip(),
        account=record.account.strip(),
        demand=record.demand.strip(),
        op_id=sent.op.op_id,
    )


@refusable
def apply_complaint_result(sent: Sent) -> Outcome:
    """Close a complaint with what was found and done, in time by when it was done; one that nobody was given is the author's from then on."""
    record, outlet = opened(sent, RESULT, complaint_result, _is_result)
    complaint = held(Complaint, record.complaint_id)
    if complaint is None or kept_outlet_id(complaint.outlet_id) != outlet.id:
        raise Refused("unknown_complaint", record.complaint_id)
    author = db.session.get_one(Person, sent.author.person_id)
    fault_code = _fault(complaint, author, outlet)
    if fault_code:
        raise Refused(fault_code, complaint.id)
    done_on = no_earlier(complaint.received_on, business_date(sent.happened_at(record.done_at)), sent)
    done = Done(author.id, done_on, sent.received_at)
    _close(complaint, author, record, done)
    record_audit(sent.received_at, author.id, "complaint_result.received", (RESULT, record.result_id), complaint_id=complaint.id)
    return accepted_at(outlet, sent)


def _is_result(result_id: str) -> bool:
    """A result is no row of its own; that it was taken in stands in the audit."""
    query = select(AuditRow.id).where(AuditRow.subject_type == RESULT, AuditRow.subject_id == result_id)
    return db.session.scalar(query.limit(1)) is not None


def _fault(complaint: Complaint, author: Person, outlet: Outlet) -> str:
    """Why the author may not close it; empty when they may. One about the rep is the supervisor's, whoever else was at the outlet."""
    handles = may_handle(author, complaint, outlet)
    if complaint.is_about_rep and not handles:
        return "complaint_not_yours"
    if complaint.voided_at is not None:
        return "complaint_void"
    if complaint.state not in TAB_STATES["open"]:
        return "complaint_closed"
    return "" if handles or complaint.assigned_to_id is None else "complaint_not_yours"


def _close(complaint: Complaint, author: Person, record: ComplaintResult, done: Done) -> None:
    """A step each; findings are looked at once all is said, so that what came late but was done in time proposes nothing."""
    if complaint.assigned_to_id is None:
        give_complaint(complaint, Choice(author.id, author.name), "", author.id, done.heard_at)
    note_verdict(complaint, record.investigation.strip(), record.verdict, done)
    signature = record.signature.sha256 if record.signature else ""
    feedback = (record.feedback_result, record.feedback_speed, record.feedback_text.strip())
    note_resolution(complaint, Resolution(record.handling.strip(), *feedback, signature), done)
    refresh_findings(complaint, author.id, done.heard_at)
