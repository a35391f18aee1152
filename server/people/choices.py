"""Whom and where a person may choose in filters: regions and reps within reach."""

from datetime import date
from typing import NamedTuple

from flask_babel import gettext
from sqlalchemy import ColumnElement, false, or_, select, true

from server.db import db
from server.people.access import sees_whole_company
from server.people.models import Person, PersonRegion, PersonRole, Region, RepSpell, Role


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
    return _choices(reader, _is_rep() & Person.is_active, region_id)


def all_reps_in_reach(reader: Person, region_id: str | None = None) -> list[Choice]:
    """Whoever is or was a rep, as `reps_in_reach`; whoever left comes last and is marked. Those whose name was forgotten are left out."""
    return _choices(reader, (_is_rep() | _had_spell(true())) & Person.forgotten_at.is_(None), region_id)


def reps_of_days(reader: Person, first_day: date, last_day: date) -> list[Choice]:
    """Whoever was a rep on any of these days, listed as in `all_reps_in_reach`."""
    has_begun = RepSpell.starts_on.is_(None) | (RepSpell.starts_on <= last_day)
    was_rep = _had_spell(has_begun & (RepSpell.ends_on.is_(None) | (RepSpell.ends_on >= first_day))) | (_is_rep() & ~_had_spell(true()))
    has_come = Person.starts_on.is_(None) | (Person.starts_on <= last_day)
    return _choices(reader, was_rep & has_come & (Person.ends_on.is_(None) | (Person.ends_on >= first_day)) & Person.forgotten_at.is_(None))


def _is_rep() -> ColumnElement[bool]:
    return Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == Role.REP))


def _had_spell(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(RepSpell.id).where(RepSpell.person_id == Person.id, which).exists()


def _choices(reader: Person, which: ColumnElement[bool], region_id: str | None = None) -> list[Choice]:
    query = select(Person.id, Person.name, Person.is_active).where(which, is_person_in_reach(reader))
    if region_id:
        query = query.where(Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id == region_id)))
    rows = db.session.execute(query.order_by(Person.is_active.desc(), Person.login))
    return [Choice(row.id, row.name if row.is_active else gettext("%(name)s（已离岗）", name=row.name)) for row in rows]
