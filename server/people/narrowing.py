"""Whom the list of people names by its filter, and whose list it is; the page and its file read the same."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from server.people.choices import is_person_in_reach
from server.people.models import Person, PersonRegion, PersonRole, Role

LISTERS = (Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.SERVICE, Role.PAYROLL, Role.ADMIN)
SHOWS = ("active", "left", "all")


@dataclass(frozen=True)
class PeopleFilter:
    """Empty parts are unset; `show` is active, left, or all. `q` looks in names and logins."""

    q: str
    role: str
    region_id: str
    show: str

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.role or self.region_id or self.show != SHOWS[0])


def read_people_filter(asked: MultiDict[str, str]) -> PeopleFilter:
    show = asked.get("show", "")
    return PeopleFilter(asked.get("q", "").strip()[:60], asked.get("role", ""), asked.get("region", ""), show if show in SHOWS else SHOWS[0])


def listed_people(reader: Person, chosen: PeopleFilter) -> Any:
    """A select of the people within reach that the filter names."""
    query = select(Person).where(is_person_in_reach(reader))
    if chosen.role:
        query = query.where(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == chosen.role)))
    if chosen.region_id:
        query = query.where(Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id == chosen.region_id)))
    if chosen.show != "all":
        query = query.where(Person.is_active.is_(chosen.show == "active"))
    for word in chosen.q.split()[:5]:
        query = query.where(Person.name.icontains(word, autoescape=True) | Person.login.icontains(word, autoescape=True))
    return query
