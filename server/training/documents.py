"""Trainings and plans as phones receive them (form 附表三)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal, select

from server.clock import today
from server.db import db
from server.domain.months import Month
from server.feed.clock import touch_all
from server.people.models import Person
from server.training.counting import PERIOD_KEYS, done_from
from server.training.models import PlannedTraining, Training

Document = dict[str, Any]
HISTORY_DAYS = 366

# Asked by every pull that brings trainings, so built once.
_TRAININGS = (
    select(Training, Person.name)
    .join(Person, Person.id == Training.trainer_id)
    .where(Training.id.in_(bindparam("ids", expanding=True)), Training.voided_at.is_(None))
)
_KEY = PlannedTraining.outlet_id + ":" + PlannedTraining.month


def training_documents(ids: list[str]) -> dict[str, Document]:
    return {
        training.id: {
            "id": training.id,
            "outlet_id": training.outlet_id,
            "trained_on": training.trained_on.isoformat(),
            "trainer_name": trainer_name,
            "content": training.content,
            "attendee_count": training.attendee_count,
            "is_new_customer": training.is_new_customer,
            "is_unsigned": training.signature_refusal is not None,
        }
        for training, trainer_name in db.session.execute(_TRAININGS, {"ids": ids})
    }


def live_trainings() -> Select[str, str]:
    """What phones hold: trainings of the last 366 days that are not void."""
    recent = Training.trained_on >= today() - timedelta(days=HISTORY_DAYS)
    return select(Training.id, literal("outlet:") + Training.outlet_id).where(recent, Training.voided_at.is_(None))


def planned_training_documents(ids: list[str]) -> dict[str, Document]:
    """Outlets of plans; an id is `<outlet id>:<month>`, and `planned_on` is null while no day is arranged.
    A training from `done_from` on does what was planned."""
    rows = db.session.scalars(select(PlannedTraining).where(_KEY.in_(ids)))
    return {f"{planned.outlet_id}:{planned.month}": _planned(planned) for planned in rows}


def _planned(planned: PlannedTraining) -> Document:
    return {
        "id": f"{planned.outlet_id}:{planned.month}",
        "outlet_id": planned.outlet_id,
        "month": planned.month,
        "done_from": done_from(planned).isoformat(),
        "planned_on": planned.planned_on.isoformat() if planned.planned_on else None,
        "place": planned.place,
        "content": planned.content,
    }


def live_planned_trainings() -> Select[str, str]:
    """What phones hold: plans of this month and later."""
    return select(_KEY, literal("outlet:") + PlannedTraining.outlet_id).where(_is_live())


def tell_planned_trainings(policy_key: str) -> None:
    """Send anew the plans that phones hold when a policy value on which `done_from` rests is set. The caller commits."""
    if policy_key in PERIOD_KEYS:
        touch_all(db.session, "planned_training", select(_KEY).where(_is_live()))


def _is_live() -> ColumnElement[bool]:
    return PlannedTraining.month >= str(Month.of_date(today()))
