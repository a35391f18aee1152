"""Erasing a person who left (PIPL article 47): at once what only names them, and the name itself when wages need no proof any more.

Sealed visits, signed records, closed wages and deeds speak of people by id alone, so they stay as they are (ADR 15).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.complaints.models import Complaint, ComplaintStep
from server.db import db
from server.devices.models import Device, SignInCode
from server.domain.months import business_date
from server.feed.clock import touch_all
from server.findings.models import FindingObjection
from server.intake.conflict_documents import conflicts_that_name
from server.intake.models import SyncAttempt, SyncClient, SyncOp
from server.leaves.models import Leave
from server.outlets.models import OutletStep
from server.payroll.models import PayslipStep, WageSheet
from server.people.files import held_person
from server.people.models import Person
from server.people.passwords import no_password
from server.privacy.deed_details import drop_details
from server.privacy.keeping import person_kept_until
from server.privacy.obstacles import person_obstacles, refuse
from server.training.models import Training
from server.visits.models import Visit, VisitReview
from sync.problems import Problem
from sync.receive import OUT_OF_SCOPE_ACCEPTED, PARKED

ERASED, FORGOTTEN = "person.erased", "person.forgotten"
MOST_REASON = 200
NAMING = ("login", "name", "label", "language", "issuer", "provider_subject", "app")


def person_code(person_id: str) -> str:
    """What stands in place of a login: no part of the name, and the same for good."""
    return f"gone-{person_id.replace('-', '')[-12:]}"


def left_name(person_id: str) -> str:
    """What stands in place of a name."""
    return f"已离职员工 {person_code(person_id).removeprefix('gone-')}"


def erase_person(person_id: str, reason: str, by_id: str | None, now: datetime) -> None:
    """Erase what names somebody and no wage needs. The caller commits.

    Raises `not_found`; `forbidden` for oneself; `stale` when it was done already; `invalid` without a reason, or with the code of every
    obstacle (`obstacles.OBSTACLE_WORDS`) as a field at fault.
    """
    if person_id == by_id:
        raise Problem("forbidden")
    person = held_person(person_id)
    if person.erased_at is not None:
        raise Problem("stale")
    refuse(person_obstacles(person, business_date(now)))
    if not reason:
        raise Problem("invalid", fields={"reason": "required"})
    until = person_kept_until(person, business_date(now))
    _erase_names_but_one(person, now)
    record_audit(now, by_id, ERASED, ("person", person.id), reason=reason[:MOST_REASON], kept_until=str(until))


def _erase_names_but_one(person: Person, now: datetime) -> None:
    _erase_mentions(person.id, person.name)
    person.login, person.password_hash, person.language, person.erased_at = person_code(person.id), no_password(), "zh", now
    for leave in db.session.scalars(select(Leave).where(Leave.person_id == person.id)):
        leave.note = ""
    db.session.execute(delete(SignInCode).where(SignInCode.person_id == person.id))
    db.session.execute(delete(SyncAttempt).where(SyncAttempt.person_id == person.id))
    for device in db.session.scalars(select(Device).where(Device.person_id == person.id)):
        device.label, device.token_hash, device.last_seen_at = "", f"erased {device.id}", None
    for client in db.session.scalars(select(SyncClient).where(SyncClient.person_id == person.id)):
        _erase_client(client, now)


def _erase_client(client: SyncClient, now: datetime) -> None:
    """The number of the last record stays: it belongs to the records."""
    client.app, client.last_seen_at, client.told_at, client.skew_ms = "", now, None, None
    client.queue_length = client.oldest_unsent_at = client.photos_unsent = client.free_bytes = client.is_persisted = None


def _erase_mentions(person_id: str, name: str) -> None:
    """What deeds about the person and their phones hold of them, and answers to other people's phones that said who has an outlet now."""
    devices = select(Device.id).where(Device.person_id == person_id)
    clients = select(SyncClient.client_id).where(SyncClient.person_id == person_id)
    subjects: tuple[tuple[str, Any], ...] = (("person", [person_id]), ("device", devices), ("client", clients))
    drop_details(or_(*((AuditRow.subject_type == kind) & AuditRow.subject_id.in_(ids) for kind, ids in subjects)), NAMING)
    told = select(SyncOp).where(SyncOp.code.in_((PARKED, OUT_OF_SCOPE_ACCEPTED)), SyncOp.problem["detail"].as_string() == name)
    for op in db.session.scalars(told):
        op.problem = {**(op.problem or {}), "detail": ""}


def forget_people(now: datetime) -> int:
    """Take the names of those whose wages need no proof any more; returns of how many. Safe to repeat; the caller commits.

    Whoever has something open again, such as a finding that came late, waits.
    """
    today = business_date(now)
    erased = select(Person).where(Person.erased_at.is_not(None), Person.forgotten_at.is_(None)).order_by(Person.id).with_for_update(of=Person)
    due = [person for person in db.session.scalars(erased).all() if _is_over(person, today) and not person_obstacles(person, today)]
    for person in due:
        _erase_mentions(person.id, person.name)
        _rename_in_steps(person)
        person.name, person.regions, person.forgotten_at = left_name(person.id), [], now
        tell_phones(person.id)
        record_audit(now, None, FORGOTTEN, ("person", person.id))
    return len(due)


def _rename_in_steps(person: Person) -> None:
    """Complaints say in their steps to whom they were given; older ones by the name alone, which somebody else may bear."""
    others = select(Person.id).where(Person.name == person.name, Person.id != person.id).limit(1)
    is_said_by_name: ColumnElement[bool] = ComplaintStep.to_id.is_(None)
    if db.session.scalar(others) is not None:
        is_said_by_name &= ComplaintStep.complaint_id.in_(select(Complaint.id).where(Complaint.assigned_to_id == person.id))
    is_named = (ComplaintStep.action == "assigned") & ComplaintStep.note.startswith(f"→ {person.name}", autoescape=True)
    for step in db.session.scalars(select(ComplaintStep).where(is_named, (ComplaintStep.to_id == person.id) | is_said_by_name)):
        step.note = step.note.replace(person.name, left_name(person.id), 1)


def _is_over(person: Person, today: date) -> bool:
    until = person_kept_until(person, today)
    return until is not None and until < today


def tell_phones(person_id: str) -> None:
    """Send anew what shows the name on phones: what the person did. The caller commits."""
    sheets = select(WageSheet.person_id + ":" + WageSheet.month).join(PayslipStep, PayslipStep.sheet_id == WageSheet.id)
    shown: tuple[tuple[str, Any], ...] = (
        ("visit", select(Visit.id).where(Visit.rep_id == person_id)),
        ("visit", select(VisitReview.visit_id).where(VisitReview.by_id == person_id)),
        ("outlet", select(OutletStep.outlet_id).where(OutletStep.by_id == person_id)),
        ("training", select(Training.id).where(Training.trainer_id == person_id)),
        ("complaint", select(Complaint.id).where(Complaint.assigned_to_id == person_id)),
        ("finding", select(FindingObjection.finding_id).where(FindingObjection.answered_by_id == person_id)),
        ("wage_sheet", sheets.where(PayslipStep.by_id == person_id)),
        ("op_verdict", select(SyncOp.op_id).where(SyncOp.settled_by_id == person_id)),
        ("field_conflict", conflicts_that_name(person_id)),
    )
    for entity_type, ids in shown:
        touch_all(db.session, entity_type, ids)
