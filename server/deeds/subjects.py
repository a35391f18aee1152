"""The records that deeds are about: what each is called, and its page, in one query for a whole page of deeds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import String, cast, literal, null, select, union_all

from server.callbacks.models import CallBack
from server.checklists.models import Checklist
from server.churn.models import ChurnCase
from server.complaints.models import Complaint
from server.db import db
from server.deeds.words import subject_words
from server.devices.models import Device
from server.domain.policy_keys import POLICY_KEYS
from server.findings.models import Finding
from server.followups.models import FollowUp
from server.language import chosen_language
from server.materials.models import MaterialRequest
from server.outlets.models import Agent, Outlet
from server.payroll.models import WageSheet
from server.people.models import Person, Region, Role
from server.training.models import Training
from server.transactions.models import TableImport
from server.visits.models import Visit

# what stands at an outlet is called by its outlet, what is about somebody by the person
AT_OUTLETS: dict[str, Any] = {
    "visit": Visit,
    "complaint": Complaint,
    "material_request": MaterialRequest,
    "training": Training,
    "follow_up": FollowUp,
    "callback": CallBack,
    "churn_case": ChurnCase,
}
NOTHING, THERE = cast(null(), String), literal(False)
OF_PEOPLE: dict[str, tuple[Any, Any]] = {"finding": (Finding, Finding.month), "wage_sheet": (WageSheet, WageSheet.month), "device": (Device, NOTHING)}
BY_NAME: dict[str, tuple[Any, Any]] = {
    "person": (Person, Person.name),
    "outlet": (Outlet, Outlet.name),
    "region": (Region, Region.name),
    "checklist": (Checklist, Checklist.zh),
    "agent": (Agent, Agent.name),
    "table_import": (TableImport, TableImport.file_name),
}
PAGES = {
    "person": ("staff.person", "person_id"),
    "outlet": ("outlets.outlet", "outlet_id"),
    "visit": ("visits.visit_page", "visit_id"),
    "complaint": ("complaints.complaint", "complaint_id"),
    "material_request": ("materials.material_request", "request_id"),
    "training": ("trainings.training", "training_id"),
    "follow_up": ("followups.follow_up", "follow_up_id"),
    "callback": ("callbacks.callback", "callback_id"),
    "churn_case": ("churn.case", "case_id"),
    "finding": ("findings.finding", "finding_id"),
    "checklist": ("checklists.design", "checklist_id"),
}
PAGES_OF_ADMINISTRATORS = {
    "region": ("regions.region", "region_id"),
    "agent": ("agents.agent", "agent_id"),
    "table_import": ("imports.imported", "import_id"),
}


@dataclass(frozen=True)
class Known:
    """What is known of a record: its name, and of a wage sheet month and person; `is_there` is false for outlets that were removed."""

    name: str
    month: str = ""
    person_id: str = ""
    is_there: bool = True


Subject = tuple[str, str]
Names = dict[Subject, Known]


def known_records(subjects: Iterable[Subject]) -> Names:
    """What stands in the database of these (type, id), in one query; those that are gone, or have no name, are missing."""
    wanted: dict[str, set[str]] = {}
    for subject_type, subject_id in subjects:
        wanted.setdefault(subject_type, set()).add(subject_id)
    queries = [query for subject_type, ids in sorted(wanted.items()) if (query := _named(subject_type, sorted(ids))) is not None]
    if not queries:
        return {}
    rows = db.session.execute(union_all(*queries))
    return {(row.type, row.id): Known(row.name, row.month or "", row.person_id or "", not row.gone) for row in rows}


def _named(subject_type: str, ids: list[str]) -> Any:
    """A query of type, id, name, month, person_id, gone; None for types that are no rows."""
    if subject_type in BY_NAME:
        model, name = BY_NAME[subject_type]
        gone = Outlet.removed_at.is_not(None) if model is Outlet else literal(False)
        query = select(*_columns(subject_type, model.id, name, gone=gone))
    elif subject_type in AT_OUTLETS:
        model = AT_OUTLETS[subject_type]
        query = select(*_columns(subject_type, model.id, Outlet.name)).join(Outlet, Outlet.id == model.outlet_id)
    elif subject_type in OF_PEOPLE:
        model, month = OF_PEOPLE[subject_type]
        query = select(*_columns(subject_type, model.id, Person.name, month, model.person_id)).join(Person, Person.id == model.person_id)
    else:
        return None
    return query.where(model.id.in_(ids))


def _columns(subject_type: str, record_id: Any, name: Any, month: Any = NOTHING, person_id: Any = NOTHING, gone: Any = THERE) -> list[Any]:
    named = {"type": literal(subject_type), "id": record_id, "name": name, "month": month, "person_id": person_id, "gone": gone}
    return [column.label(label) for label, column in named.items()]


@dataclass(frozen=True)
class ShownSubject:
    """`href` is empty where the reader has no page of it."""

    kind: str
    name: str
    href: str


def shown_subject(reader: Person, subject: Subject, names: Names) -> ShownSubject:
    """The record in words, with its page where the reader may open it."""
    known = names.get(subject)
    return ShownSubject(subject_words(subject[0]), _name(subject, known, names), _address(reader, subject, known))


def _name(subject: Subject, known: Known | None, names: Names) -> str:
    subject_type, subject_id = subject
    if known is not None:
        return f"{known.name} {known.month}".strip()
    if subject_type == "planned_training":
        outlet_id, _, month = subject_id.partition(":")
        outlet = names.get(("outlet", outlet_id))
        return f"{outlet.name if outlet else ''} {month}".strip()
    if subject_type == "policy" and subject_id in POLICY_KEYS:
        key = POLICY_KEYS[subject_id]
        return key.en if chosen_language() == "en" else key.zh
    if subject_type in ("training_plan", "wage_month", "calendar_year", "wage_kind", "list"):
        return subject_id
    if subject_type == "tile_source":
        return gettext("全公司")
    return gettext("编号 %(number)s", number=subject_id[-8:])


def _address(reader: Person, subject: Subject, known: Known | None) -> str:
    subject_type, subject_id = subject
    if known is not None and known.is_there:
        pages = PAGES | (PAGES_OF_ADMINISTRATORS if reader.holds(Role.ADMIN) else {})
        if subject_type in pages:
            endpoint, name = pages[subject_type]
            values: dict[str, Any] = {name: subject_id}
            return url_for(endpoint, **values)
        if subject_type == "wage_sheet":
            return url_for("payroll.sheet", month=known.month, person_id=known.person_id)
        if subject_type == "device" and reader.holds(Role.ADMIN):
            return url_for("devices.device_list", person=known.person_id)
    if subject_type == "wage_month":
        return url_for("payroll.sheet_list", month=subject_id)
    if subject_type == "tile_source" and reader.holds(Role.ADMIN):
        return url_for("maps.tiles")
    return url_for("policies.policy_list") if subject_type == "policy" else ""
