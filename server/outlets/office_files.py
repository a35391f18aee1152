"""Outlet files that the office enters for customers the company has already: approved at once, and removable while nothing depends on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.db import db
from server.domain.months import Month, business_date
from server.domain.outlet_class import ClassInputs, outlet_class
from server.outlets.duplicates import note_duplicates
from server.outlets.fields import FIELDS
from server.outlets.identity import ENTERED, take_identity
from server.outlets.models import Outlet, OutletClassChange, OutletDuplicate, OutletState, OutletStep
from server.policy.queries import policy_of
from server.references import are_referred_to
from sync.ids import uuid7

MADE, REMOVED = "outlet.imported", "outlet.import_undone"
REASON = "办公室按表格建档"
CHUNK = 500


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


def enter_file(file: OfficeFile, by_id: str, now: datetime, source_id: str) -> str:
    """Keep the file as approved, with its class from that day, and note which outlets it may be again; returns its id. The caller commits."""
    outlet = Outlet(id=uuid7(), code=file.code, region_id=file.region_id, agent_id=file.agent_id, state=OutletState.APPROVED, created_at=now)
    outlet.cashiers = []
    for name, value in file.values.items():
        FIELDS[name].write(outlet, value)
    outlet.account_no, outlet.account_made_on = file.account_no, file.account_made_on
    outlet.approved_on = file.approved_on or business_date(now)
    change = _first_class(outlet)
    if file.document is not None:
        take_identity(outlet, *file.document)
    db.session.add(outlet)
    db.session.flush()
    db.session.add(change)
    db.session.add(OutletStep(id=uuid7(), outlet_id=outlet.id, state=OutletState.APPROVED, by_id=by_id, at=now, reason=REASON))
    record_audit(now, by_id, MADE, ("outlet", outlet.id), code=outlet.code, import_id=source_id)
    if file.document is not None:
        record_audit(now, by_id, ENTERED, ("outlet", outlet.id), kind=outlet.id_kind, masked=outlet.id_masked)
    note_duplicates(outlet, now)
    return outlet.id


def _first_class(outlet: Outlet) -> OutletClassChange:
    """The class by the policy of the month in which the file was approved, in force from that day (RULEBOOK §3)."""
    assert outlet.approved_on is not None
    inputs = ClassInputs(outlet.chain_outlets, outlet.is_franchised_or_own_hall, outlet.floor_area_m2, outlet.monthly_fee_yuan)
    verdict = outlet_class(inputs, policy_of(Month.of_date(outlet.approved_on)))
    outlet.outlet_class, outlet.class_reasons = verdict.outlet_class, list(verdict.reasons)
    change = OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class=outlet.outlet_class, reasons=list(verdict.reasons))
    change.valid_from = outlet.approved_on
    return change


def are_files_untouched(outlet_ids: Sequence[str]) -> bool:
    """Whether the outlets are all here, nobody did anything about them since they were entered, and no other record speaks of them."""
    own = (OutletStep, OutletClassChange, OutletDuplicate)
    for start in range(0, len(outlet_ids), CHUNK):
        part = list(outlet_ids[start : start + CHUNK])
        here = db.session.scalars(select(Outlet.id).where(Outlet.id.in_(part), Outlet.removed_at.is_(None))).all()
        since = (AuditRow.subject_type == "outlet") & AuditRow.subject_id.in_(part) & AuditRow.action.not_in((MADE, ENTERED))
        settled = (OutletDuplicate.outlet_id.in_(part) | OutletDuplicate.other_id.in_(part)) & (OutletDuplicate.outcome != "")
        steps = db.session.scalars(select(OutletStep.outlet_id).where(OutletStep.outlet_id.in_(part))).all()
        classes = db.session.scalars(select(OutletClassChange.outlet_id).where(OutletClassChange.outlet_id.in_(part))).all()
        if not len(here) == len(part) == len(steps) == len(classes):
            return False
        if db.session.scalar(select(AuditRow.id).where(since).limit(1)) or db.session.scalar(
            select(OutletDuplicate.outlet_id).where(settled).limit(1)
        ):
            return False
    return not are_referred_to(Outlet, outlet_ids, own)


def remove_file(outlet_id: str, by_id: str, now: datetime, source_id: str) -> None:
    """Take back a file that is untouched, as if it had never been entered. The caller commits."""
    pairs = (OutletDuplicate.outlet_id == outlet_id) | (OutletDuplicate.other_id == outlet_id)
    db.session.execute(delete(OutletDuplicate).where(pairs).execution_options(synchronize_session=False))
    outlet = db.session.get_one(Outlet, outlet_id)
    for table in (OutletStep, OutletClassChange):
        db.session.execute(delete(table).where(table.outlet_id == outlet_id).execution_options(synchronize_session=False))
    record_audit(now, by_id, REMOVED, ("outlet", outlet_id), code=outlet.code, import_id=source_id)
    db.session.delete(outlet)
