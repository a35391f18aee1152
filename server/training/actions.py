"""Deeds on trainings (RULEBOOK §5): recorded once held, voided if typed wrong; the month's plan adjusted by the supervisor."""

from dataclasses import dataclass
from datetime import date, datetime

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.domain.months import Month, business_date
from server.media.pictures import name_pictures
from server.outlets.models import Outlet
from server.outlets.office_records import kept_once
from server.training.models import PlannedTraining, Training
from sync.problems import Problem


@dataclass(frozen=True)
class Held:
    """A training as it was held (form 附表三). `id` is made with the form, so that sending it twice makes one.

    That of a new customer is recorded, but is no part of the plan that earns the award (RULEBOOK §11). `attendee_count` may leave out
    people who are named; `op_id` is the phone's operation, empty when the office entered it; `signature_refusal` says why nobody
    signed, None where somebody did.
    """

    id: str
    outlet_id: str
    trainer_id: str
    trained_on: date
    is_new_customer: bool
    place: str
    content: str
    attendees: tuple[str, ...]
    attendee_count: int
    photo_sha256: str
    signature_sha256: str | None
    signer_name: str
    more_photos: tuple[str, ...] = ()
    op_id: str | None = None
    signature_refusal: str | None = None


def record_training(held: Held, by_id: str, now: datetime) -> Training:
    """Keep a training. Commits; the same one again changes nothing."""
    return kept_once(Training, held, ("outlet_id", "trained_on"), lambda: keep_training(held, by_id, now))


def keep_training(held: Held, by_id: str, now: datetime) -> Training:
    """Keep a training whose id is not in use. The caller commits."""
    training = Training(id=held.id, outlet_id=held.outlet_id, trainer_id=held.trainer_id, trained_on=held.trained_on, received_at=now)
    training.is_new_customer, training.place, training.content = held.is_new_customer, held.place, held.content
    training.attendees = [{"name": name} for name in held.attendees]
    training.attendee_count, training.photos = max(held.attendee_count, len(held.attendees)), [held.photo_sha256, *held.more_photos]
    training.signature_sha256, training.signer_name, training.op_id = held.signature_sha256, held.signer_name, held.op_id
    training.signature_refusal = held.signature_refusal
    db.session.add(training)
    name_pictures([*training.photos, training.signature_sha256], ("training", training.id), by_id)
    record_audit(now, by_id, "training.recorded", ("training", training.id))
    return training


def void_training(training_id: str, reason: str, by_id: str, now: datetime) -> None:
    """Let one that was typed wrong count for nothing. Commits; `stale` when it is void.

    A closed month that it counted in stays; what that month should have paid comes as an adjustment.
    """
    training = held(Training, training_id)
    if training is None:
        raise Problem("not_found", f"training {training_id}")
    if training.voided_at is not None:
        raise Problem("stale")
    if not reason:
        raise Problem("invalid", fields={"void_reason": "required"})
    training.void(reason, by_id, now)
    record_audit(now, by_id, "training.voided", ("training", training.id), reason=reason)
    db.session.commit()


@dataclass(frozen=True)
class Arrangement:
    """When, where and what: empty parts are open."""

    planned_on: date | None
    place: str
    content: str


def plan_outlet(month: Month, outlet_id: str, by_id: str, now: datetime) -> PlannedTraining:
    """Put an outlet into the plan of a month that is not over. Commits; one that is planned stays as it is."""
    _check_month(month, now)
    take_turn("training plan")
    planned = db.session.get(PlannedTraining, (str(month), outlet_id))
    if planned is None:
        letter = db.session.get_one(Outlet, outlet_id).outlet_class
        planned = PlannedTraining(month=str(month), outlet_id=outlet_id, outlet_class=letter, made_by_id=by_id, made_at=now)
        db.session.add(planned)
        record_audit(now, by_id, "training.outlet_planned", ("planned_training", f"{outlet_id}:{month}"))
    db.session.commit()
    return planned


def arrange_training(month: Month, outlet_id: str, arrangement: Arrangement, by_id: str, now: datetime) -> None:
    """Say when, where and what. Commits."""
    _check_month(month, now)
    planned = _held(month, outlet_id)
    if arrangement.planned_on is not None and Month.of_date(arrangement.planned_on) != month:
        raise Problem("invalid", fields={"planned_on": "not_in_the_month"})
    planned.planned_on, planned.place, planned.content = arrangement.planned_on, arrangement.place, arrangement.content
    record_audit(now, by_id, "training.arranged", ("planned_training", f"{outlet_id}:{month}"))
    db.session.commit()


def unplan_outlet(month: Month, outlet_id: str, reason: str, by_id: str, now: datetime) -> None:
    """Take an outlet out of the plan, with a reason that is kept. Commits."""
    _check_month(month, now)
    if not reason:
        raise Problem("invalid", fields={"reason": "required"})
    db.session.delete(_held(month, outlet_id))
    record_audit(now, by_id, "training.outlet_unplanned", ("planned_training", f"{outlet_id}:{month}"), reason=reason)
    db.session.commit()


def _held(month: Month, outlet_id: str) -> PlannedTraining:
    planned = db.session.get(PlannedTraining, (str(month), outlet_id), with_for_update=True)
    if planned is None:
        raise Problem("stale")
    return planned


def _check_month(month: Month, now: datetime) -> None:
    """The plan of a month that is over is what was paid by; it stays."""
    if month < Month.of_date(business_date(now)):
        raise Problem("invalid", fields={"month": "over"})
