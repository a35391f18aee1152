"""Reading churn cases within a person's reach, and whose word a person may give."""

from datetime import date

from sqlalchemy import ColumnElement, or_, true

from server.churn.models import ChurnCase
from server.domain.churn import Source
from server.findings.queries import is_own_evidence
from server.outlets.models import Outlet
from server.outlets.office_records import found_at_outlet
from server.outlets.queries import is_at_visible
from server.outlets.responsible import responsible_id
from server.people.access import sees_whole_company
from server.people.models import Person, Role


def is_visible_case(reader: Person, today: date) -> ColumnElement[bool]:
    """The condition on `ChurnCase`: all, those at visible outlets, and those behind a finding about oneself."""
    if sees_whole_company(reader):
        return true()
    at_visible_outlets = is_at_visible(ChurnCase.outlet_id, reader, today)
    return or_(at_visible_outlets, is_own_evidence("churn_case", ChurnCase.id, reader.id))


def visible_case(reader: Person, case_id: str, today: date) -> tuple[ChurnCase, Outlet]:
    """The case and its outlet, or `not_found` for whoever may not know of it."""
    return found_at_outlet(ChurnCase, case_id, is_visible_case(reader, today))


def sources_of(person: Person, case: ChurnCase, outlet: Outlet, today: date) -> tuple[Source, ...]:
    """Whose word the person may give: marketing's within its time by the outlet's rep or the supervisor, ops' by ops, on site by
    the supervisor or the manager."""
    supervises = person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids
    is_own = person.holds(Role.REP) and responsible_id(outlet.id, today) == person.id
    allowed = {
        Source.MARKETING: (is_own or supervises) and today <= case.due_on,
        Source.OPS: person.holds(Role.OPS),
        Source.ON_SITE: supervises or person.holds(Role.MANAGER),
    }
    return tuple(source for source, is_allowed in allowed.items() if is_allowed)
