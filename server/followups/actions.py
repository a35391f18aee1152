"""Deeds on follow-ups (RULEBOOK §4): registered, looked at, solved, passed on to who can solve it."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, held
from server.domain.months import business_date
from server.domain.working_days import add_working_days
from server.followups.models import FollowUp, FollowUpStep, StepKind
from server.media.pictures import name_pictures
from server.outlets.office_records import kept_once
from server.policy.queries import working_years
from sync.follow_up_form import Owner
from sync.ids import uuid7
from sync.problems import Problem

OWNERS: tuple[str, ...] = get_args(Owner)
LOOKS = (StepKind.OPEN, StepKind.SOLVED)


@dataclass(frozen=True)
class Registered:
    """What could not be solved. `id` is made with the form, so that sending it twice makes one; no `op_id` from a form."""

    id: str
    outlet_id: str
    problem: str
    owner: str
    working_days: int
    noticed_at: datetime
    photos: tuple[str, ...] = ()
    op_id: str | None = None


@dataclass(frozen=True)
class Look:
    """A word on whether it is solved, and when that was seen."""

    id: str
    is_solved: bool
    note: str
    at: datetime
    photos: tuple[str, ...] = ()


def register_follow_up(registered: Registered, by_id: str, now: datetime) -> FollowUp:
    """Keep what could not be solved. Commits; the same again changes nothing."""
    return kept_once(FollowUp, registered, ("outlet_id", "problem"), lambda: keep_follow_up(registered, by_id, now))


def keep_follow_up(registered: Registered, by_id: str, now: datetime) -> FollowUp:
    """Keep a follow-up whose id is not in use; the day it was noticed is day 0. The caller commits."""
    registered_on = business_date(registered.noticed_at)
    follow_up = FollowUp(id=registered.id, op_id=registered.op_id, outlet_id=registered.outlet_id, problem=registered.problem)
    follow_up.owner, follow_up.registered_on, follow_up.registered_by_id = registered.owner, registered_on, by_id
    follow_up.working_days = registered.working_days
    follow_up.due_on = add_working_days(registered_on, registered.working_days, working_years())
    follow_up.made_at = now
    db.session.add(follow_up)
    db.session.flush()
    name_pictures(registered.photos, ("follow_up", follow_up.id), by_id)
    _add_step(follow_up, FollowUpStep(id=uuid7(), kind=StepKind.REGISTERED, by_id=by_id, at=registered.noticed_at), now)
    return follow_up


def look_at_follow_up(follow_up_id: str, look: Look, by_id: str, now: datetime) -> None:
    """Say in the console whether it is solved. Commits; `stale` when it is solved already and is called solved again."""
    follow_up = _held(follow_up_id)
    known = db.session.get(FollowUpStep, look.id)
    if known is not None and known.follow_up_id == follow_up.id:
        return
    if known is not None or (look.is_solved and follow_up.solved_on is not None):
        raise Problem("stale")
    note_look(follow_up, look, by_id, now)
    db.session.commit()


def note_look(follow_up: FollowUp, look: Look, by_id: str, now: datetime) -> None:
    """Keep a word on a follow-up that is held; the newest word counts, however late another one comes. The caller commits."""
    name_pictures(look.photos, ("follow_up", follow_up.id), by_id)
    kind = StepKind.SOLVED if look.is_solved else StepKind.OPEN
    _add_step(follow_up, FollowUpStep(id=look.id, kind=kind, note=look.note, by_id=by_id, at=look.at), now)
    _settle(follow_up)


def pass_follow_up(follow_up_id: str, owner: str, note: str, by_id: str, now: datetime) -> None:
    """Let others see to it. Commits; `stale` when it is solved, or theirs already."""
    follow_up = _held(follow_up_id)
    if follow_up.solved_on is not None or follow_up.owner == owner:
        raise Problem("stale")
    follow_up.owner = owner
    _add_step(follow_up, FollowUpStep(id=uuid7(), kind=StepKind.PASSED, owner=owner, note=note, by_id=by_id, at=now), now)
    db.session.commit()


def _held(follow_up_id: str) -> FollowUp:
    follow_up = held(FollowUp, follow_up_id)
    if follow_up is None:
        raise Problem("not_found", f"follow-up {follow_up_id}")
    return follow_up


def _add_step(follow_up: FollowUp, step: FollowUpStep, now: datetime) -> None:
    step.follow_up_id = follow_up.id
    db.session.add(step)
    db.session.flush()
    record_audit(now, step.by_id, f"follow_up.{step.kind}", ("follow_up", follow_up.id))


def _settle(follow_up: FollowUp) -> None:
    """Whether it is solved, by the newest look."""
    query = select(FollowUpStep).where(FollowUpStep.follow_up_id == follow_up.id, FollowUpStep.kind.in_(LOOKS))
    newest = db.session.scalars(query.order_by(FollowUpStep.at.desc(), FollowUpStep.id.desc()).limit(1)).one()
    is_solved = newest.kind == StepKind.SOLVED
    follow_up.solved_on, follow_up.solved_by_id = (business_date(newest.at), newest.by_id) if is_solved else (None, None)
