"""Reading leave: days away, who stands in for whom."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, union_all

from server.db import db
from server.leaves.models import Leave
from server.people.models import Person, PersonBreak, Role


def may_set_leave(reader: Person, person: Person) -> bool:
    """Managers for everybody, supervisors for the people of their regions."""
    shares_region = not set(reader.region_ids).isdisjoint(person.region_ids)
    return reader.holds(Role.MANAGER) or (reader.holds(Role.SUPERVISOR) and shares_region)


def leaves_of(person_id: str, first: date, last: date) -> list[Any]:
    """Leave of somebody that meets these days, in their order: id, starts_on, ends_on, note, and the substitute's name or None."""
    query = select(Leave.id, Leave.starts_on, Leave.ends_on, Leave.note, Person.name.label("substitute"))
    query = query.outerjoin(Person, Person.id == Leave.substitute_id)
    query = query.where(Leave.person_id == person_id, Leave.starts_on <= last, Leave.ends_on >= first)
    return list(db.session.execute(query.order_by(Leave.starts_on)))


def days_away(person_id: str, first: date, last: date) -> set[date]:
    """The days from `first` to `last` on which somebody is on leave, or was away between leaving and returning."""
    spans = [(one.starts_on, one.ends_on) for one in leaves_of(person_id, first, last)]
    breaks = select(PersonBreak.starts_on, PersonBreak.ends_on).where(PersonBreak.person_id == person_id)
    spans += [(starts_on, ends_on) for starts_on, ends_on in db.session.execute(breaks)]
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return {day for day in days if any(starts_on <= day <= ends_on for starts_on, ends_on in spans)}


def days_uncovered(first: date, last: date) -> dict[str, set[date]]:
    """By person the days from `first` to `last` that nobody works for them: on leave without a substitute, between leaving and returning, or
    before their first day."""
    leaves = select(Leave.person_id, Leave.starts_on, Leave.ends_on).where(Leave.substitute_id.is_(None))
    away = union_all(leaves, select(PersonBreak.person_id, PersonBreak.starts_on, PersonBreak.ends_on)).subquery()
    spans: list[Any] = list(db.session.execute(select(away).where(away.c.starts_on <= last, away.c.ends_on >= first)))
    later: Any = select(Person.id, Person.starts_on).where(Person.starts_on > first)
    spans += [(person_id, first, starts_on - timedelta(days=1)) for person_id, starts_on in db.session.execute(later)]
    found: dict[str, set[date]] = {}
    for person_id, starts_on, ends_on in spans:
        begin, end = max(starts_on, first), min(ends_on, last)
        found.setdefault(person_id, set()).update(begin + timedelta(days=step) for step in range((end - begin).days + 1))
    return found


def is_taken(person_id: str, first: date, last: date, as_substitute: bool = False) -> bool:
    """Whether somebody is on leave on any of these days, or stands in for somebody."""
    column = Leave.substitute_id if as_substitute else Leave.person_id
    query = select(Leave.id).where(column == person_id, Leave.starts_on <= last, Leave.ends_on >= first)
    return db.session.scalar(query.limit(1)) is not None


def latest_leaves(person_id: str, most: int = 10) -> list[Any]:
    """The last leaves of somebody, newest first, those in which they stand in for others too; `note` is only of the own ones."""
    columns = (Leave.id, Leave.person_id, Leave.starts_on, Leave.ends_on, Leave.note, Leave.substitute_id)
    other = Leave.substitute_id.is_not(None) & (Person.id == Leave.substitute_id)
    query = select(*columns, Person.name.label("other")).outerjoin(
        Person, or_((Leave.person_id == person_id) & other, (Leave.substitute_id == person_id) & (Person.id == Leave.person_id))
    )
    query = query.where(or_(Leave.person_id == person_id, Leave.substitute_id == person_id))
    return list(db.session.execute(query.order_by(Leave.starts_on.desc(), Leave.id).limit(most)))
