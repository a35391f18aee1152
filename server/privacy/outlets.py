"""Erasing the people of an outlet that is no customer any more: owner, cashiers, ID document; later also the names on records made there.

Signed visits stay whole: they are sealed, and prove a rep's work. What was sent by phones for the file itself goes, its hash stays, so that
the same record sent again is known (ADR 15).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, select, update

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.complaints.models import Complaint
from server.db import db, held
from server.domain.months import business_date
from server.intake.models import SyncConflict, SyncOp
from server.intake.settling import KEPT
from server.materials.models import MaterialRequest
from server.outlets.models import Outlet, OutletStep
from server.outlets.named_people import OF_PEOPLE, keeping_people_out, names_somebody
from server.privacy.deed_details import drop_details
from server.privacy.keeping import outlet_kept_until
from server.privacy.obstacles import is_undecided, outlet_obstacles, refuse
from server.training.models import Training
from sync.problems import Problem

ERASED, FORGOTTEN = "outlet.people_erased", "outlet.people_forgotten"
MOST_REASON = 200
FILE_FORMS, IDENTITY_FORM = ("outlet_edit.v1", "new_outlet.v1"), "identity.v1"
EMPTY, NOTHING = b"{}", "null"


def erase_outlet_people(outlet_id: str, reason: str, by_id: str | None, now: datetime) -> None:
    """Erase what the file of an outlet says of people. The caller commits.

    Raises `not_found`; `stale` when it was done already; `invalid` without a reason, or with the code of every obstacle as a field at fault.
    """
    outlet = held(Outlet, outlet_id)
    if outlet is None:
        raise Problem("not_found", f"outlet {outlet_id}")
    if is_erased(outlet):
        raise Problem("stale")
    refuse(outlet_obstacles(outlet))
    if not reason:
        raise Problem("invalid", fields={"reason": "required"})
    outlet.person_in_charge, outlet.phone, outlet.contact, outlet.cashiers = "", "", "", []
    outlet.id_kind, outlet.id_sealed, outlet.id_masked = "", "", ""
    outlet.people_erased_at, outlet.people_forgotten_at = now, None
    empty_bodies(_of_files(outlet.id))
    _empty_snapshots(outlet.id)
    _empty_conflicts(outlet.id, by_id, now)
    until = outlet_kept_until(outlet, business_date(now))
    drop_details(_deeds_about(outlet.id), (*OF_PEOPLE, "masked"))
    record_audit(now, by_id, ERASED, ("outlet", outlet.id), reason=reason[:MOST_REASON], kept_until=str(until) if until else "")


def is_erased(outlet: Outlet) -> bool:
    """Whether it was done, and nobody was entered since, as for a customer who came back."""
    return outlet.people_erased_at is not None and not names_somebody(outlet)


def _of_files(outlet_id: str) -> ColumnElement[bool]:
    """What phones sent for an outlet's file; ID documents are records of its scope, sealed as they are."""
    is_own = (SyncOp.entity_type == "outlet") & (SyncOp.entity_id == outlet_id) & SyncOp.form.in_(FILE_FORMS)
    return is_own | ((SyncOp.scope_id == f"outlet:{outlet_id}") & (SyncOp.form == IDENTITY_FORM))


def empty_bodies(which: ColumnElement[bool]) -> int:
    """Empty records that nobody has to decide about; returns how many. The caller commits."""
    is_open = func.coalesce(is_undecided(), false())
    emptied = update(SyncOp).where(which, ~is_open, SyncOp.body != EMPTY).values(body=EMPTY)
    return int(db.session.execute(emptied.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _empty_snapshots(outlet_id: str) -> None:
    """What was decided on about people is gone; what else the file said then stays."""
    for step in db.session.scalars(select(OutletStep).where(OutletStep.outlet_id == outlet_id, OutletStep.snapshot.is_not(None))):
        step.snapshot = {name: value for name, value in (step.snapshot or {}).items() if name not in (*OF_PEOPLE, "identity")}


def _empty_conflicts(outlet_id: str, by_id: str | None, now: datetime) -> None:
    """Values that lost cannot be put back any more."""
    of_file = select(SyncOp.op_id).where(_of_files(outlet_id))
    is_value = (SyncConflict.entity_type == "outlet") & (SyncConflict.entity_id == outlet_id) & SyncConflict.field.in_(OF_PEOPLE)
    for conflict in db.session.scalars(select(SyncConflict).where(is_value | SyncConflict.op_id.in_(of_file) & (SyncConflict.field == ""))):
        conflict.mine = conflict.theirs = conflict.before = NOTHING
        if conflict.settled_at is None:
            conflict.outcome, conflict.settled_at, conflict.settled_by_id = KEPT, now, by_id


def _deeds_about(outlet_id: str) -> ColumnElement[bool]:
    """About the outlet, and about what phones sent for its file."""
    of_file = select(SyncOp.op_id).where(_of_files(outlet_id))
    is_own = (AuditRow.subject_type == "outlet") & (AuditRow.subject_id == outlet_id)
    return is_own | ((AuditRow.subject_type == "op") & AuditRow.subject_id.in_(of_file))


def empty_late_files(_now: datetime) -> int:
    """Empty what phones sent for files after their people were erased; returns how many. Safe to repeat; the caller commits."""
    ids, scopes = (select(key).where(keeping_people_out()) for key in (Outlet.id, literal("outlet:") + Outlet.id))
    is_own = (SyncOp.entity_type == "outlet") & SyncOp.entity_id.in_(ids) & SyncOp.form.in_(FILE_FORMS)
    return empty_bodies(is_own | (SyncOp.form == IDENTITY_FORM) & SyncOp.scope_id.in_(scopes))


def forget_outlet_people(now: datetime) -> int:
    """Take people's names off the records made at outlets whose wages need no proof any more; returns of how many outlets.

    Safe to repeat; the caller commits. Visits stay as they were sealed.
    """
    today = business_date(now)
    erased = select(Outlet).where(Outlet.people_forgotten_at.is_(None), keeping_people_out())
    due = [outlet for outlet in db.session.scalars(erased.order_by(Outlet.id).with_for_update()).all() if _is_over(outlet, today)]
    for outlet in due:
        _forget_records(outlet.id)
        outlet.people_forgotten_at = now
        record_audit(now, None, FORGOTTEN, ("outlet", outlet.id))
    return len(due)


def _is_over(outlet: Outlet, today: date) -> bool:
    until = outlet_kept_until(outlet, today)
    return until is not None and until < today and not outlet_obstacles(outlet)


def _forget_records(outlet_id: str) -> None:
    for complaint in _rows(Complaint, outlet_id):
        complaint.complainant, complaint.phone = "", ""
    for training in _rows(Training, outlet_id):
        training.attendees, training.signer_name = [], ""
        training.signature_refusal = _without_words(training.signature_refusal)
    for request in _rows(MaterialRequest, outlet_id):
        request.signer_name, request.signature_refusal = "", _without_words(request.signature_refusal)
    empty_bodies((SyncOp.scope_id == f"outlet:{outlet_id}") & SyncOp.form.not_like("visit.%"))


def _without_words(refusal: str | None) -> str | None:
    """That nobody signed stays."""
    return None if refusal is None else ""


def _rows(model: Any, outlet_id: str) -> Any:
    return db.session.scalars(select(model).where(model.outlet_id == outlet_id))
