"""Until when findings may be objected to, and whether that was done."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from server.db import db
from server.domain.months import Month, business_date
from server.domain.objections import objection_fault, objection_until
from server.findings.models import Finding, FindingObjection, FindingState, FindingStep
from server.policy.queries import policy_of


@dataclass(frozen=True)
class Window:
    """`until` is the last day to object to the newest step, None for what was dismissed; `has_objected` whether that was done."""

    until: date | None
    has_objected: bool

    def is_open(self, today: date) -> bool:
        return objection_fault(self.until, self.has_objected, today) is None


NO_WINDOW = Window(None, has_objected=False)


def objection_windows(finding_ids: list[str]) -> dict[str, Window]:
    """By id of each finding that is proposed or upheld; dismissed ones have none."""
    steps = select(FindingStep.finding_id, func.max(FindingStep.at)).join(Finding, Finding.id == FindingStep.finding_id)
    steps = steps.where(FindingStep.finding_id.in_(finding_ids), FindingStep.state != FindingState.DISMISSED)
    steps = steps.where(Finding.state != FindingState.DISMISSED).group_by(FindingStep.finding_id)
    said = select(FindingObjection.finding_id, func.max(FindingObjection.at)).where(FindingObjection.finding_id.in_(finding_ids))
    said_at: dict[str, datetime] = dict(db.session.execute(said.group_by(FindingObjection.finding_id)).all())
    return {finding_id: window_of(at, said_at.get(finding_id)) for finding_id, at in db.session.execute(steps).all()}


def window_of(stepped_at: datetime, said_at: datetime | None) -> Window:
    """From when the newest step was taken that proposed or upheld it, and when it was last objected to."""
    day = business_date(stepped_at)
    return Window(objection_until(day, policy_of(Month.of_date(day))), said_at is not None and said_at >= stepped_at)


def has_open_objection() -> ColumnElement[bool]:
    """The condition on `Finding` that an objection waits for its answer."""
    return Finding.id.in_(select(FindingObjection.finding_id).where(FindingObjection.answer == ""))
