"""What happened to an outlet's file: made, its steps, edits, classes, a double taken in."""

from typing import Any

from sqlalchemy import select

from server.audit.models import AuditRow
from server.histories.rows import Asked, rows_of
from server.outlets.identity import CONFIRMED, ENTERED
from server.outlets.models import Outlet, OutletAlias, OutletClassChange, OutletStep
from server.outlets.office_files import ACCOUNT_SET, MADE
from server.people.models import Person
from server.transactions.fee_proposals import ADOPTED

FOUND, EDITED, MOVED = "outlet.found", "outlet.edited", "outlet.moved"
POSITIONS = ("outlet.position_approved", "outlet.position_declined")
FILE_DEEDS = (EDITED, ENTERED, CONFIRMED, ACCOUNT_SET, ADOPTED, *POSITIONS)  # never who looked at what


def file_rows(asked: Asked) -> list[Any]:
    """One select each (see `rows_of`): of how it was made, its steps, edits, classes by day, and doubles that were taken in."""
    return [_made(asked), _steps(asked), _deeds(asked), _classes(asked), _merged(asked)]


def is_about(asked: Asked, *deeds: str) -> tuple[Any, ...]:
    """The conditions on `AuditRow` that it is one of these deeds on the outlet."""
    return AuditRow.subject_type == "outlet", AuditRow.subject_id == asked.outlet.id, AuditRow.action.in_(deeds)


def _made(asked: Asked) -> Any:
    maker = select(Person.name).join(AuditRow, AuditRow.actor_id == Person.id).where(*is_about(asked, FOUND, MADE)).limit(1).scalar_subquery()
    return rows_of(asked, "made", Outlet.id, Outlet.id, at=Outlet.created_at, by_name=maker).where(Outlet.id == asked.outlet.id)


def _steps(asked: Asked) -> Any:
    columns = {"at": OutletStep.at, "by_name": Person.name, "code": OutletStep.state, "note": OutletStep.reason}
    query = rows_of(asked, "step", OutletStep.id, OutletStep.outlet_id, **columns).join(Person, Person.id == OutletStep.by_id)
    return query.where(OutletStep.outlet_id == asked.outlet.id)


def _deeds(asked: Asked) -> Any:
    columns = {"at": AuditRow.at, "by_name": Person.name, "code": AuditRow.action, "facts": AuditRow.detail["fields"]}
    query = rows_of(asked, "deed", AuditRow.id, AuditRow.subject_id, **columns).outerjoin(Person, Person.id == AuditRow.actor_id)
    return query.where(*is_about(asked, *FILE_DEEDS))


def _classes(asked: Asked) -> Any:
    change = OutletClassChange
    query = rows_of(asked, "class", change.id, change.outlet_id, on=change.valid_from, code=change.outlet_class)
    return query.where(change.outlet_id == asked.outlet.id)


def _merged(asked: Asked) -> Any:
    columns = {"at": OutletAlias.made_at, "by_name": Person.name, "other_name": Outlet.name}
    query = rows_of(asked, "merged", OutletAlias.outlet_id, OutletAlias.kept_id, **columns).join(Person, Person.id == OutletAlias.made_by_id)
    return query.join(Outlet, Outlet.id == OutletAlias.outlet_id).where(OutletAlias.kept_id == asked.outlet.id)
