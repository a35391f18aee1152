"""Reading leave: days away, who stands in for whom."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from server.db import db
from server.leaves.models import Leave
from server.people.models import Person, PersonBreak, Role


def may_set_leave(reader: Person, person: Person) -> bool:
    """Managers for everybody, supervisors for the people of their regions."""
    shares_region = not set(reader.region_ids).isdisjoint(person.region_ids)
    return reader.holds(Role.MANAGER) or (reader.holds(Role.SUPERVISOR) and shares_region)


def leaves_meeting(person_id: str, first: date, last: date) -> list[Any]:
    """Leaves of somebody that meet these days, those in which they stand in for others too, in their order; as `latest_leaves` has them."""
    query = _with_other(person_id).where(Leave.starts_on <= last, Leave.ends_on >= first)
    return list(db.session.execute(query.order_by(Leave.starts_on, Leave.id)))


def is_lent_on(person_id: Any, substitute_id: str, day: Any) -> ColumnElement[bool]:
    """Whether the substitute works for the person on the day; both of them may be columns."""
    query = select(Leave.id).where(Leave.person_id == person_id, Leave.substitute_id == substitute_id)
    return query.where(Leave.starts_on <= day, Leave.ends_on >= day).exists()


def lenders_to(substitute_id: str, first: date, last: date) -> list[str]:
    """Those for whom somebody stands in on any of these days."""
    query = select(Leave.person_id).where(Leave.substitute_id == substitute_id, Leave.starts_on <= last, Leave.ends_on >= first)
    return list(db.session.scalars(query.distinct()))


def days_away(person_id: str, first: date, last: date) -> set[date]:
    """The days from `first` to `last` on which somebody is on leave, or was away between leaving and returning."""
    leaves = select(Leave.starts_on, Leave.ends_on).where(Leave.person_id == person_id, Leave.starts_on <= last, Leave.ends_on >= first)
    breaks = select(PersonBreak.starts_on, PersonBreak.ends_on).where(PersonBreak.person_id == person_id)
    spans = [*db.session.execute(leaves), *db.session.execute(breaks)]
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return {day for day in days if any(starts_on <= day <= ends_on for starts_on, ends_on in spans)}


def days_not_at_work(person_id: str, first: date, last: date) -> set[date]:
    """The days from `first` to `last` on which somebody is away, has not begun yet, or has left."""
    outside = _by_person(_spans_outside_work(first, last, Person.id == person_id), first, last)
    return days_away(person_id, first, last) | outside.get(person_id, set())


def days_uncovered(first: date, last: date) -> dict[str, set[date]]:
    """By person the days from `first` to `last` that nobody works for them: on leave without a substitute or after that one's last day,
    between leaving and returning, before their first day, or after their last one."""
    leaves = select(Leave.person_id, Leave.starts_on, Leave.ends_on, Leave.substitute_id, Person.ends_on.label("covered_to"))
    leaves = leaves.outerjoin(Person, Person.id == Leave.substitute_id).where(Leave.starts_on <= last, Leave.ends_on >= first)
    spans: list[Any] = [span for leave in db.session.execute(leaves) for span in _spans_alone(leave)]
    breaks = select(PersonBreak.person_id, PersonBreak.starts_on, PersonBreak.ends_on)
    spans += db.session.execute(breaks.where(PersonBreak.starts_on <= last, PersonBreak.ends_on >= first))
    return _by_person([*spans, *_spans_outside_work(first, last)], first, last)


def _spans_alone(leave: Any) -> list[tuple[str, date, date]]:
    """Person, first and last day of what nobody covers of a leave."""
    if leave.substitute_id is None:
        return [(leave.person_id, leave.starts_on, leave.ends_on)]
    if leave.covered_to is None or leave.covered_to >= leave.ends_on:
        return []
    return [(leave.person_id, max(leave.starts_on, leave.covered_to + timedelta(days=1)), leave.ends_on)]


def _spans_outside_work(first: date, last: date, *who: ColumnElement[bool]) -> list[tuple[str, date, date]]:
    """Person, first and last day of what lies before their first day of work or after their last one."""
    query = select(Person.id, Person.starts_on, Person.ends_on).where(_is_outside_work(Person, first, last), *who)
    spans = []
    for person_id, starts_on, ends_on in db.session.execute(query):
        if starts_on is not None and starts_on > first:
            spans.append((person_id, first, starts_on - timedelta(days=1)))
        if ends_on is not None and ends_on < last:
            spans.append((person_id, ends_on + timedelta(days=1), last))
    return spans


def _is_outside_work(person: type[Person], first: Any, last: Any) -> ColumnElement[bool]:
    """The condition on somebody that the first of the days lies before their first day of work, or the last one after their last."""
    return (person.starts_on > first) | (person.ends_on < last)


def _by_person(spans: list[Any], first: date, last: date) -> dict[str, set[date]]:
    """The days from `first` to `last` of spans (person, first and last day)."""
    found: dict[str, set[date]] = {}
    for person_id, starts_on, ends_on in spans:
        begin, end = max(starts_on, first), min(ends_on, last)
        found.setdefault(person_id, set()).update(begin + timedelta(days=step) for step in range((end - begin).days + 1))
    return found


def is_uncovered(person_id: Any, day: Any) -> ColumnElement[bool]:
    """Whether nobody works for the person on a day, as `days_uncovered` has it; both may be columns, of a select that has leaves itself too."""
    leave, substitute, apart, person = aliased(Leave), aliased(Person), aliased(PersonBreak), aliased(Person)
    is_alone = leave.substitute_id.is_(None) | exists().where(substitute.id == leave.substitute_id, substitute.ends_on < day)
    on_leave = exists().where(leave.person_id == person_id, leave.starts_on <= day, leave.ends_on >= day, is_alone)
    in_break = exists().where(apart.person_id == person_id, apart.starts_on <= day, apart.ends_on >= day)
    return on_leave | in_break | exists().where(person.id == person_id, _is_outside_work(person, day, day))


def is_taken(person_id: str, first: date, last: date, as_substitute: bool = False) -> bool:
    """Whether somebody is on leave on any of these days, or stands in for somebody."""
    column = Leave.substitute_id if as_substitute else Leave.person_id
    query = select(Leave.id).where(column == person_id, Leave.starts_on <= last, Leave.ends_on >= first)
    return db.session.scalar(query.limit(1)) is not None


def latest_leaves(person_id: str, most: int = 10) -> list[Any]:
    """The last leaves of somebody, newest first, those in which they stand in for others too; `note` is only of the own ones."""
    return list(db.session.execute(_with_other(person_id).order_by(Leave.starts_on.desc(), Leave.id).limit(most)))


def _with_other(person_id: str) -> Any:
    """Leaves of somebody and those in which they stand in, with the name of the other person, if any."""
    columns = (Leave.id, Leave.person_id, Leave.starts_on, Leave.ends_on, Leave.note, Leave.substitute_id)
    other = Leave.substitute_id.is_not(None) & (Person.id == Leave.substitute_id)
    query = select(*columns, Person.name.label("other")).outerjoin(
        Person, or_((Leave.person_id == person_id) & other, (Leave.substitute_id == person_id) & (Person.id == Leave.person_id))
    )
    return query.where(or_(Leave.person_id == person_id, Leave.substitute_id == person_id))
