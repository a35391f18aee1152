"""Imports of tables as their pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.console.paging import cut, instant_key, one_page_down
from server.db import db
from server.people.models import Person
from server.transactions.fault_words import row_fault_words
from server.transactions.models import TableImport
from server.transactions.spool import KeptCheck, find_check, kept_faults
from server.transactions.standing import undo_obstacle
from sync.problems import Problem

SHOWN_FAULTS = 100


@dataclass(frozen=True)
class ImportPage:
    """Imports, newest first, each with who made it and who took it back."""

    rows: list[Any]
    next_key: str | None


@dataclass(frozen=True)
class ShownFault:
    row: int
    field: str
    value: str
    what: str
    remedy: str


@dataclass(frozen=True)
class CheckSheet:
    """A check with its first faults; `more_faults` says that there are others."""

    kept: KeptCheck
    by_name: str
    faults: list[ShownFault]
    more_faults: bool


@dataclass(frozen=True)
class ImportSheet:
    """`obstacle` is why the import cannot be taken back, empty when it can."""

    row: TableImport
    by_name: str
    undone_by: str | None
    obstacle: str


def import_page(after: str, kinds: list[str]) -> ImportPage:
    """A page of imports of these kinds."""
    rows = list(db.session.execute(one_page_down(listed_imports(kinds), (TableImport.at, TableImport.id), instant_key(after))))
    return ImportPage(*cut(rows, lambda row: [row.TableImport.at.isoformat(), row.TableImport.id]))


def listed_imports(kinds: list[str]) -> Any:
    """A select of the imports of these kinds, each with who made it and who took it back; the order is the caller's."""
    return _imports().where(TableImport.kind.in_(kinds))


def import_sheet(import_id: str) -> ImportSheet:
    found = db.session.execute(_imports().where(TableImport.id == import_id)).one_or_none()
    if found is None:
        raise Problem("not_found", f"import {import_id}")
    return ImportSheet(found.TableImport, found.by_name, found.undone_by, undo_obstacle(found.TableImport))


def check_sheet(check_id: str) -> CheckSheet:
    kept = find_check(check_id)
    faults = list(kept_faults(check_id, SHOWN_FAULTS + 1))
    shown = [ShownFault(fault.row, fault.field, fault.value, *row_fault_words(fault)) for fault in faults[:SHOWN_FAULTS]]
    by_name = db.session.scalar(select(Person.name).where(Person.id == kept.by_id)) or ""
    return CheckSheet(kept, by_name, shown, len(faults) > SHOWN_FAULTS)


def is_imported(check_id: str) -> bool:
    return db.session.scalar(select(TableImport.id).where(TableImport.id == check_id)) is not None


def when_and_who(import_id: str) -> tuple[datetime, str]:
    """When an import was made, and by whom."""
    row = db.session.execute(_imports().where(TableImport.id == import_id)).one()
    return row.TableImport.at, row.by_name


def _imports() -> Any:
    undoer = aliased(Person)
    query = select(TableImport, Person.name.label("by_name"), undoer.name.label("undone_by")).join(Person, Person.id == TableImport.by_id)
    return query.outerjoin(undoer, undoer.id == TableImport.undone_by_id)
