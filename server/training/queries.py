"""Reading trainings and plans within a person's reach."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, true

from server.db import db
from server.domain.months import Month
from server.findings.queries import is_own_evidence
from server.outlets.models import Outlet
from server.outlets.queries import is_at_visible, is_visible
from server.people.access import sees_whole_company
from server.people.choices import Choice
from server.people.models import Person, PersonRegion, PersonRole, Role
from server.training.models import PlannedTraining, Training
from sync.problems import Problem


class Planned(NamedTuple):
    """When an outlet came into a month's plan, by whom (None for the night of the 28th), and for which day."""

    made_at: datetime
    made_by: str | None
    planned_on: date | None


def is_visible_training(reader: Person, today: date) -> ColumnElement[bool]:
    """The condition on `Training`: all, those at visible outlets, one's own, and those behind a finding about oneself."""
    if sees_whole_company(reader):
        return true()
    at_visible_outlets = is_at_visible(Training.outlet_id, reader, today)
    return or_(at_visible_outlets, Training.trainer_id == reader.id, is_own_evidence("training", Training.id, reader.id))


def planned_in(training: Training) -> Planned | None:
    """The place of a training in its month's plan, if it was planned."""
    query = select(PlannedTraining.made_at, Person.name, PlannedTraining.planned_on).outerjoin(Person, Person.id == PlannedTraining.made_by_id)
    month = str(Month.of_date(training.trained_on))
    row = db.session.execute(query.where(PlannedTraining.outlet_id == training.outlet_id, PlannedTraining.month == month)).one_or_none()
    return Planned(*row) if row else None


def visible_training(reader: Person, training_id: str, today: date) -> tuple[Training, Outlet, str]:
    """The training, its outlet and the trainer's name, or `not_found` for whoever may not know of it."""
    query = select(Training, Outlet, Person.name).join(Outlet, Outlet.id == Training.outlet_id).join(Person, Person.id == Training.trainer_id)
    row = db.session.execute(query.where(Training.id == training_id, is_visible_training(reader, today))).one_or_none()
    if row is None:
        raise Problem("not_found", f"training {training_id}")
    return row[0], row[1], row[2]


def visible_plan(reader: Person, month: Month, outlet_id: str, today: date) -> tuple[PlannedTraining, Outlet]:
    """An outlet's place in a month's plan, or `not_found`."""
    query = select(PlannedTraining, Outlet).join(Outlet, Outlet.id == PlannedTraining.outlet_id)
    query = query.where(PlannedTraining.month == str(month), PlannedTraining.outlet_id == outlet_id, is_visible(reader, today))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise Problem("not_found", f"planned training {month} {outlet_id}")
    return row[0], row[1]


def trainers(reader: Person, outlet: Outlet) -> list[Choice]:
    """Who may have trained there: for a supervisor anybody of the region, for a rep only oneself."""
    if not (reader.holds(Role.SUPERVISOR) and outlet.region_id in reader.region_ids):
        return [Choice(reader.id, reader.name)]
    of_region = select(PersonRegion.person_id).where(PersonRegion.region_id == outlet.region_id)
    in_the_field = select(PersonRole.person_id).where(PersonRole.role.in_((Role.REP, Role.SUPERVISOR)))
    query = select(Person.id, Person.name).where(Person.is_active, Person.id.in_(of_region), Person.id.in_(in_the_field))
    return [Choice(*row) for row in db.session.execute(query.order_by(Person.login))]


def may_void(person: Person, outlet: Outlet) -> bool:
    """The supervisor of the region, own trainings too: what is void earns nobody anything."""
    return person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids


def voided_by(training: Training) -> str:
    """The name of whoever voided it, or ""."""
    return db.session.scalar(select(Person.name).where(Person.id == training.voided_by_id)) or ""
