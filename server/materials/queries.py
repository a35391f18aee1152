"""Reading material requests within a person's reach."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select, true

from server.db import db
from server.findings.queries import is_own_evidence
from server.materials.models import MaterialRequest
from server.outlets.models import Outlet
from server.outlets.office_records import found_at_outlet
from server.outlets.queries import is_at_visible, is_visible
from server.outlets.responsible import responsible_id
from server.people.access import sees_whole_company
from server.people.models import Person, Role


def is_visible_request(reader: Person, today: date) -> ColumnElement[bool]:
    """The condition on `MaterialRequest`: all, those at visible outlets, and those behind a finding about oneself."""
    if sees_whole_company(reader):
        return true()
    at_visible_outlets = is_at_visible(MaterialRequest.outlet_id, reader, today)
    return or_(at_visible_outlets, is_own_evidence("material_request", MaterialRequest.id, reader.id))


def is_open() -> ColumnElement[bool]:
    """The condition on `MaterialRequest` that it is to be delivered still."""
    return MaterialRequest.delivered_on.is_(None) & MaterialRequest.voided_at.is_(None)


def visible_request(reader: Person, request_id: str, today: date) -> tuple[MaterialRequest, Outlet]:
    """The request and its outlet, or `not_found` for whoever may not know of it."""
    return found_at_outlet(MaterialRequest, request_id, is_visible_request(reader, today))


def may_deliver(person: Person, outlet: Outlet, today: date) -> bool:
    """The rep whose outlet it is, and the supervisor of its region."""
    if person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids:
        return True
    return person.holds(Role.REP) and db.session.scalar(select(Outlet.id).where(Outlet.id == outlet.id, is_visible(person, today))) is not None


def may_void(person: Person, request: MaterialRequest, outlet: Outlet) -> bool:
    """Ops, and the supervisor of the region, but not whoever would be charged for it."""
    is_ours = person.holds(Role.OPS) or (person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids)
    return is_ours and responsible_id(outlet.id, request.due_on) != person.id
