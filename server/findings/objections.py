"""异议: the person concerned objects to a finding, and the manager answers. Every step is a row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, held
from server.domain.months import business_date
from server.domain.objections import ObjectionFault, objection_fault
from server.findings.actions import decision_listeners
from server.findings.answers import Answer, write_answer
from server.findings.models import Finding, FindingObjection, FindingState, FindingStep
from server.findings.windows import NO_WINDOW, objection_windows
from server.media.pictures import name_pictures
from sync.ids import uuid7
from sync.problems import Problem


@dataclass(frozen=True)
class Objection:
    """What a person says against a finding. Photos by hash; `said_at` is when, by the estimated true time; no `op_id` from a form."""

    id: str
    text: str
    photos: tuple[str, ...]
    said_at: datetime
    op_id: str | None = None


class ObjectionRefused(Exception):
    """The objection cannot be taken; `fault` says why."""

    def __init__(self, fault: ObjectionFault) -> None:
        super().__init__(fault)
        self.fault = fault


def take_objection(finding: Finding, objection: Objection, now: datetime) -> None:
    """Keep an objection of the person concerned to a finding that is held. The caller commits.

    Rows are ordered by receipt, whatever the person's clock said. Raises ObjectionRefused.
    """
    window = objection_windows([finding.id]).get(finding.id, NO_WINDOW)
    fault = objection_fault(window.until, window.has_objected, business_date(objection.said_at))
    if fault is not None:
        raise ObjectionRefused(fault)
    row = FindingObjection(id=objection.id, op_id=objection.op_id, finding_id=finding.id, by_id=finding.person_id, at=now)
    row.text, row.photos, row.answer, row.answer_reason = objection.text, list(objection.photos), "", ""
    db.session.add(row)
    record_audit(now, finding.person_id, "finding.objected", ("finding", finding.id), objection_id=objection.id)


def object_to_finding(finding_id: str, objection: Objection, by_id: str, now: datetime) -> None:
    """Object from the console. Commits; sent twice it is made once.

    Raises `forbidden` for anybody but the person concerned and `stale` (with the fault as `why`) when it is not taken.
    """
    finding = held(Finding, finding_id)
    if finding is None:
        raise Problem("not_found")
    if finding.person_id != by_id:
        raise Problem("forbidden")
    known = db.session.get(FindingObjection, objection.id)
    if known is not None and known.finding_id == finding_id:
        return
    try:
        take_objection(finding, objection, now)
    except ObjectionRefused as refused:
        raise Problem("stale", why=refused.fault) from refused
    name_pictures(objection.photos, ("finding_objection", objection.id), by_id)
    db.session.commit()


def answer_objection(objection_id: str, answer: str, reason: str, by_id: str, now: datetime) -> Finding:
    """Accept an objection, which dismisses the finding, or reject it, which leaves it as it is. Commits.

    Raises `forbidden` for the person concerned, `invalid` without a reason that the person will read, `stale` when it was answered already.
    """
    finding_id = db.session.scalar(select(FindingObjection.finding_id).where(FindingObjection.id == objection_id))
    finding = held(Finding, finding_id) if finding_id is not None else None
    if finding is None:
        raise Problem("not_found")
    if finding.person_id == by_id:
        raise Problem("forbidden")
    if answer not in set(Answer):
        raise Problem("invalid", fields={"answer": "choose"})
    if not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    objection = db.session.get_one(FindingObjection, objection_id, populate_existing=True)
    if objection.answer:
        raise Problem("stale")
    write_answer(objection, Answer(answer), reason.strip(), by_id, now)
    if answer == Answer.ACCEPTED:
        _dismiss(finding, reason.strip(), by_id, now)
    db.session.commit()
    return finding


def _dismiss(finding: Finding, reason: str, by_id: str, now: datetime) -> None:
    """Also what was upheld: an objection is how a decision is taken back."""
    finding.state = FindingState.DISMISSED
    db.session.add(FindingStep(id=uuid7(), finding_id=finding.id, state=FindingState.DISMISSED, reason=reason, by_id=by_id, at=now))
    for listener in decision_listeners:
        listener(finding, by_id, now)
    record_audit(now, by_id, "finding.dismissed", ("finding", finding.id), reason=reason)
