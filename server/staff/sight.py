"""Who may see whom: the office everybody, supervisors the people of their regions, everybody themselves (RULEBOOK §1)."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.db import db
from server.people.choices import is_person_in_reach
from server.people.models import Person
from sync.problems import Problem


def visible_person(reader: Person, person_id: str) -> Person:
    """The person with roles and regions, or `not_found` for whoever may not know of them."""
    query = select(Person).where(Person.id == person_id, is_person_in_reach(reader))
    found = db.session.scalars(query.options(joinedload(Person.roles), joinedload(Person.regions))).unique().one_or_none()
    if found is None:
        raise Problem("not_found", f"person {person_id}")
    return found
