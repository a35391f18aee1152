"""Taking in trainings from phones (`training.v2`, form 附表三)."""

from server.db import db
from server.domain.months import business_date
from server.media.pictures import note_photos
from server.outlets.models import Outlet
from server.outlets.phone_records import accepted_at, opened, refusable
from server.training.actions import Held, keep_training
from server.training.models import Training
from sync.receive import Outcome, Sent
from sync.signed import kept_signed
from sync.training_form import TrainingRecord, training_record


@refusable
def apply_training(sent: Sent) -> Outcome:
    """Keep a training that its author held, on the day of the estimated time."""
    record, outlet = opened(sent, "training", training_record, _is_known)
    note_photos(sent.op.op_id, record.photo_facts)
    keep_training(_held(sent, record, outlet), sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _is_known(training_id: str) -> bool:
    return db.session.get(Training, training_id) is not None


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
        op_id=sent.op.op_id,
        **kept_signed(record.signature, record.signature_refusal),
    )
