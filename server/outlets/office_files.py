"""Outlet files that the office enters for customers the company has already: approved at once, and removable while nothing depends on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, not_, select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.db import db
from server.domain.months import Month, business_date
from server.domain.outlet_class import outlet_class
from server.domain.policy import Policy
from server.feed.clock import FeedEntry, touch
from server.outlets.classes import inputs_of
from server.outlets.duplicates import note_duplicates_of
from server.outlets.fields import FIELDS, Writer
from server.outlets.identity import ENTERED, take_identity
from server.outlets.models import Outlet, OutletClassChange, OutletDuplicate, OutletState, OutletStep
from server.outlets.snapshots import snapshot_of
from server.policy.queries import policy_of
from server.references import are_referred_to
from sync.ids import uuid7

MADE, REMOVED, ACCOUNT_SET = "outlet.imported", "outlet.import_undone", "outlet.account_set"
REASON = "办公室按表格建档"
CHUNK = 500

# tables that other features reckon anew every night from the outlets that there are; `outlet_id` is whose row it is
computed_models: list[Any] = []


@dataclass(frozen=True)
class OfficeFile:
    """`values` by field of `server.outlets.fields`; `document` is kind and number, checked. Without a day it is approved on that of its entry."""

    code: str
    region_id: str
    agent_id: str | None
    values: dict[str, Any]
    document: tuple[str, str] | None
    account_no: str | None
    account_made_on: date | None
    approved_on: date | None


def enter_files(files: Sequence[OfficeFile], by_id: str, now: datetime, source_id: str) -> list[str]:
    """Keep files as approved, each with its class from that day, and note which outlets they may be again; returns their ids.

    The caller commits.
    """
    policies: dict[Month, Policy] = {}
    outlets = []
    with db.session.no_autoflush:
        for file in files:
            outlet = _outlet(file, Writer(by_id, now))
            assert outlet.approved_on is not None
            month = Month.of_date(outlet.approved_on)
            policies[month] = policies.get(month) or policy_of(month)
            outlets.append(outlet)
            db.session.add_all([outlet, _first_class(outlet, policies[month]), _approval(outlet, by_id, now)])
            _audit(outlet, file, by_id, now, source_id)
    db.session.flush()
    note_duplicates_of(outlets, now)
    return [outlet.id for outlet in outlets]


def _outlet(file: OfficeFile, writer: Writer) -> Outlet:
    outlet = Outlet(id=uuid7(), code=file.code, region_id=file.region_id, agent_id=file.agent_id, state=OutletState.APPROVED)
    outlet.cashiers, outlet.created_at = [], writer.at
    for name, value in file.values.items():
        FIELDS[name].write(outlet, value, writer)
    outlet.account_no, outlet.account_made_on = file.account_no, file.account_made_on
    outlet.approved_on = file.approved_on or business_date(writer.at)
    if file.document is not None:
        take_identity(outlet, *file.document)
    return outlet


def _first_class(outlet: Outlet, policy: Policy) -> OutletClassChange:
    """The class by the policy of the month in which the file was approved, in force from that day (RULEBOOK §3)."""
    verdict = outlet_class(inputs_of(outlet), policy)
    outlet.outlet_class, outlet.class_reasons = verdict.outlet_class, list(verdict.reasons)
    change = OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class=outlet.outlet_class, reasons=list(verdict.reasons))
    assert outlet.approved_on is not None
    change.valid_from = outlet.approved_on
    return change


def _approval(outlet: Outlet, by_id: str, now: datetime) -> OutletStep:
    step = OutletStep(id=uuid7(), outlet_id=outlet.id, state=OutletState.APPROVED, by_id=by_id, at=now, reason=REASON)
    step.snapshot = snapshot_of(outlet)
    return step


def _audit(outlet: Outlet, file: OfficeFile, by_id: str, now: datetime, source_id: str) -> None:
    record_audit(now, by_id, MADE, ("outlet", outlet.id), code=outlet.code, import_id=source_id)
    if file.document is not None:
        record_audit(now, by_id, ENTERED, ("outlet", outlet.id), kind=outlet.id_kind, masked=outlet.id_masked)


def are_files_untouched(outlet_ids: Sequence[str]) -> bool:
    """Whether the outlets are all here, nobody did anything about them since they were entered, and no other record speaks of them."""
    own = (OutletStep, OutletClassChange, OutletDuplicate, *computed_models)
    for start in range(0, len(outlet_ids), CHUNK):
        part = list(outlet_ids[start : start + CHUNK])
        here = db.session.scalars(select(Outlet.id).where(Outlet.id.in_(part), Outlet.removed_at.is_(None))).all()
        settled = (OutletDuplicate.outlet_id.in_(part) | OutletDuplicate.other_id.in_(part)) & (OutletDuplicate.outcome != "")
        steps = db.session.scalars(select(OutletStep.outlet_id).where(OutletStep.outlet_id.in_(part))).all()
        classes = db.session.scalars(select(OutletClassChange.outlet_id).where(OutletClassChange.outlet_id.in_(part))).all()
        if not len(here) == len(part) == len(steps) == len(classes):
            return False
        if _has_past(part) or db.session.scalar(select(OutletDuplicate.outlet_id).where(settled).limit(1)):
            return False
    return not are_referred_to(Outlet, outlet_ids, own)


def _has_past(outlet_ids: list[str]) -> bool:
    """Whether anybody did anything about the outlets; a document that came with the file stands under the moment of its entry, and
    accounts that another table set or gave back are that import's own."""
    came_along = AuditRow.action.in_((MADE, ACCOUNT_SET)) | ((AuditRow.action == ENTERED) & (AuditRow.at <= Outlet.created_at))
    query = select(AuditRow.id).join(Outlet, Outlet.id == AuditRow.subject_id)
    query = query.where(AuditRow.subject_type == "outlet", AuditRow.subject_id.in_(outlet_ids), not_(came_along))
    return db.session.scalar(query.limit(1)) is not None


def remove_files(outlet_ids: Sequence[str], by_id: str, now: datetime, source_id: str) -> None:
    """Take back files that are untouched, as if they had never been entered. The caller commits."""
    for start in range(0, len(outlet_ids), CHUNK):
        part = list(outlet_ids[start : start + CHUNK])
        pairs = OutletDuplicate.outlet_id.in_(part) | OutletDuplicate.other_id.in_(part)
        owned = (OutletStep.outlet_id.in_(part), OutletClassChange.outlet_id.in_(part))
        for model in computed_models:
            db.session.execute(delete(model).where(model.outlet_id.in_(part)).execution_options(synchronize_session=False))
        for table, which in ((OutletDuplicate, pairs), (OutletStep, owned[0]), (OutletClassChange, owned[1])):
            db.session.execute(delete(table).where(which).execution_options(synchronize_session=False))
        for outlet in db.session.scalars(select(Outlet).where(Outlet.id.in_(part))).all():
            record_audit(now, by_id, REMOVED, ("outlet", outlet.id), code=outlet.code, import_id=source_id)
            db.session.delete(outlet)
        db.session.flush()
        touch(db.session, *(FeedEntry("outlet", outlet_id, f"outlet:{outlet_id}", is_deleted=True) for outlet_id in part))
