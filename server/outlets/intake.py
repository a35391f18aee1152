"""Taking in outlet files from phones: changed fields (`outlet_edit.v1`) and new outlets (`new_outlet.v1`)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.domain.months import business_date
from server.feed.clock import grant
from server.feed.scopes import ever_held_scope
from server.media.models import BlobRef
from server.media.pictures import note_photos
from server.outlets.accounts import is_account_of_another
from server.outlets.classes import date_first_class, refresh_class
from server.outlets.duplicates import note_duplicates
from server.outlets.edits import ACCOUNT_TAKEN, cleaned_edits, collision, merge_edits, without_people
from server.outlets.fields import FIELDS, PHOTOS, Writer, clean_value
from server.outlets.models import Assignment, Outlet, OutletState
from server.outlets.queries import responsible_name
from server.people.models import Person, Region
from sync.ids import uuid7
from sync.outlet_form import FieldEdit, NewOutlet, new_outlet, outlet_edit
from sync.problems import OpProblem
from sync.receive import APPLIED, CONFLICT_RECORDED, MERGED, NOOP, PARKED, Outcome, Sent, quarantined


def apply_outlet_edit(sent: Sent) -> Outcome:
    """Merge a rep's changes into the file, field by field (SYNC §4)."""
    try:
        record = outlet_edit(sent.record)
        edits = cleaned_edits(record.fields)
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    if sent.op.kind != "edit" or sent.op.entity.type != "outlet" or sent.op.entity.id != record.outlet_id:
        return quarantined("invalid_record", "entity")
    if sent.op.scope != f"outlet:{record.outlet_id}":
        return quarantined("invalid_record", "scope")
    if not _are_photos_sent(sent, {name: edit.mine for name, edit in edits.items()}):
        return quarantined("invalid_record", "blobs")
    note_photos(sent.op.op_id, record.photo_facts)
    outlet = db.session.get(Outlet, record.outlet_id, with_for_update={"key_share": True})
    if outlet is None:
        return quarantined("unknown_outlet", record.outlet_id)
    kept = without_people(outlet, edits)
    if len(kept) < len(edits):
        return _without_people(sent, outlet, kept)
    return _taken(sent, outlet, edits)


def _without_people(sent: Sent, outlet: Outlet, edits: dict[str, FieldEdit]) -> Outcome:
    """What is left of an edit is taken in; whatever becomes of it, its author hears that people's data was not."""
    outcome = _taken(sent, outlet, edits) if edits else Outcome(NOOP)
    return outcome if outcome.code == PARKED else replace(outcome, problem=OpProblem("people_erased"))


def _taken(sent: Sent, outlet: Outlet, edits: dict[str, FieldEdit]) -> Outcome:
    if outlet.removed_at is not None:
        by_name = db.session.scalar(select(Person.name).where(Person.id == outlet.removed_by_id)) or ""
        return _parked(outlet, edits, OpProblem("outlet_removed", by_name))
    if not sent.holds_scope:
        return _parked(outlet, edits, OpProblem("not_yours_now", responsible_name(outlet.id, business_date(sent.received_at))))
    return _merged(sent, outlet, edits)


def _parked(outlet: Outlet, edits: dict[str, FieldEdit], why: OpProblem) -> Outcome:
    """Every field waits for a supervisor; `why` names who removed the outlet, or who has it now."""
    return Outcome(PARKED, why, tuple(collision(name, edit, FIELDS[name].read(outlet), True) for name, edit in edits.items()))


def _merged(sent: Sent, outlet: Outlet, edits: dict[str, FieldEdit]) -> Outcome:
    merge = merge_edits(outlet, edits, _writer(sent))
    if merge.changed:
        record_audit(sent.received_at, sent.author.person_id, "outlet.edited", ("outlet", outlet.id), fields=sorted(edits), op_id=sent.op.op_id)
    collisions = tuple(merge.collisions)
    if any(one.is_parked for one in collisions):
        codes = {merge.waits.get(one.field, "waits_for_decision") for one in collisions if one.is_parked}
        return Outcome(PARKED, OpProblem(codes.pop() if len(codes) == 1 else "waits_for_decision"), collisions)
    if collisions:
        return Outcome(CONFLICT_RECORDED, OpProblem("field_conflict"), collisions)
    if not merge.changed:
        return Outcome(NOOP)
    return Outcome(APPLIED if merge.changed == len(edits) else MERGED)


def apply_new_outlet(sent: Sent) -> Outcome:
    """Keep an outlet that a rep found as a draft file, theirs from that day on; a likely duplicate is noted, never refused.

    The number of another outlet's account is left out and waits for a supervisor.
    """
    try:
        record = new_outlet(sent.record)
        values = {name: clean_value(name, value) for name, value in record.fields.items()}
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = _refusal(sent, record)
    if refusal is not None:
        return refusal
    if not _are_photos_sent(sent, values):
        return quarantined("invalid_record", "blobs")
    note_photos(sent.op.op_id, record.photo_facts)
    taken = values.get("account_no")
    if taken and is_account_of_another(taken, record.outlet_id):
        del values["account_no"]
    else:
        taken = None
    outlet = _draft(record, sent.received_at)
    for name, value in values.items():
        FIELDS[name].write(outlet, value, _writer(sent))
    db.session.add(outlet)
    db.session.flush()
    refresh_class(outlet, sent.received_at)
    date_first_class(outlet)
    _hand_over(outlet, sent)
    is_likely_known = note_duplicates(outlet, sent.received_at)
    if taken:
        return Outcome(PARKED, OpProblem(ACCOUNT_TAKEN), (collision("account_no", FieldEdit(base=None, mine=taken), None, True),))
    return Outcome(APPLIED, OpProblem("possible_duplicate") if is_likely_known else None)


def _writer(sent: Sent) -> Writer:
    return Writer(sent.author.person_id, sent.received_at)


def _are_photos_sent(sent: Sent, values: dict[str, Any]) -> bool:
    """Whether the operation brings the photos that its fields name, or an earlier one about this outlet did."""
    missing = {values[name] for name in PHOTOS if values.get(name)} - set(sent.op.blobs)
    if not missing:
        return True
    known = select(BlobRef.sha256).where(BlobRef.sha256.in_(missing), BlobRef.entity_type == "outlet", BlobRef.entity_id == sent.op.entity.id)
    return missing == set(db.session.scalars(known))


def _is_or_was_theirs(region_id: str, person_id: str) -> bool:
    """Whether there is such a region and it is the person's, or was."""
    if db.session.get(Region, region_id) is None:
        return False
    return region_id in db.session.get_one(Person, person_id).region_ids or ever_held_scope(person_id, {f"region:{region_id}"})


def _refusal(sent: Sent, record: NewOutlet) -> Outcome | None:
    op = sent.op
    if op.kind != "record" or op.entity.type != "outlet" or op.entity.id != record.outlet_id:
        return quarantined("invalid_record", "entity")
    if op.scope != f"outlet:{record.outlet_id}":
        return quarantined("invalid_record", "scope")
    if db.session.get(Outlet, record.outlet_id) is not None:
        return quarantined("id_taken", record.outlet_id)
    if not _is_or_was_theirs(record.region_id, sent.author.person_id):
        return quarantined("unknown_region", record.region_id)
    return None


def _draft(record: NewOutlet, now: datetime) -> Outlet:
    code = "X" + record.outlet_id.replace("-", "")[-12:].upper()
    outlet = Outlet(id=record.outlet_id, code=code, name=record.name.strip(), state=OutletState.DRAFT, region_id=record.region_id)
    outlet.outlet_class, outlet.class_reasons, outlet.cashiers, outlet.created_at = "C", ["C.unknown"], [], now
    return outlet


def _hand_over(outlet: Outlet, sent: Sent) -> None:
    """The finder is responsible for the outlet and holds its scope."""
    person_id, now = sent.author.person_id, sent.received_at
    row = Assignment(id=uuid7(), outlet_id=outlet.id, person_id=person_id, starts_on=business_date(now), made_by_id=person_id, made_at=now)
    db.session.add(row)
    grant(db.session, person_id, f"outlet:{outlet.id}", "found")
    record_audit(now, person_id, "outlet.found", ("outlet", outlet.id), op_id=sent.op.op_id)
