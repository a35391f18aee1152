"""Leaving and returning: the last day of work, what becomes of phones, scopes, outlets and complaints, and the days away (RULEBOOK §1, §11)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select

from server.audit.actions import record_audit
from server.complaints.actions import release_complaints
from server.db import db, take_turn
from server.domain.months import business_date
from server.feed.clock import grant
from server.leaves.models import Leave
from server.leaves.substitutes import refresh_substitutes
from server.outlets.actions import hand_over_outlets
from server.outlets.holders import held_rep, regions_to_hand_over, rep_fault
from server.outlets.models import Assignment
from server.people.actions import deactivate_person
from server.people.files import held_person, is_last_admin
from server.people.models import Person, PersonBreak
from server.people.scopes import scopes_of
from sync.ids import uuid7
from sync.problems import Problem

MOST_DAYS_AHEAD = 366
ONE_DAY = timedelta(days=1)


def end_employment(person_id: str, last_day: date, successor_id: str | None, by_id: str | None, now: datetime) -> Person:
    """Make this the last day of somebody's work. The caller commits.

    A day that is here or over takes effect at once: nobody signs in, phones are revoked, open complaints wait to be assigned again, and
    from the day after the outlets are the successor's, or lie in their region's pool. A day to come is kept, and the night after it does
    the same (`end_due_employments`).
    Raises `stale` for who has left already, `invalid` with the fields at fault.
    """
    take_turn("administrators")
    person = held_person(person_id)
    if not person.is_active:
        raise Problem("stale")
    faults = _faults(person, last_day, successor_id, business_date(now))
    if faults:
        raise Problem("invalid", fields=faults)
    person.ends_on = last_day
    if last_day > business_date(now):
        record_audit(now, by_id, "person.leaves", ("person", person.id), last_day=last_day.isoformat())
        return person
    _leave(person, successor_id, by_id, now)
    return person


def _faults(person: Person, last_day: date, successor_id: str | None, today: date) -> dict[str, str]:
    faults = {}
    held_since = db.session.scalar(select(func.max(Assignment.starts_on)).where(Assignment.person_id == person.id, Assignment.ends_on.is_(None)))
    if last_day > today + timedelta(days=MOST_DAYS_AHEAD):
        faults["last_day"] = "more_than_a_year"
    elif last_day < max(day for day in (person.starts_on, held_since, date.min) if day is not None):
        faults["last_day"] = "before_outlets" if held_since and last_day < held_since else "too_early_a_day"
    if successor_id is not None and last_day > today:
        faults["successor_id"] = "successor_later"
    elif successor_id is not None and not _may_follow(person, successor_id):
        faults["successor_id"] = "not_a_person"
    if is_last_admin(person):
        faults["last_day"] = "last_admin"
    return faults


def _may_follow(person: Person, successor_id: str) -> bool:
    successor = held_rep(successor_id) if successor_id != person.id else None
    return successor is not None and not any(rep_fault(successor, region_id) for region_id in regions_to_hand_over(person.id))


def _leave(person: Person, successor_id: str | None, by_id: str | None, now: datetime) -> None:
    assert person.ends_on is not None
    _forget_breaks(person, person.ends_on)
    _stand_in_no_more(person.id, person.ends_on)
    outlets = hand_over_outlets(person.id, successor_id, person.ends_on + ONE_DAY, by_id, now)
    complaints = release_complaints(person.id, by_id, now)
    deactivate_person(person, now, by_id)
    db.session.flush()
    refresh_substitutes(now)
    detail = {"last_day": person.ends_on.isoformat(), "outlets": len(outlets), "complaints": complaints, "successor_id": successor_id}
    record_audit(now, by_id, "person.left", ("person", person.id), **detail)


def _stand_in_no_more(person_id: str, last_day: date) -> None:
    """Nobody stands in on the days after the last one; those up to it stay theirs as a leave of its own."""
    for leave in db.session.scalars(select(Leave).where(Leave.substitute_id == person_id, Leave.ends_on > last_day).with_for_update()).all():
        if leave.starts_on <= last_day:
            worked = {"person_id": leave.person_id, "starts_on": leave.starts_on, "ends_on": last_day, "substitute_id": person_id}
            db.session.add(Leave(id=uuid7(), note=leave.note, made_by_id=leave.made_by_id, made_at=leave.made_at, **worked))
            leave.starts_on = last_day + ONE_DAY
        leave.substitute_id = None


def _forget_breaks(person: Person, last_day: date) -> None:
    """Whoever worked on the last day was not away on it, and days away after it are said by the next return: so a wrong date is put right."""
    db.session.execute(delete(PersonBreak).where(PersonBreak.person_id == person.id, PersonBreak.ends_on >= last_day))


def end_due_employments(now: datetime) -> int:
    """Let those go whose last day is over; returns how many. Their outlets lie in the pool. Safe to repeat; the caller commits."""
    due = select(Person).where(Person.is_active, Person.ends_on < business_date(now)).order_by(Person.id).with_for_update(of=Person)
    people: Sequence[Person] = db.session.scalars(due).all()
    for person in people:
        _leave(person, None, None, now)
    return len(people)


def return_to_work(person_id: str, first_day: date, by_id: str, now: datetime) -> Person:
    """Let somebody in again from a day on, with the roles and regions they had; phones and outlets are given anew. The caller commits.

    For who has not left yet the last day is taken back. Raises `invalid` with `first_day` at fault, `stale` for who works on anyway.
    """
    person = held_person(person_id)
    last_day = person.ends_on
    if person.is_active and last_day is None:
        raise Problem("stale")
    if person.erased_at is not None:
        raise Problem("invalid", fields={"first_day": "erased"})
    if person.is_active:
        person.ends_on = None
        record_audit(now, by_id, "person.stays", ("person", person.id))
        return person
    if first_day > business_date(now):
        raise Problem("invalid", fields={"first_day": "too_late_a_day"})
    if last_day is not None and first_day <= last_day:
        raise Problem("invalid", fields={"first_day": "before_the_end"})
    if last_day is not None and first_day > last_day + ONE_DAY:
        db.session.add(PersonBreak(person_id=person.id, starts_on=last_day + ONE_DAY, ends_on=first_day - ONE_DAY))
    person.is_active, person.ends_on = True, None
    for scope in scopes_of(person):
        grant(db.session, person.id, scope, "returned")
    record_audit(now, by_id, "person.returned", ("person", person.id), first_day=first_day.isoformat())
    return person
