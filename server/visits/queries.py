"""Reading visits within a person's reach."""

from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from server.db import db
from server.outlets.models import Outlet
from server.outlets.queries import is_at_visible
from server.people.access import sees_whole_company
from server.people.models import Person, PersonRegion, PersonRole, Role
from server.visits.models import Visit
from sync.problems import Problem


def is_visible_visit(person: Person, today: date, visit: type[Visit] = Visit) -> ColumnElement[bool]:
    """The condition on `Visit`, or an alias of it, that holds for what the person may see: visits at visible outlets, and a rep's own."""
    if sees_whole_company(person):
        return true()
    at_visible_outlets = is_at_visible(visit.outlet_id, person, today)
    if person.holds(Role.REP):
        return or_(at_visible_outlets, visit.rep_id == person.id)
    return at_visible_outlets


def is_reviewed_by(person: Person) -> ColumnElement[bool]:
    """Whose visits the person judges, never their own; on `Visit` joined with `Outlet`.

    A supervisor those of own regions (RULEBOOK §1), the manager those that no supervisor of the region may judge.
    """
    reach: list[ColumnElement[bool]] = []
    if person.holds(Role.SUPERVISOR):
        reach.append(Outlet.region_id.in_(person.region_ids))
    if person.holds(Role.MANAGER):
        reach.append(~_has_supervisor())
    return and_(Visit.rep_id != person.id, or_(false(), *reach))


def _has_supervisor() -> ColumnElement[bool]:
    """Whether somebody works as supervisor of the outlet's region who did not make the visit."""
    supervisor = aliased(Person)
    at_work = select(PersonRole.person_id).join(supervisor, supervisor.id == PersonRole.person_id)
    at_work = at_work.where(PersonRole.role == Role.SUPERVISOR, supervisor.is_active)
    of_region = select(PersonRegion.person_id).where(PersonRegion.region_id == Outlet.region_id, PersonRegion.person_id != Visit.rep_id)
    return of_region.where(PersonRegion.person_id.in_(at_work)).exists()


def judged_among(person: Person, visit_ids: list[str]) -> set[str]:
    """Those of the visits that the person judges."""
    query = select(Visit.id).join(Outlet, Outlet.id == Visit.outlet_id).where(Visit.id.in_(visit_ids), is_reviewed_by(person))
    return set(db.session.scalars(query))


def visible_visit(person: Person, visit_id: str, today: date) -> Visit:
    """The visit, or `not_found` for whoever may not know of it."""
    visit = db.session.scalar(select(Visit).where(Visit.id == visit_id, is_visible_visit(person, today)))
    if visit is None:
        raise Problem("not_found", f"visit {visit_id}")
    return visit
