"""The regions with what belongs to them: people and outlets."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from server.db import db
from server.outlets.models import Outlet
from server.people.models import Person, PersonRegion, PersonRole, Region, Role


@dataclass(frozen=True)
class RegionRow:
    region: Region
    supervisors: list[str]
    reps: int
    outlets: int


def region_rows() -> list[RegionRow]:
    """Every region by name, with its supervisors' names, its reps and its outlets."""
    reps = _people_of(Role.REP).with_only_columns(func.count()).where(PersonRegion.region_id == Region.id).correlate(Region)
    outlets = select(func.count()).where(Outlet.region_id == Region.id, Outlet.removed_at.is_(None)).correlate(Region)
    query = select(Region, reps.scalar_subquery().label("reps"), outlets.scalar_subquery().label("outlets")).order_by(Region.name)
    bosses: dict[str, list[str]] = {}
    supervisors = _people_of(Role.SUPERVISOR).with_only_columns(PersonRegion.region_id, Person.name)
    for region_id, name in db.session.execute(supervisors.order_by(Person.login)):
        bosses.setdefault(region_id, []).append(name)
    return [RegionRow(row.Region, bosses.get(row.Region.id, []), row.reps, row.outlets) for row in db.session.execute(query)]


def _people_of(role: Role) -> Any:
    query = select(PersonRegion.region_id).join(Person, Person.id == PersonRegion.person_id)
    return query.where(Person.is_active, Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role)))
