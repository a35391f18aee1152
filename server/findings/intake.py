"""Taking in objections from phones (`finding_objection.v1`)."""

from server.db import db, held
from server.domain.objections import ObjectionFault
from server.findings.models import Finding, FindingObjection
from server.findings.objections import Objection, ObjectionRefused, take_objection
from server.media.pictures import note_photos
from sync.objection_form import ObjectionRecord, objection_record
from sync.receive import APPLIED, Outcome, Sent, own_record_refusal, quarantined

PROBLEMS = {
    ObjectionFault.SETTLED: "finding_dismissed",
    ObjectionFault.KNOWN: "objection_known",
    ObjectionFault.LATE: "objection_late",
}


def apply_objection(sent: Sent) -> Outcome:
    """Keep an objection to the author's own finding. In time is what was said in time, by the estimated time, however late it came."""
    try:
        record = objection_record(sent.record)
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = own_record_refusal(sent, "finding_objection", record.photos)
    if refusal is not None:
        return refusal
    if db.session.get(FindingObjection, sent.op.entity.id) is not None:
        return quarantined("id_taken", sent.op.entity.id)
    finding = held(Finding, record.finding_id)
    if finding is None or finding.person_id != sent.author.person_id:
        return quarantined("unknown_finding", record.finding_id)
    try:
        take_objection(finding, _objection(sent, record), sent.received_at)
    except ObjectionRefused as refused:
        return quarantined(PROBLEMS[refused.fault], finding.id)
    note_photos(sent.op.op_id, record.photo_facts)
    return Outcome(APPLIED)


def _objection(sent: Sent, record: ObjectionRecord) -> Objection:
    said_at = sent.happened_at(sent.op.t.wall)
    return Objection(sent.op.entity.id, record.text.strip(), tuple(record.photos), said_at, sent.op.op_id)
