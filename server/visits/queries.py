"""Reading visits within a person's reach."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select, true

from server.db import db
from server.outlets.models import Outlet
from server.outlets.queries import is_at_visible
from server.people.access import sees_whole_company
from server.people.models import Person, Role
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


def is_reviewed_by(supervisor: Person) -> ColumnElement[bool]:
    """Whose visits the supervisor judges: those of own regions (RULEBOOK §1), never their own; on `Visit` joined with `Outlet`."""
    return and_(Outlet.region_id.in_(supervisor.region_ids), Visit.rep_id != supervisor.id)


def visible_visit(person: Person, visit_id: str, today: date) -> Visit:
    """The visit, or `not_found` for whoever may not know of it."""
    visit = db.session.scalar(select(Visit).where(Visit.id == visit_id, is_visible_visit(person, today)))
    if visit is None:
        raise Problem("not_found", f"visit {visit_id}")
    return visit
