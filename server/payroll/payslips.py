"""工资条: what the person did with the own sheet, and the office's answer to an objection (issue 4 part 7). Append-only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.feed.clock import touch
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
    if not keep_step(sheet, action, text.strip()[:MOST_LETTERS], person, now, (uuid7(), None)):
        db.session.rollback()
        return False
    db.session.commit()
    return True


def keep_step(sheet: WageSheet, action: str, text: str, person: Person, at: datetime, ids: tuple[str, str | None]) -> bool:
    """As `add_step`, within the caller's transaction; `ids` are the step's, and of the operation that brought it.

    `at` is when the server heard of it: by their phone's clock people could put their words before others' that they had read.
    Steps of one push stand a microsecond apart, in their order.
    """
    last = _last(sheet.id)
    _check(sheet, action, text, person, last)
    if last is not None and (last.action, last.text, last.by_id) == (action, text, person.id):
        return False
    stands_at = at if last is None else max(at, last.at + timedelta(microseconds=1))
    db.session.add(PayslipStep(id=ids[0], op_id=ids[1], sheet_id=sheet.id, action=action, text=text, by_id=person.id, at=stands_at))
    record_audit(at, person.id, f"payslip.{action}", ("wage_sheet", sheet.id), month=sheet.month)
    touch(db.session, *sheet.feed_entries())
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
    return steps_by_sheet([sheet_id])[sheet_id]


def steps_by_sheet(sheet_ids: list[str]) -> defaultdict[str, list[Step]]:
    """What was done with each sheet, oldest first."""
    query = select(PayslipStep.sheet_id, PayslipStep.action, PayslipStep.text, Person.name, PayslipStep.at)
    query = query.join(Person, Person.id == PayslipStep.by_id).where(PayslipStep.sheet_id.in_(sheet_ids))
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for row in db.session.execute(query.order_by(PayslipStep.at, PayslipStep.id)):
        found[row.sheet_id].append(Step(row.action, row.text, row.name, row.at))
    return found
