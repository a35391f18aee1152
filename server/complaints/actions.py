"""Deeds on complaints (RULEBOOK §7): received → assigned → resolved → reported, each step a row; any other order is `stale`.

What is resolved may be taken up again until it is reported; what somebody who leaves has not resolved is received again. What was typed wrong
is voided, in whatever state.
"""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import select

from server.audit.actions import record_audit
from server.complaints.due_holders import is_of_office
from server.complaints.models import Complaint, ComplaintState, ComplaintStep, Triage
from server.complaints.proposals import refresh_findings
from server.complaints.queries import assignees, is_open_with
from server.complaints.words import KIND_WORDS, feedback_words
from server.db import db, held
from server.domain.deadlines import complaint_due_on
from server.domain.months import Month, business_date
from server.feed.clock import touch
from server.media.pictures import name_pictures
from server.outlets.models import Outlet
from server.outlets.office_records import kept_once
from server.people.choices import Choice
from server.people.models import Person
from server.policy.queries import policy_of, working_years
from sync.ids import uuid7
from sync.problems import Problem


@dataclass(frozen=True)
class Intake:
    """What ops takes down, or a rep at the outlet. `id` is made with the form, so that sending it twice makes one complaint.

    `op_id` is the phone's operation, empty when the office entered it.
    """

    id: str
    outlet_id: str
    kind: str
    is_about_rep: bool
    needs_call: bool
    received_on: date
    complainant: str
    phone: str
    account: str
    demand: str
    op_id: str | None = None


@dataclass(frozen=True)
class Done:
    """Who did a thing, on which day, by the estimated true time, and when the server heard of it."""

    by_id: str
    on: date
    heard_at: datetime


@dataclass(frozen=True)
class Feedback:
    """What the customer thought of result and speed (empty: not asked); `signature_sha256` may be empty."""

    result: str
    speed: str
    text: str
    signature_sha256: str


@dataclass(frozen=True)
class Resolution:
    """How it was handled, with the customer's feedback as in `Feedback`."""

    handling: str
    feedback_result: str
    feedback_speed: str
    feedback_text: str
    signature_sha256: str


def receive_complaint(intake: Intake, by_id: str, now: datetime) -> Complaint:
    """Take a complaint in. Commits; the same intake again changes nothing."""
    return kept_once(Complaint, intake, ("outlet_id", "account"), lambda: take_complaint(intake, by_id, now))


def take_complaint(intake: Intake, by_id: str, now: datetime) -> Complaint:
    """Keep a complaint whose id is not in use. The caller commits."""
    due_on = complaint_due_on(intake.received_on, working_years(), policy_of(Month.of_date(intake.received_on)))
    complaint = Complaint(**vars(intake), received_by_id=by_id, due_on=due_on, state=ComplaintState.RECEIVED, made_at=now)
    db.session.add(complaint)
    db.session.flush()
    _step(complaint, "received", "", by_id, now)
    return complaint


def assign_complaint(complaint_id: str, person_id: str, note: str, by_id: str, now: datetime, triage: Triage | None = None) -> None:
    """Give it to somebody, or to somebody else, and set right what kind it is where `triage` says so.

    Commits; `invalid` for who may not handle one of this kind.
    """
    complaint = _held(complaint_id, ComplaintState.RECEIVED, ComplaintState.ASSIGNED)
    triage = triage or complaint.triage
    choices = {choice.id: choice.name for choice in assignees(triage, db.session.get_one(Outlet, complaint.outlet_id))}
    if person_id not in choices:
        raise Problem("invalid", fields={"person_id": "not_a_person"})
    if triage != complaint.triage:
        _set_right(complaint, triage, by_id, now)
    give_complaint(complaint, Choice(person_id, choices[person_id]), note, by_id, now)
    db.session.commit()


def _set_right(complaint: Complaint, triage: Triage, by_id: str, now: datetime) -> None:
    """Let it be of this kind: its findings follow, and it leaves the phones where the rep may no longer know of it."""
    _step(complaint, "triaged", _changes(complaint.triage, triage), by_id, now)
    was_known = complaint.is_known_to_rep
    complaint.kind, complaint.is_about_rep, complaint.needs_call = triage.kind, triage.is_about_rep, triage.needs_call
    db.session.flush()
    if was_known and not complaint.is_known_to_rep:
        touch(db.session, complaint.feed_entry._replace(is_deleted=True))
    refresh_findings(complaint, by_id, now)


def _changes(before: Triage, after: Triage) -> str:
    words = [f"{KIND_WORDS[before.kind]} → {KIND_WORDS[after.kind]}"] if after.kind != before.kind else []
    if after.is_about_rep != before.is_about_rep:
        words.append(gettext("投诉的是片区负责人本人") if after.is_about_rep else gettext("投诉的不是片区负责人本人"))
    if after.needs_call != before.needs_call:
        words.append(gettext("要到网点处理") if after.needs_call else gettext("不用到网点处理"))
    return gettext("、").join(words)


def give_complaint(complaint: Complaint, to: Choice, note: str, by_id: str, now: datetime) -> None:
    """Let somebody handle an open complaint that is held. The caller commits, and has seen to it that they may."""
    complaint.assigned_to_id, complaint.state = to.id, ComplaintState.ASSIGNED
    to_office = is_of_office(to.id)
    step = _step(complaint, "assigned", f"→ {to.name} {note}".strip(), by_id, now)
    step.to_id, step.to_office = to.id, to_office


def release_complaints(person_id: str, by_id: str | None, now: datetime) -> int:
    """Let open complaints of somebody who leaves wait until they are assigned again, due on the day they were due before; returns how many.

    The caller commits.
    """
    theirs = select(Complaint).where(is_open_with(person_id)).order_by(Complaint.id).with_for_update()
    complaints = db.session.scalars(theirs.execution_options(populate_existing=True)).all()
    for complaint in complaints:
        _release(complaint, by_id, now)
    return len(complaints)


def _release(complaint: Complaint, by_id: str | None, now: datetime) -> None:
    assert complaint.assigned_to_id is not None
    to_office = is_of_office(complaint.assigned_to_id)
    complaint.assigned_to_id, complaint.state = None, ComplaintState.RECEIVED
    _step(complaint, "released", "", by_id, now).to_office = to_office


def investigate_complaint(complaint_id: str, investigation: str, verdict: str, by_id: str, now: datetime) -> None:
    """Say what was found and whether it is founded; it may be found out better until it is resolved. Commits.

    A founded complaint about the rep proposes a finding; one found unfounded after all takes it back.
    """
    complaint = _held(complaint_id, ComplaintState.ASSIGNED)
    note_verdict(complaint, investigation, verdict, Done(by_id, business_date(now), now))
    refresh_findings(complaint, by_id, now)
    db.session.commit()


def note_verdict(complaint: Complaint, investigation: str, verdict: str, done: Done) -> None:
    """What was found about an assigned complaint that is held. The caller refreshes its findings and commits."""
    complaint.investigation, complaint.verdict, complaint.investigated_on = investigation, verdict, done.on
    _step(complaint, verdict, investigation, done.by_id, done.heard_at)


def resolve_complaint(complaint_id: str, resolution: Resolution, by_id: str, now: datetime) -> None:
    """Close it with what was done; it has to be investigated before. Commits."""
    complaint = _held(complaint_id, ComplaintState.ASSIGNED)
    if not complaint.verdict:
        raise Problem("stale")
    note_resolution(complaint, resolution, Done(by_id, business_date(now), now))
    refresh_findings(complaint, by_id, now)
    db.session.commit()


def note_resolution(complaint: Complaint, resolution: Resolution, done: Done) -> None:
    """What was done about an investigated complaint that is held. The caller refreshes its findings and commits."""
    complaint.handling, complaint.resolved_on, complaint.resolved_by_id = resolution.handling, done.on, done.by_id
    complaint.feedback_result, complaint.feedback_speed = resolution.feedback_result, resolution.feedback_speed
    complaint.feedback_text, complaint.signature_sha256 = resolution.feedback_text, resolution.signature_sha256 or None
    complaint.state = ComplaintState.RESOLVED
    name_pictures([complaint.signature_sha256], ("complaint", complaint.id), done.by_id)
    _step(complaint, "resolved", resolution.handling, done.by_id, done.heard_at)


def note_feedback(complaint_id: str, feedback: Feedback, by_id: str, now: datetime) -> None:
    """What the customer says once it is resolved, where nobody had asked before. Commits."""
    complaint = _held(complaint_id, ComplaintState.RESOLVED)
    if complaint.has_feedback:
        raise Problem("stale")
    complaint.feedback_result, complaint.feedback_speed, complaint.feedback_text = feedback.result, feedback.speed, feedback.text
    complaint.signature_sha256 = feedback.signature_sha256 or complaint.signature_sha256
    name_pictures([complaint.signature_sha256], ("complaint", complaint.id), by_id)
    _step(complaint, "feedback", feedback_words(complaint), by_id, now)
    db.session.commit()


def reopen_complaint(complaint_id: str, reason: str, by_id: str, now: datetime) -> None:
    """Take up again what was resolved by mistake, due on the day it was due before. Commits.

    Where who had it has left, it waits to be assigned. What was done stays in its step, what the customer said goes into that of the reopening.
    """
    complaint = _held(complaint_id, ComplaintState.RESOLVED)
    if not reason:
        raise Problem("invalid", fields={"reason": "required"})
    said = gettext("（当时的客户反馈：%(words)s）", words=feedback_words(complaint)) if complaint.has_feedback else ""
    _step(complaint, "reopened", reason + said, by_id, now)
    complaint.state, complaint.handling, complaint.resolved_on, complaint.resolved_by_id = ComplaintState.ASSIGNED, "", None, None
    complaint.feedback_result = complaint.feedback_speed = complaint.feedback_text = ""
    complaint.signature_sha256 = None
    if complaint.assigned_to_id and not db.session.get_one(Person, complaint.assigned_to_id).is_active:
        _release(complaint, by_id, now)
    refresh_findings(complaint, by_id, now)
    db.session.commit()


def report_complaint(complaint_id: str, note: str, by_id: str, now: datetime) -> None:
    """Report it to the manager. Commits."""
    complaint = _held(complaint_id, ComplaintState.RESOLVED)
    complaint.state = ComplaintState.REPORTED
    _step(complaint, "reported", note, by_id, now)
    db.session.commit()


def void_complaint(complaint_id: str, reason: str, by_id: str, now: datetime) -> None:
    """Let one that was typed wrong count for nothing, and take back what it proposes. Commits; `stale` when it is void.

    A closed month that it counted in stays; what that month should have paid comes as an adjustment.
    """
    complaint = _held(complaint_id, *(state for state in ComplaintState if state != ComplaintState.VOIDED))
    if not reason:
        raise Problem("invalid", fields={"void_reason": "required"})
    complaint.void(reason, by_id, now)
    complaint.state = ComplaintState.VOIDED
    _step(complaint, "voided", reason, by_id, now)
    refresh_findings(complaint, by_id, now)
    db.session.commit()


def _held(complaint_id: str, *states: ComplaintState) -> Complaint:
    """The complaint in one of these states, kept from others until the commit; `stale` when it stands elsewhere."""
    complaint = held(Complaint, complaint_id)
    if complaint is None:
        raise Problem("not_found", f"complaint {complaint_id}")
    if complaint.state not in states:
        raise Problem("stale")
    return complaint


def _step(complaint: Complaint, action: str, note: str, by_id: str | None, now: datetime) -> ComplaintStep:
    step = ComplaintStep(id=uuid7(), complaint_id=complaint.id, action=action, note=note, by_id=by_id, at=now)
    db.session.add(step)
    record_audit(now, by_id, f"complaint.{action}", ("complaint", complaint.id))
    return step
