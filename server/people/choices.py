"""Whom and where a person may choose in filters: regions and reps within reach."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, false, or_, select, true

from server.db import db
from server.people.access import sees_whole_company
from server.people.models import Person, PersonRegion, PersonRole, Region, Role


class Choice(NamedTuple):
    id: str
    name: str


def is_person_in_reach(reader: Person) -> ColumnElement[bool]:
    """The condition on `Person`: everybody, those of own regions, or oneself."""
    if sees_whole_company(reader):
        return true()
    reach: list[ColumnElement[bool]] = [false(), Person.id == reader.id]
    if reader.holds(Role.SUPERVISOR):
        reach.append(Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id.in_(reader.region_ids))))
    return or_(*reach)


def regions_in_reach(reader: Person) -> list[Choice]:
    query = select(Region.id, Region.name).order_by(Region.name)
    if not sees_whole_company(reader):
        query = query.where(Region.id.in_(reader.region_ids))
    return [Choice(*row) for row in db.session.execute(query)]


def reps_in_reach(reader: Person, region_id: str | None = None) -> list[Choice]:
    """Active reps whom the reader may see, of one region or all, by login."""
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    query = select(Person.id, Person.name).where(Person.id.in_(reps), Person.is_active, is_person_in_reach(reader))
    if region_id:
        query = query.where(Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id == region_id)))
    return [Choice(*row) for row in db.session.execute(query.order_by(Person.login))]
