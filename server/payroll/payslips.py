"""工资条: what the person did with the own sheet, and the office's answer to an objection (issue 4 part 7). Append-only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.payroll.models import PayslipStep, WageSheet
from server.people.models import Person, Role
from sync.ids import uuid7
from sync.problems import Problem

SEEN, CONFIRMED, OBJECTED, ANSWERED = "seen", "confirmed", "objected", "answered"
OWN_STEPS = (SEEN, CONFIRMED, OBJECTED)
ANSWERERS = (Role.MANAGER, Role.PAYROLL)
WORDY = (OBJECTED, ANSWERED)
MOST_LETTERS = 2000


@dataclass(frozen=True)
class Step:
    action: str
    text: str
    name: str
    at: datetime


def add_step(sheet: WageSheet, action: str, text: str, person: Person, now: datetime) -> bool:
    """Note what somebody did with a sheet; the same once more at the end changes nothing. Returns whether it was noted. Commits.

    Raises `forbidden` for a step that is not the person's to take, `invalid` for an unknown one, for an objection or an answer
    without words, and for an answer to no objection.
    """
    text = text.strip()[:MOST_LETTERS]
    last = _last(sheet.id)
    _check(sheet, action, text, person, last)
    if last is not None and (last.action, last.text, last.by_id) == (action, text, person.id):
        db.session.rollback()
        return False
    db.session.add(PayslipStep(id=uuid7(), sheet_id=sheet.id, action=action, text=text, by_id=person.id, at=now))
    record_audit(now, person.id, f"payslip.{action}", ("wage_sheet", sheet.id), month=sheet.month)
    db.session.commit()
    return True


def _check(sheet: WageSheet, action: str, text: str, person: Person, last: PayslipStep | None) -> None:
    if action == ANSWERED:
        if not person.holds(*ANSWERERS) or person.id == sheet.person_id:
            raise Problem("forbidden")
        if last is None or last.action != OBJECTED:
            raise Problem("invalid", fields={"action": "nothing_to_answer"})
    elif action not in OWN_STEPS:
        raise Problem("invalid", fields={"action": "unknown"})
    elif person.id != sheet.person_id:
        raise Problem("forbidden")
    if action in WORDY and not text:
        raise Problem("invalid", fields={"text": "required"})


def _last(sheet_id: str) -> PayslipStep | None:
    query = select(PayslipStep).where(PayslipStep.sheet_id == sheet_id).order_by(PayslipStep.at.desc(), PayslipStep.id.desc())
    return db.session.scalar(query.limit(1).with_for_update())


def steps_of(sheet_id: str) -> list[Step]:
    """What was done with a sheet, oldest first."""
    query = select(PayslipStep.action, PayslipStep.text, Person.name, PayslipStep.at).join(Person, Person.id == PayslipStep.by_id)
    rows = db.session.execute(query.where(PayslipStep.sheet_id == sheet_id).order_by(PayslipStep.at, PayslipStep.id))
    return [Step(*row) for row in rows]
