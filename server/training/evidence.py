"""Trainings as evidence cards, and who sees their pictures."""

from datetime import date

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from server.console.formats import day as written_day
from server.db import db
from server.findings.evidence import Card
from server.media.pictures import records_with
from server.outlets.models import Outlet
from server.people.models import Person
from server.training.models import Training
from server.training.queries import is_visible_training


def training_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Trainings within the reader's reach, each with its photo."""
    query = select(Training, Outlet.name).join(Outlet, Outlet.id == Training.outlet_id)
    query = query.where(Training.id.in_(ids), is_visible_training(reader, today)).order_by(Training.trained_on)
    return {row.Training.id: _card(row.Training, row.name) for row in db.session.execute(query)}


def _card(training: Training, outlet_name: str) -> Card:
    text = gettext("%(day)s 培训 %(people)s 人", day=written_day(training.trained_on), people=training.attendee_count)
    unsigned = [gettext("未签字")] if training.signature_refusal is not None else []
    href = url_for("trainings.training", training_id=training.id)
    photo = training.photos[0] if training.photos else ""
    mark, word = ("none", gettext("已作废")) if training.voided_at else ("done", gettext("已培训"))
    return Card("training", training.id, mark, word, outlet_name, " · ".join([text, training.place, *unsigned]), href, photo)


def sees_training(sha256: str, reader: Person, today: date) -> bool:
    """Whether the picture belongs to a training that the person may see."""
    shown = Training.id.in_(records_with(sha256, "training"))
    return db.session.scalar(select(Training.id).where(shown, is_visible_training(reader, today)).limit(1)) is not None
