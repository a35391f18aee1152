"""Imports of rescue files as their pages show them, read from the audit rows."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.audit.models import AuditRow
from server.console.paging import cut, instant_key, one_page_down
from server.db import db
from server.intake.rescue_report import IMPORTED, RescueReport
from server.outlets.models import Outlet
from server.people.models import Person
from sync.problems import Problem

KEPT = {field.name for field in fields(RescueReport)} - {"person_id", "person_name", "import_id"}


@dataclass(frozen=True)
class RescueImport:
    """`by_name` is empty for the command line."""

    at: datetime
    by_name: str
    report: RescueReport


@dataclass(frozen=True)
class UnfinishedForm:
    """A form that lies in the file only. `outlet` is empty for one of no outlet that is here; `saved_at` when it was last changed, by the phone."""

    kind: str
    outlet: str
    saved_at: datetime | None


@dataclass(frozen=True)
class ImportPage:
    rows: list[RescueImport]
    next_key: str | None


def import_page(after: str) -> ImportPage:
    """Earlier imports, newest first."""
    rows = list(db.session.execute(one_page_down(_imports(), (AuditRow.at, AuditRow.id), instant_key(after))))
    shown, next_key = cut(rows, lambda row: [row.AuditRow.at.isoformat(), row.AuditRow.id])
    return ImportPage([_import(row) for row in shown], next_key)


def rescue_import(import_id: str) -> RescueImport:
    """One import, or `not_found`."""
    row = db.session.execute(_imports().where(AuditRow.id == import_id)).one_or_none()
    if row is None:
        raise Problem("not_found", f"import {import_id}")
    return _import(row)


def unfinished_forms(report: RescueReport) -> list[UnfinishedForm]:
    """The unfinished forms that lay in the file, as it had them."""
    ids = {row["outlet_id"] for row in report.drafts}
    names = {outlet_id: name for outlet_id, name in db.session.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_(ids)))}
    return [UnfinishedForm(row["kind"], names.get(row["outlet_id"], ""), _instant(row["saved_at"])) for row in report.drafts]


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _imports() -> Any:
    by = aliased(Person)
    query = select(AuditRow, Person.name.label("person_name"), by.name.label("by_name")).join(Person, Person.id == AuditRow.subject_id)
    return query.outerjoin(by, by.id == AuditRow.actor_id).where(AuditRow.action == IMPORTED)


def _import(row: Any) -> RescueImport:
    kept = {name: value for name, value in row.AuditRow.detail.items() if name in KEPT}
    report = RescueReport(person_id=row.AuditRow.subject_id, person_name=row.person_name, import_id=row.AuditRow.id, **kept)
    return RescueImport(row.AuditRow.at, row.by_name or "", report)
