"""Deeds on outlets."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, held
from server.domain.months import business_date
from server.feed.clock import grant, revoke
from server.outlets.holders import held_rep, rep_fault
from server.outlets.models import Assignment, Outlet
from server.outlets.responsible import free_from, is_held_on
from server.people.models import Person
from sync.ids import uuid7
from sync.problems import Problem

# who has an outlet, and since when
Spell = tuple[str, date]


def assign_outlets(outlet_ids: list[str], person_id: str | None, starts_on: date, by_id: str, now: datetime) -> int:
    """Make a rep responsible for outlets from a day on (None: the region's pool), and commit; returns how many changed hands.

    Phones follow at once: whoever loses an outlet loses its scope, whoever gains it gets its history (SYNC §3).
    Raises `invalid` when the person may not hold one of them (`rep_fault`), or the day lies before the assignment under way or on one of the
    days of one that is over.
    """
    rep, changed = held_rep(person_id), 0
    for outlet_id in sorted(set(outlet_ids)):
        outlet = db.session.scalar(select(Outlet).where(Outlet.id == outlet_id).with_for_update())
        if outlet is None or outlet.removed_at is not None:
            raise Problem("not_found", f"outlet {outlet_id}")
        fault = rep_fault(rep, outlet.region_id) if person_id is not None else ""
        if fault:
            raise Problem("invalid", fields={"person_id": fault})
        changed += assign(outlet, person_id, starts_on, by_id, now)
    db.session.commit()
    return changed


def start_assignment(outlet_id: str, rep: Person | None, starts_on: date, by_id: str, now: datetime) -> None:
    """As `assign_outlets`, of one outlet to a `held_rep`; the caller commits. Raises `stale` when outlet or rep is not what was checked."""
    outlet = held(Outlet, outlet_id)
    if rep is None or outlet is None or outlet.removed_at is not None or rep_fault(rep, outlet.region_id):
        raise Problem("stale", f"outlet {outlet_id}")
    assign(outlet, rep.id, starts_on, by_id, now)


def take_back_assignment(outlet_id: str, given: Spell, before: Spell | None, by_id: str, now: datetime) -> None:
    """Undo the assignment `given` at an outlet, as if the one `before` had gone on. The caller commits, and holds the outlet.

    Raises `stale` when any other is under way: somebody was responsible in the meantime, or is.
    """
    under_way = db.session.scalar(select(Assignment).where(Assignment.outlet_id == outlet_id, Assignment.ends_on.is_(None)))
    if under_way is None or (under_way.person_id, under_way.starts_on) != given:
        raise Problem("stale", f"outlet {outlet_id}")
    db.session.delete(under_way)
    db.session.flush()
    revoke(db.session, under_way.person_id, f"outlet:{outlet_id}", "taken back")
    if before is not None:
        person_id, starts_on = before
        is_old = (Assignment.outlet_id == outlet_id, Assignment.person_id == person_id, Assignment.starts_on == starts_on)
        old = db.session.scalar(select(Assignment).where(*is_old))
        if old is None:  # it would have lasted no day, so it was taken away
            _begin(outlet_id, person_id, starts_on, by_id, now)
        else:
            old.ends_on = None
            grant(db.session, person_id, f"outlet:{outlet_id}", "taken back")
    detail = {"before": under_way.person_id, "after": before[0] if before else None, "starts_on": under_way.starts_on.isoformat()}
    record_audit(now, by_id, "outlet.assignment_undone", ("outlet", outlet_id), **detail)


def assign(outlet: Outlet, person_id: str | None, starts_on: date, by_id: str, now: datetime) -> bool:
    """As `assign_outlets`, of one outlet that the caller holds, to a rep who may have it; whether it changed hands. The caller commits."""
    today = business_date(now)
    if starts_on > today:
        raise Problem("invalid", fields={"starts_on": "in_the_future"})
    open_now = db.session.scalar(select(Assignment).where(Assignment.outlet_id == outlet.id, Assignment.ends_on.is_(None)))
    before = open_now.person_id if open_now else None
    if before == person_id:
        return False
    free_day = free_from(outlet.id)
    if open_now is None and free_day is not None and starts_on < free_day:
        raise Problem("invalid", fields={"starts_on": "still_held"})
    if open_now is not None:
        if starts_on < open_now.starts_on:
            raise Problem("invalid", fields={"starts_on": "before_current"})
        _end(open_now, starts_on)
        revoke(db.session, open_now.person_id, f"outlet:{outlet.id}", "reassigned")
    if person_id is not None:
        _begin(outlet.id, person_id, starts_on, by_id, now)
    record_audit(now, by_id, "outlet.assigned", ("outlet", outlet.id), before=before, after=person_id, starts_on=starts_on.isoformat())
    return True


def end_ownership(outlet_id: str, day: date, person_id: str | None, by_id: str | None, now: datetime) -> str | None:
    """Take an outlet from its rep from a day on: it lies in the region's pool until it is assigned (RULEBOOK §8, §10, §11).

    Only the assignment under way on the day ends; a later one stands, and so does that of anybody but `person_id` where it is
    given. Returns who lost the outlet, or None. The caller commits.
    """
    db.session.execute(select(Outlet.id).where(Outlet.id == outlet_id).with_for_update())
    under_way = db.session.scalar(select(Assignment).where(is_held_on(outlet_id, day)))
    if under_way is None or person_id not in (None, under_way.person_id):
        return None
    loser_id = under_way.person_id
    _lose(under_way, day, by_id, now)
    return loser_id


def hand_over_outlets(person_id: str, successor_id: str | None, starts_on: date, by_id: str | None, now: datetime) -> list[str]:
    """Give all outlets of somebody who leaves to another rep from a day on (None: the regions' pools); returns their ids.

    One that somebody else was given a moment before stays theirs. DECISION (RULEBOOK §11, the rep responsible is the one of the day):
    nobody is responsible after leaving, so an assignment that is over but ran past the day ends before it too, and those days lie in
    the pool; what began on the day or later is taken back. The successor's phone has the outlets at once, also when the day is
    tomorrow. The caller commits, and has checked who and when.
    """
    is_past = (Assignment.person_id == person_id) & (Assignment.ends_on.is_(None) | (Assignment.ends_on >= starts_on))
    handed_over = []
    for outlet_id in db.session.scalars(select(Assignment.outlet_id).where(is_past).distinct().order_by(Assignment.outlet_id)).all():
        held(Outlet, outlet_id)
        for one in db.session.scalars(select(Assignment).where(is_past, Assignment.outlet_id == outlet_id).order_by(Assignment.starts_on)).all():
            is_open, first_day = one.ends_on is None, max(starts_on, one.starts_on)
            _lose(one, starts_on, by_id, now)
            if is_open:
                handed_over.append(outlet_id)
            if is_open and successor_id is not None:
                _begin(outlet_id, successor_id, first_day, by_id, now)
                detail = {"before": person_id, "after": successor_id, "starts_on": first_day.isoformat()}
                record_audit(now, by_id, "outlet.assigned", ("outlet", outlet_id), **detail)
    return handed_over


def _lose(assignment: Assignment, day: date, by_id: str | None, now: datetime) -> None:
    """End an assignment before a day, and take the outlet from the phone that has it."""
    outlet_id, loser_id, was_open = assignment.outlet_id, assignment.person_id, assignment.ends_on is None
    starts_on = max(day, assignment.starts_on).isoformat()
    _end(assignment, day)
    if was_open:
        revoke(db.session, loser_id, f"outlet:{outlet_id}", "lost")
    record_audit(now, by_id, "outlet.lost", ("outlet", outlet_id), before=loser_id, after=None, starts_on=starts_on)


def _begin(outlet_id: str, person_id: str, starts_on: date, by_id: str | None, now: datetime) -> None:
    """Start an assignment where none is under way; the caller has ended the one before."""
    db.session.add(Assignment(id=uuid7(), outlet_id=outlet_id, person_id=person_id, starts_on=starts_on, made_by_id=by_id, made_at=now))
    grant(db.session, person_id, f"outlet:{outlet_id}", "assigned")


def _end(assignment: Assignment, next_starts_on: date) -> None:
    """Close an assignment on the day before the next; one that would last no day is taken back."""
    if assignment.starts_on >= next_starts_on:
        db.session.delete(assignment)
    else:
        assignment.ends_on = next_starts_on - timedelta(days=1)
    db.session.flush()
