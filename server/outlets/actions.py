"""Deeds on outlets."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.domain.months import business_date
from server.feed.clock import grant, revoke
from server.outlets.models import Assignment, Outlet
from server.people.models import Person, Role
from sync.ids import uuid7
from sync.problems import Problem


def assign_outlets(outlet_ids: list[str], person_id: str | None, starts_on: date, by_id: str, now: datetime) -> None:
    """Make a rep responsible for outlets from a day on (None: the region's pool), and commit.

    Phones follow at once: whoever loses an outlet loses its scope, whoever gains it gets its history (SYNC §3).
    Raises `invalid` when the person is no active rep or the day lies before the assignment under way.
    """
    _check_rep(person_id)
    for outlet_id in sorted(set(outlet_ids)):
        outlet = db.session.scalar(select(Outlet).where(Outlet.id == outlet_id).with_for_update())
        if outlet is None or outlet.removed_at is not None:
            raise Problem("not_found", f"outlet {outlet_id}")
        _assign(outlet, person_id, starts_on, by_id, now)
    db.session.commit()


def _check_rep(person_id: str | None) -> None:
    if person_id is None:
        return
    person = db.session.get(Person, person_id)
    if person is None or not person.is_active or not person.holds(Role.REP):
        raise Problem("invalid", fields={"person_id": "not_a_rep"})


def _assign(outlet: Outlet, person_id: str | None, starts_on: date, by_id: str, now: datetime) -> None:
    today = business_date(now)
    if starts_on > today:
        raise Problem("invalid", fields={"starts_on": "in_the_future"})
    open_now = db.session.scalar(select(Assignment).where(Assignment.outlet_id == outlet.id, Assignment.ends_on.is_(None)))
    if open_now is not None:
        if open_now.person_id == person_id:
            return
        if starts_on < open_now.starts_on:
            raise Problem("invalid", fields={"starts_on": "before_current"})
        _end(open_now, starts_on)
        revoke(db.session, open_now.person_id, f"outlet:{outlet.id}", "reassigned")
    if person_id is not None:
        row = Assignment(id=uuid7(), outlet_id=outlet.id, person_id=person_id, starts_on=starts_on, made_by_id=by_id, made_at=now)
        db.session.add(row)
        grant(db.session, person_id, f"outlet:{outlet.id}", "assigned")
    before = open_now.person_id if open_now else None
    record_audit(now, by_id, "outlet.assigned", ("outlet", outlet.id), before=before, after=person_id, starts_on=starts_on.isoformat())


def _end(assignment: Assignment, next_starts_on: date) -> None:
    """Close an assignment on the day before the next; one that would last no day is taken back."""
    if assignment.starts_on == next_starts_on:
        db.session.delete(assignment)
    else:
        assignment.ends_on = next_starts_on - timedelta(days=1)
    db.session.flush()
