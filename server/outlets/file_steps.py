"""The way of an outlet file (RULEBOOK §2): submitted by keeper or supervisor, approved or returned by the manager, archived by customer service."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from server.audit.actions import record_audit
from server.db import db, held
from server.domain.months import business_date
from server.outlets.complete_files import missing_to_submit
from server.outlets.models import Outlet, OutletState, OutletStep
from server.outlets.snapshots import file_digest, snapshot_of
from server.people.models import Person
from sync.ids import uuid7
from sync.problems import Problem

SUBMITTABLE = (OutletState.DRAFT, OutletState.RETURNED)
DECISIONS = (OutletState.APPROVED, OutletState.RETURNED)
MOST_LETTERS = 500

# Asked by every pull that brings outlets, so built once.
_STEPS = (
    select(OutletStep.outlet_id, OutletStep.state, OutletStep.at, OutletStep.reason, Person.name.label("by_name"))
    .join(Person, Person.id == OutletStep.by_id)
    .where(OutletStep.outlet_id.in_(bindparam("ids", expanding=True)))
    .order_by(OutletStep.at, OutletStep.id)
)


class FileDecision(NamedTuple):
    """What the manager said of a file; `seen` is the digest of the file that they looked at."""

    state: str
    reason: str
    seen: str


class FileStep(NamedTuple):
    """One step of a file, as pages and phones show it."""

    state: str
    at: datetime
    reason: str
    by_name: str


def submit_file(outlet: Outlet, by_id: str, now: datetime, step: tuple[str, str | None]) -> bool:
    """Lay the file before the manager; `step` is its id and the operation's, if a phone sent it. False when it lies there already, or was approved.

    The caller commits.
    """
    if outlet.state not in SUBMITTABLE:
        return False
    step_id, op_id = step
    _take_step(outlet, OutletStep(id=step_id, state=OutletState.SUBMITTED, by_id=by_id, at=now, reason="", op_id=op_id))
    return True


def submit_in_office(outlet_id: str, by_id: str, now: datetime) -> None:
    """A supervisor lays a file before the manager, once it has what phones ask for too. Commits.

    Raises `stale` when it lies there already or was approved, `invalid` while something is missing.
    """
    outlet = held(Outlet, outlet_id)
    if outlet is None or outlet.state not in SUBMITTABLE or outlet.removed_at is not None:
        raise Problem("stale")
    if missing_to_submit(outlet):
        raise Problem("invalid", fields={"submission": "incomplete"})
    submit_file(outlet, by_id, now, (uuid7(), None))
    db.session.commit()


def decide_file(outlet_id: str, decision: FileDecision, by_id: str, now: datetime) -> None:
    """The manager's word on a submitted file. Commits.

    Raises `stale` when the file is not submitted (any more), or changed since it was looked at (field `file`); `invalid` for no
    decision, or a return without a reason.
    """
    outlet = _held_as_seen(outlet_id, OutletState.SUBMITTED, decision.seen)
    if decision.state not in DECISIONS:
        raise Problem("invalid", fields={"decision": "choose"})
    if decision.state == OutletState.RETURNED and not decision.reason:
        raise Problem("invalid", fields={"reason": "required"})
    _take_step(outlet, OutletStep(id=uuid7(), state=decision.state, by_id=by_id, at=now, reason=decision.reason))
    if decision.state == OutletState.APPROVED:
        outlet.approved_on = outlet.approved_on or business_date(now)
    db.session.commit()


def archive_file(outlet_id: str, seen: str, by_id: str, now: datetime) -> None:
    """Customer service puts an approved file away; what it holds and owes stays as it is. Commits.

    Raises `stale` when the file is not approved, or archived already, or changed since it was looked at (field `file`).
    """
    outlet = _held_as_seen(outlet_id, OutletState.APPROVED, seen)
    _take_step(outlet, OutletStep(id=uuid7(), state=OutletState.ARCHIVED, by_id=by_id, at=now, reason=""))
    db.session.commit()


def _held_as_seen(outlet_id: str, state: OutletState, seen: str) -> Outlet:
    """The outlet, kept from others until the commit: in this state, its file the one with the digest `seen`."""
    outlet = held(Outlet, outlet_id)
    if outlet is None or outlet.state != state or outlet.removed_at is not None:
        raise Problem("stale")
    if file_digest(outlet) != seen:
        raise Problem("stale", fields={"file": "changed_since"})
    return outlet


def _take_step(outlet: Outlet, step: OutletStep) -> None:
    step.outlet_id, before = outlet.id, outlet.state
    outlet.state, step.snapshot = step.state, snapshot_of(outlet)
    db.session.add(step)
    record_audit(step.at, step.by_id, f"outlet.{step.state}", ("outlet", outlet.id), before=before, reason=step.reason)


def last_steps(outlet_ids: list[str]) -> dict[str, FileStep]:
    """By outlet the step that led to where its file is; those without one are left out."""
    rows = db.session.execute(_STEPS, {"ids": outlet_ids})
    return {row.outlet_id: FileStep(row.state, row.at, row.reason, row.by_name) for row in rows}


def steps_of(outlet_id: str) -> list[FileStep]:
    """Every step of a file, newest first."""
    rows = db.session.execute(_STEPS, {"ids": [outlet_id]}).all()
    return [FileStep(row.state, row.at, row.reason, row.by_name) for row in reversed(rows)]
