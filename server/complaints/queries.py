"""Reading complaints within a person's reach, and who may handle them."""

from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, true

from server.complaints.models import Complaint, Triage
from server.db import db
from server.findings.queries import is_own_evidence
from server.outlets.models import Outlet
from server.outlets.office_records import found_at_outlet
from server.outlets.queries import is_in_regions, own_outlet_ids, responsible_people
from server.outlets.responsible import responsible_id
from server.people.access import sees_region, sees_whole_company
from server.people.choices import Choice
from server.people.models import Person, PersonRegion, PersonRole, Role


def is_visible_complaint(reader: Person, today: date) -> ColumnElement[bool]:
    """The condition on `Complaint`: all, those at outlets of own regions, a rep's own outlets', and those one has to handle.

    One about a rep shows to reps only once it was investigated: until then nobody should work on the customer.
    """
    if sees_whole_company(reader):
        return true()
    reach: list[ColumnElement[bool]] = [Complaint.assigned_to_id == reader.id, is_own_evidence("complaint", Complaint.id, reader.id)]
    if reader.holds(Role.SUPERVISOR):
        reach.append(is_in_regions(Complaint.outlet_id, reader.region_ids))
    if reader.holds(Role.REP):
        reach.append(Complaint.outlet_id.in_(own_outlet_ids(reader.id, today)) & is_known_to_rep())
    return or_(*reach)


def is_known_to_rep() -> ColumnElement[bool]:
    """The condition on `Complaint` that the rep of its outlet may know of it (as `Complaint.is_known_to_rep`, in SQL)."""
    return Complaint.is_about_rep.is_(False) | (Complaint.verdict != "")


def visible_complaint(reader: Person, complaint_id: str, today: date) -> tuple[Complaint, Outlet]:
    """The complaint and its outlet, or `not_found` for whoever may not know of it."""
    return found_at_outlet(Complaint, complaint_id, is_visible_complaint(reader, today))


def is_open_with(person_id: str) -> ColumnElement[bool]:
    """The condition on `Complaint` for those that the person has to handle still."""
    return (Complaint.assigned_to_id == person_id) & Complaint.resolved_on.is_(None) & Complaint.voided_at.is_(None)


def open_complaints_of(person_id: str) -> int:
    return db.session.scalar(select(func.count(Complaint.id)).where(is_open_with(person_id))) or 0


def may_assign(person: Person, outlet: Outlet) -> bool:
    """Ops, the manager, and the supervisor of the outlet's region."""
    return person.holds(Role.OPS, Role.MANAGER) or (person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids)


def may_handle(person: Person, complaint: Complaint, outlet: Outlet) -> bool:
    """Whoever it is assigned to, and the supervisor of the region."""
    return complaint.assigned_to_id == person.id or (person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids)


def may_report(person: Person, outlet: Outlet) -> bool:
    """Ops, and the supervisor of the region."""
    return person.holds(Role.OPS) or (person.holds(Role.SUPERVISOR) and sees_region(person, outlet.region_id))


def may_void(person: Person, complaint: Complaint) -> bool:
    """Ops, but not whoever it was received about: the award of the month may hang on it."""
    return person.holds(Role.OPS) and responsible_id(complaint.outlet_id, complaint.received_on) != person.id


def assignees(triage: Triage, outlet: Outlet) -> list[Choice]:
    """Who may handle it: the region's supervisors; its reps unless it is about a rep; ops when nobody needs to go there."""
    of_region = Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id == outlet.region_id))
    roles: list[ColumnElement[bool]] = [_holds(Role.SUPERVISOR) & of_region]
    if not triage.is_about_rep:
        roles.append(_holds(Role.REP) & of_region)
        if not triage.needs_call:
            roles.append(_holds(Role.OPS))
    query = select(Person.id, Person.name).where(Person.is_active, or_(*roles)).order_by(Person.login)
    return [Choice(*row) for row in db.session.execute(query)]


def proposed_assignee(complaint: Complaint, choices: list[Choice], reader: Person, today: date) -> str:
    """The id of whom the kind of complaint suggests among those who may handle it, or "" (RULEBOOK §7).

    One about a rep: a supervisor, the reader before others. One that needs a call: the rep of the outlet. Any other: the reader,
    but of one from a phone nobody has said yet what it is.
    """
    ids = [choice.id for choice in choices]
    if complaint.needs_call and not complaint.is_about_rep:
        responsible = responsible_people([complaint.outlet_id], today).get(complaint.outlet_id)
        return responsible.id if responsible and responsible.id in ids else ""
    if complaint.op_id and not complaint.is_about_rep:
        return ""
    if reader.id in ids:
        return reader.id
    return ids[0] if complaint.is_about_rep and ids else ""


def _holds(role: Role) -> ColumnElement[bool]:
    return Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role))
