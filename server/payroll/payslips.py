"""工资条: what the person did with the own sheet, and the office's answer to an objection (issue 4 part 7). Append-only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from server.audit.actions import record_audit
from server.db import db
from server.feed.clock import touch
from server.payroll.adjustments import CLOSED
from server.payroll.models import PayslipStep, WageMonth, WageSheet
from server.people.models import Person, Role
from sync.ids import uuid7
from sync.problems import Problem

SEEN, CONFIRMED, OBJECTED, ANSWERED = "seen", "confirmed", "objected", "answered"
OWN_STEPS = (SEEN, CONFIRMED, OBJECTED)
ANSWERERS = (Role.MANAGER, Role.PAYROLL)
WORDY = (OBJECTED, ANSWERED)
WITHDRAWN, OF_TRIAL = "withdrawn", "of_trial"
MOST_LETTERS = 2000


@dataclass(frozen=True)
class Step:
    """`is_trial`: the sheet was not closed yet. `says` is the action, `withdrawn` for a confirmation that takes back an open
    objection, and `of_trial` for one of a sheet that was not closed."""

    id: str
    action: str
    text: str
    by_id: str
    name: str
    at: datetime
    is_trial: bool
    says: str


def add_step(sheet: WageSheet, action: str, text: str, person: Person, now: datetime) -> bool:
    """Note what somebody did with a sheet; the same once more at the end changes nothing, nor does a look after any own step.

    Returns whether it was noted. Commits. Raises `forbidden` for a step that is not the person's to take, `sheet_open` for a
    confirmation before the sheet is closed, `invalid` for an unknown one, for an objection or an answer without words, and for an
    answer to no objection.
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
    _hold(sheet.id)
    steps = steps_of(sheet.id)
    _check(sheet, action, text, person, steps)
    if _is_known(sheet, action, text, person, steps):
        return False
    stands_at = max(at, steps[-1].at + timedelta(microseconds=1)) if steps else at
    db.session.add(PayslipStep(id=ids[0], op_id=ids[1], sheet_id=sheet.id, action=action, text=text, by_id=person.id, at=stands_at))
    record_audit(at, person.id, f"payslip.{action}", ("wage_sheet", sheet.id), month=sheet.month)
    touch(db.session, *sheet.feed_entries())
    return True


def _check(sheet: WageSheet, action: str, text: str, person: Person, steps: list[Step]) -> None:
    if action == ANSWERED:
        if not person.holds(*ANSWERERS) or person.id == sheet.person_id:
            raise Problem("forbidden")
        if standing(steps) != OBJECTED:
            raise Problem("invalid", fields={"action": "nothing_to_answer"})
    elif action not in OWN_STEPS:
        raise Problem("invalid", fields={"action": "unknown"})
    elif person.id != sheet.person_id:
        raise Problem("forbidden")
    if action in WORDY and not text:
        raise Problem("invalid", fields={"text": "required"})
    if action == CONFIRMED and sheet.state != CLOSED:
        raise Problem("sheet_open")


def _is_known(sheet: WageSheet, action: str, text: str, person: Person, steps: list[Step]) -> bool:
    """A look is known once the person did anything; other steps when they are the last that is more than a look. What was done
    with the trial sheet is not done with the closed one."""
    same = [step for step in steps if step.is_trial == (sheet.state != CLOSED)]
    if action == SEEN:
        return any(step.by_id == person.id for step in same)
    told = [step for step in same if step.action != SEEN]
    return bool(told) and (told[-1].action, told[-1].text, told[-1].by_id) == (action, text, person.id)


def _hold(sheet_id: str) -> None:
    """Until the transaction ends nobody else adds a step."""
    query = select(PayslipStep.id).where(PayslipStep.sheet_id == sheet_id).order_by(PayslipStep.at.desc(), PayslipStep.id.desc())
    db.session.scalar(query.limit(1).with_for_update())


def standing(steps: list[Step]) -> str:
    """The step that counts now, as `queries.last_action` has it: the last that is more than a look, `seen` for looks alone, empty
    for none. Agreeing to a trial sheet is no more than a look."""
    told = [step for step in steps if step.action != SEEN] or steps
    if not told:
        return ""
    return SEEN if told[-1].says == OF_TRIAL else told[-1].action


def is_of_trial() -> ColumnElement[bool]:
    """The condition on `PayslipStep` and its `WageSheet` that the sheet was not closed yet when the step was taken."""
    closed_later = select(WageMonth.month).where(WageMonth.month == WageSheet.month, WageMonth.closed_at > PayslipStep.at)
    return (WageSheet.state != CLOSED) | closed_later.correlate(WageSheet, PayslipStep).exists()


def steps_of(sheet_id: str) -> list[Step]:
    """What was done with a sheet, oldest first."""
    return steps_by_sheet([sheet_id])[sheet_id]


def steps_by_sheet(sheet_ids: list[str]) -> defaultdict[str, list[Step]]:
    """What was done with each sheet, oldest first."""
    told = (PayslipStep.id, PayslipStep.action, PayslipStep.text, PayslipStep.by_id, Person.name, PayslipStep.at)
    query = select(PayslipStep.sheet_id, *told, is_of_trial().label("is_trial")).join(WageSheet, WageSheet.id == PayslipStep.sheet_id)
    query = query.join(Person, Person.id == PayslipStep.by_id).where(PayslipStep.sheet_id.in_(sheet_ids))
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for row in db.session.execute(query.order_by(PayslipStep.at, PayslipStep.id)):
        before = found[row.sheet_id]
        says = _says(row.action, row.is_trial, before)
        before.append(Step(row.id, row.action, row.text, row.by_id, row.name, row.at, row.is_trial, says))
    return found


def _says(action: str, is_trial: bool, before: list[Step]) -> str:
    if action != CONFIRMED:
        return action
    if is_trial:
        return OF_TRIAL
    return WITHDRAWN if standing(before) == OBJECTED else CONFIRMED
