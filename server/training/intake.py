"""Taking in trainings from phones (`training.v1`, form 附表三)."""

from server.db import db
from server.domain.months import business_date
from server.outlets.models import Outlet
from server.outlets.phone_records import accepted_at, own_outlet
from server.training.actions import Held, keep_training
from server.training.models import Training
from sync.receive import Outcome, Sent, outlet_record_refusal, quarantined
from sync.training_form import TrainingRecord, training_record


def apply_training(sent: Sent) -> Outcome:
    """Keep a training that its author held, on the day of the estimated time."""
    try:
        record = training_record(sent.record)
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = outlet_record_refusal(sent, ("training", record.training_id), record.outlet_id, record.pictures)
    if refusal is not None:
        return refusal
    if db.session.get(Training, record.training_id) is not None:
        return quarantined("id_taken", record.training_id)
    outlet = own_outlet(sent, record.outlet_id)
    if outlet is None:
        return quarantined("unknown_outlet", record.outlet_id)
    keep_training(_held(sent, record, outlet), sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _held(sent: Sent, record: TrainingRecord, outlet: Outlet) -> Held:
    return Held(
        id=record.training_id,
        outlet_id=outlet.id,
        trainer_id=sent.author.person_id,
        trained_on=business_date(sent.happened_at(record.held_at)),
        is_new_customer=record.is_new_customer,
        place=record.place.strip(),
        content=record.content.strip(),
        attendees=tuple(name.strip() for name in record.attendees),
        attendee_count=record.attendee_count,
        photo_sha256=record.photos[0],
        more_photos=tuple(record.photos[1:]),
        signature_sha256=record.signature.sha256,
        signer_name=record.signature.signer_name.strip(),
        op_id=sent.op.op_id,
    )
