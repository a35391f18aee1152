"""The ID document of an outlet's person in charge: who may enter and see it, entering, and looking at the whole number (RULEBOOK §2)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.db import db
from server.domain.months import business_date
from server.domain.resident_id import DOCUMENT_KINDS, document_fault, document_number, masked
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import own_outlet_ids
from server.people.models import Person, Role
from server.sealing import OtherKey, opened, sealed
from sync.problems import Problem

ENTERERS = (Role.REP, Role.SUPERVISOR, Role.MANAGER)
VIEWERS = (Role.SUPERVISOR, Role.MANAGER, Role.SERVICE)
ENTERED, CONFIRMED, VIEWED = "outlet.id_entered", "outlet.id_confirmed", "outlet.id_viewed"
MOST_LOOKS = 20


@dataclass(frozen=True)
class Look:
    """Somebody entered the number or saw the whole of it."""

    at: datetime
    name: str
    action: str


def may_enter(person: Person, outlet: Outlet, today: date) -> bool:
    """The manager, the supervisor of its region, and the rep responsible for it."""
    if person.holds(Role.MANAGER) or _supervises(person, outlet):
        return True
    return person.holds(Role.REP) and db.session.scalar(own_outlet_ids(person.id, today).where(Assignment.outlet_id == outlet.id)) is not None


def may_view(person: Person, outlet: Outlet) -> bool:
    """DECISION (the regulation is silent): those who judge files see whole numbers: manager, service, and the region's supervisor."""
    return person.holds(Role.MANAGER, Role.SERVICE) or _supervises(person, outlet)


def _supervises(person: Person, outlet: Outlet) -> bool:
    return person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids


def enter_identity(outlet_id: str, kind: str, number: str, by_id: str, now: datetime) -> bool:
    """Check and seal the document; False when this very one stands already, which is confirmed then. Commits.

    Raises `invalid` with the fault of `id_kind` or `id_number` (the codes of `document_fault`); nothing is changed then.
    """
    if kind not in DOCUMENT_KINDS:
        raise Problem("invalid", fields={"id_kind": "choose"})
    number = document_number(number)
    fault = document_fault(kind, number, business_date(now)) if number else "required"
    if fault:
        raise Problem("invalid", fields={"id_number": fault})
    outlet = db.session.get_one(Outlet, outlet_id, with_for_update=True)
    is_new = not holds_document(outlet, kind, number)
    if is_new:
        take_identity(outlet, kind, number)
    record_audit(now, by_id, ENTERED if is_new else CONFIRMED, ("outlet", outlet_id), kind=kind, masked=outlet.id_masked)
    db.session.commit()
    return is_new


def holds_document(outlet: Outlet, kind: str, number: str) -> bool:
    """Whether this very document stands in the file."""
    try:
        return outlet.id_kind == kind and bool(outlet.id_sealed) and opened(outlet.id_sealed, outlet.id) == number
    except OtherKey:
        return False


def take_identity(outlet: Outlet, kind: str, number: str) -> None:
    """Seal a number that was checked into the file; the caller commits."""
    outlet.id_kind, outlet.id_sealed, outlet.id_masked = kind, sealed(number, outlet.id), masked(number)


def newest_entry(outlet_id: str) -> datetime | None:
    """When the document of the file was read last, as far as it is known: on a phone, or as it was typed in the console."""
    entered = (AuditRow.subject_type == "outlet", AuditRow.subject_id == outlet_id, AuditRow.action.in_((ENTERED, CONFIRMED)))
    rows = db.session.execute(select(AuditRow.at, AuditRow.detail).where(*entered))
    times = [datetime.fromisoformat(detail["read_at"]) if "read_at" in detail else at for at, detail in rows]
    return max(times, default=None)


def view_identity(outlet_id: str, by_id: str, now: datetime) -> str:
    """The whole number, for this once: that somebody saw it is kept first. Commits.

    Raises `not_found` when the file has none, `sealed_elsewhere` when the key at hand does not open it.
    """
    outlet = db.session.get_one(Outlet, outlet_id)
    if not outlet.id_sealed:
        raise Problem("not_found", "no ID number")
    number = whole_number(outlet)
    record_audit(now, by_id, VIEWED, ("outlet", outlet_id), kind=outlet.id_kind, masked=outlet.id_masked)
    db.session.commit()
    return number


def whole_number(outlet: Outlet) -> str:
    """The number that the file holds; the caller keeps that somebody saw it. Raises `sealed_elsewhere`."""
    try:
        return opened(outlet.id_sealed, outlet.id)
    except OtherKey as fault:
        raise Problem("sealed_elsewhere") from fault


def looks_at(outlet_id: str) -> list[Look]:
    """Who entered or saw the number, newest first, at most `MOST_LOOKS`."""
    of_outlet = (AuditRow.subject_type == "outlet", AuditRow.subject_id == outlet_id, AuditRow.action.in_((ENTERED, VIEWED)))
    query = select(AuditRow.at, Person.name, AuditRow.action).join(Person, Person.id == AuditRow.actor_id).where(*of_outlet)
    return [Look(*row) for row in db.session.execute(query.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(MOST_LOOKS))]
