"""Taking in visits (form 附表四)."""

import hashlib
from datetime import datetime, timedelta
from math import ceil

import msgspec
from sqlalchemy import select

from server.checklists.queries import designed_questions
from server.db import db
from server.domain.geo import distance_m
from server.domain.months import business_date
from server.outlets.cards import is_card_of
from server.outlets.duplicates import kept_outlet_id
from server.outlets.models import Outlet
from server.outlets.phone_records import accepted_at
from server.visits.models import Visit, VisitPhoto
from server.visits.verdicts import refresh_verdict
from sync.receive import Outcome, Sent, quarantined
from sync.times import corrected
from sync.visit_form import VisitRecord, is_checklist_complete, questions_asked, visit_record


def apply_visit(sent: Sent) -> Outcome:
    """Turn a visit record into a visit, credited to its author whoever has the outlet now (SYNC §4)."""
    try:
        record = visit_record(sent.record)
    except (msgspec.DecodeError, ValueError) as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = _refusal(sent, record)
    if refusal is not None:
        return refusal
    outlet = db.session.get(Outlet, kept_outlet_id(record.outlet_id))
    if outlet is None:
        return quarantined("unknown_outlet", record.outlet_id)
    designed = designed_questions(record.checklist_version)
    if record.checklist_version is not None and designed is None:
        return quarantined("unknown_checklist", record.checklist_version)
    visit = _visit(sent, record, outlet)
    visit.is_checklist_complete = is_checklist_complete(record, questions_asked(sent.op.form, designed))
    visit.photos = _photos(record, visit.clock_offset_ms)
    db.session.add(visit)
    db.session.flush()
    if record.corrects is not None:
        _replace(record.corrects, visit, sent.received_at)
    refresh_verdict(visit, outlet, sent.received_at)
    return accepted_at(outlet, sent)


def _refusal(sent: Sent, record: VisitRecord) -> Outcome | None:
    op = sent.op
    if op.kind != "record" or op.entity.type != "visit" or op.entity.id != record.visit_id:
        return quarantined("invalid_record", "entity")
    if op.scope != f"outlet:{record.outlet_id}":
        return quarantined("invalid_record", "scope")
    named = {photo.sha256 for photo in record.photos} | ({record.signature.sha256} if record.signature else set())
    if named != set(op.blobs):
        return quarantined("invalid_record", "blobs")
    if db.session.get(Visit, record.visit_id) is not None:
        return quarantined("id_taken", record.visit_id)
    if record.corrects is not None and not _may_correct(record, sent.author.person_id):
        return quarantined("unknown_visit", record.corrects)
    return None


def _may_correct(record: VisitRecord, person_id: str) -> bool:
    """A correction replaces an own visit at the same outlet."""
    before = db.session.get(Visit, record.corrects)
    return before is not None and before.rep_id == person_id and before.outlet_id == kept_outlet_id(record.outlet_id)


def _visit(sent: Sent, record: VisitRecord, outlet: Outlet) -> Visit:
    offset_ms = _offset_ms(sent, record)
    checked_in_at = corrected(record.checked_in_at, offset_ms)
    visit = Visit(id=record.visit_id, op_id=sent.op.op_id, form=sent.op.form, outlet_id=outlet.id, rep_id=sent.author.person_id)
    visit.device_id = sent.author.device_id or None
    visit.record_sha256 = hashlib.sha256(sent.body).hexdigest()
    visit.checked_in_at = checked_in_at
    visit.checked_out_at = max(checked_in_at, min(corrected(record.checked_out_at, offset_ms), sent.received_at))
    visit.visited_on = business_date(checked_in_at)
    visit.clock_offset_ms, visit.received_at = offset_ms, sent.received_at
    visit.presence_reason, visit.presence_note = record.presence_reason, record.presence_note
    visit.has_complaint, visit.complaint_note = record.has_complaint, record.complaint_note
    visit.condition, visit.handling = record.condition, record.handling
    visit.checklist = [msgspec.to_builtins(answer) for answer in record.checklist]
    visit.checklist_version_id = record.checklist_version
    visit.is_card_genuine = is_card_of(record.card, record.outlet_id, outlet.id) if record.card else None
    visit.corrects_id, visit.was_out_of_scope = record.corrects, not sent.holds_scope
    visit.signature_refusal, visit.previous_sha256 = record.signature_refusal, record.previous_sha256
    if record.signature:
        visit.signature_sha256 = record.signature.sha256
        visit.signer_name, visit.signer_role = record.signature.signer_name, record.signature.signer_role
    _take_fix(visit, record, outlet, offset_ms)
    return visit


def _offset_ms(sent: Sent, record: VisitRecord) -> int:
    """Server time less phone time: what the phone knew, and as much less as puts a visit that is still to come at its receipt.

    The whole visit moves, so that it keeps its length; one that began before its receipt stays where it is. A correction tells of a
    visit that the company had heard of before.
    """
    known_ms = round(sent.op.t.offset_ms or 0)
    before = db.session.get(Visit, record.corrects) if record.corrects else None
    received_at = min(sent.received_at, before.received_at) if before else sent.received_at
    if corrected(record.checked_in_at, known_ms) <= received_at:
        return known_ms
    to_come = corrected(max(record.checked_in_at, record.checked_out_at), known_ms) - received_at
    return known_ms - ceil(to_come / timedelta(milliseconds=1))


def _take_fix(visit: Visit, record: VisitRecord, outlet: Outlet, offset_ms: int) -> None:
    fix = record.fix
    if fix is None:
        return
    visit.fix_lat, visit.fix_lon, visit.fix_accuracy_m = fix.lat, fix.lon, fix.accuracy_m
    visit.fix_taken_at, visit.fix_source = corrected(fix.taken_at, offset_ms), fix.source[:12]
    if outlet.lat is not None and outlet.lon is not None:
        visit.distance_m = distance_m(outlet.lat, outlet.lon, fix.lat, fix.lon)


def _photos(record: VisitRecord, offset_ms: int) -> list[VisitPhoto]:
    return [
        VisitPhoto(
            visit_id=record.visit_id,
            position=position,
            sha256=photo.sha256,
            slot=photo.slot,
            source=photo.origin or photo.source,
            taken_at=corrected(photo.taken_at, offset_ms),
            width=photo.width,
            height=photo.height,
            size=photo.bytes,
            exif_taken_at=photo.exif_taken_at,
            exif_lat=photo.exif_lat,
            exif_lon=photo.exif_lon,
            is_blurred=photo.is_blurred,
            is_dark=photo.is_dark,
        )
        for position, photo in enumerate(record.photos)
    ]


def _replace(visit_id: str, by: Visit, now: datetime) -> None:
    before = db.session.get_one(Visit, visit_id)
    before.is_replaced = True
    outlet = db.session.get_one(Outlet, by.outlet_id)
    refresh_verdict(before, outlet, now)
    others = select(Visit).where(Visit.outlet_id == by.outlet_id, Visit.corrects_id == visit_id, Visit.id != by.id, Visit.is_replaced.is_(False))
    for other in db.session.scalars(others).all():  # made in two windows: the last one stands
        other.is_replaced = True
        refresh_verdict(other, outlet, now)
