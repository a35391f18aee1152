"""Who may be responsible for outlets 片区负责人 (RULEBOOK §1): whoever is given outlets, and whoever may be offered for them."""

from collections.abc import Iterable

from sqlalchemy import select

from server.db import db
from server.outlets.models import Assignment, Outlet
from server.people.choices import Choice, is_person_in_reach
from server.people.models import Person, PersonRegion, PersonRole, Role


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
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    query = select(Person.id, Person.name).where(Person.id.in_(reps), Person.is_active, Person.ends_on.is_(None), is_person_in_reach(reader))
    for region_id in sorted(set(region_ids)):
        query = query.where(Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id == region_id)))
    return [Choice(*row) for row in db.session.execute(query.order_by(Person.login))]


def held_rep(person_id: str | None) -> Person | None:
    """The person as the file stands, so held that nobody lets them go before the commit; None when there is none."""
    query = select(Person).where(Person.id == person_id).with_for_update(read=True, of=Person)
    return db.session.scalar(query.execution_options(populate_existing=True))


def regions_to_hand_over(person_id: str) -> set[str]:
    """Ids of the regions where the outlets lie that somebody has; whoever takes over belongs to all of them."""
    query = select(Outlet.region_id).join(Assignment, Assignment.outlet_id == Outlet.id)
    return set(db.session.scalars(query.where(Assignment.person_id == person_id, Assignment.ends_on.is_(None)).distinct()))
