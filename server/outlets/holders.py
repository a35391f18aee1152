"""Who may be responsible for outlets 片区负责人 (RULEBOOK §1): whoever is given outlets, and whoever may be offered for them."""

from collections.abc import Iterable

from sqlalchemy import select

from server.db import db
from server.people.choices import Choice, is_person_in_reach
from server.people.models import Person, Role


def rep_fault(person: Person | None, region_id: str) -> str:
    """Why somebody cannot be given an outlet of the region: `unknown_person`, `not_a_rep`, `rep_of_other_region`; empty when they can."""
    if person is None:
        return "unknown_person"
    if not may_hold_outlets(person):
        return "not_a_rep"
    return "" if region_id in person.region_ids else "rep_of_other_region"


def may_hold_outlets(person: Person) -> bool:
    """Whether somebody is a rep who stays: one whose last day is known gets no more outlets."""
    return person.is_active and person.ends_on is None and person.holds(Role.REP)


def reps_for(reader: Person, region_ids: Iterable[str]) -> list[Choice]:
    """Reps within the reader's reach who can be given outlets of all these regions, by login."""
    regions = set(region_ids)
    query = select(Person).where(Person.is_active, is_person_in_reach(reader)).order_by(Person.login)
    return [Choice(one.id, one.name) for one in db.session.scalars(query) if may_hold_outlets(one) and regions.issubset(one.region_ids)]


def held_rep(person_id: str | None) -> Person | None:
    """The person as the file stands, so held that nobody lets them go before the commit; None when there is none."""
    query = select(Person).where(Person.id == person_id).with_for_update(read=True, of=Person)
    return db.session.scalar(query.execution_options(populate_existing=True))
