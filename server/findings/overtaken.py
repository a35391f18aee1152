"""Upheld findings that facts which arrived later no longer propose: the software says so, the manager decides once more."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from server.db import db
from server.feed.clock import touch
from server.findings.models import OVERTAKEN, STANDING, Finding, FindingState, FindingStep
from server.findings.queries import was_decided
from server.findings.words import ANOTHERS
from sync.ids import uuid7


def is_overtaken() -> ColumnElement[bool]:
    """The condition on `Finding` that it was upheld, that facts have overtaken it, and that nobody has decided since."""
    said = select(FindingStep.finding_id).where(FindingStep.state == OVERTAKEN, ~_followed_by())
    return and_(Finding.state == FindingState.UPHELD, Finding.id.in_(said))


def note_overtaken(which: ColumnElement[bool], now: datetime, reason: str = "") -> int:
    """Say of the upheld findings that meet the condition that facts have overtaken them; returns of how many. `reason` is `ANOTHERS` for
    what is another person's.

    It is said once until the facts propose the finding again, whatever was decided since. The caller commits.
    """
    return _note(OVERTAKEN, and_(which, ~was_overtaken()), now, reason)


def note_standing(which: ColumnElement[bool], now: datetime) -> int:
    """Say of the overtaken findings that meet the condition that the facts propose them again; returns of how many. The caller commits."""
    return _note(STANDING, and_(which, was_overtaken()), now)


def was_overtaken(*how: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on `Finding` that this is the last that the software said of it, whatever was decided since."""
    by_software = (FindingStep.finding_id == Finding.id, FindingStep.state == OVERTAKEN, ~_followed_by(STANDING))
    return select(FindingStep.id).where(*by_software, *how).exists()


def was_passed_on() -> ColumnElement[bool]:
    """The condition on `Finding` that the manager took it back since it is another person's: it excuses nobody else."""
    return and_(Finding.state == FindingState.DISMISSED, was_overtaken(FindingStep.reason == ANOTHERS))


def stands() -> ColumnElement[bool]:
    """The condition on `Finding` that it waits, is upheld, or was dismissed by a person for good."""
    return (Finding.state != FindingState.DISMISSED) | (was_decided() & ~was_passed_on())


def _note(state: str, which: ColumnElement[bool], now: datetime, reason: str = "") -> int:
    query = select(Finding).where(which, Finding.state == FindingState.UPHELD).order_by(Finding.id)
    found = db.session.scalars(query.with_for_update(of=Finding).execution_options(populate_existing=True)).all()
    db.session.add_all([FindingStep(id=uuid7(), finding_id=one.id, state=state, reason=reason, by_id=None, at=now) for one in found])
    touch(db.session, *(entry for one in found for entry in one.feed_entries()))
    db.session.flush()
    return len(found)


def _followed_by(*states: str) -> ColumnElement[bool]:
    """The condition on `FindingStep` that the finding has a later one, of these states or of any."""
    later: Any = aliased(FindingStep)
    is_later = or_(later.at > FindingStep.at, and_(later.at == FindingStep.at, later.id > FindingStep.id))
    query = select(later.id).where(later.finding_id == FindingStep.finding_id, is_later)
    return (query.where(later.state.in_(states)) if states else query).exists()
