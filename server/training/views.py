"""Plans and trainings as their pages show them, with what customers moved before and after 培训效果."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, literal, select

from server.console.counting import rows_up_to
from server.console.paging import after_key, cut, one_page
from server.console.tiles import Tile
from server.db import Yuan, db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.queries import is_at_visible, is_visible
from server.outlets.responsible import with_rep
from server.outlets.work_filter import WorkFilter, at_outlets
from server.outlets.work_lists import day_page
from server.people.models import Person, Role
from server.training.counting import does_planned, is_planned_for
from server.training.models import PlannedTraining, Training
from server.training.queries import is_visible_training
from server.transactions.queries import months_in, volumes_of
from sync.problems import Problem

PLAN = "trainings.plan"
PLAN_STATES = ("plan", "open")  # the whole plan, or what is still to be trained
HELD_STATES = ("held", "voided")
WORKERS = (Role.REP, Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)


@dataclass(frozen=True)
class PlanTable:
    """`done` of `count` outlets were trained in the month; both at the most one more than `MOST_LISTED`."""

    rows: list[Any]
    count: int
    done: int
    next_key: str | None


@dataclass(frozen=True)
class TrainingTable:
    """`rows` pair each training with the outlet's volumes of the month before and the month after, None where they have not come."""

    rows: list[tuple[Any, Decimal | None, Decimal | None]]
    next_key: str | None


def plan_table(reader: Person, month: Month, chosen: WorkFilter, after: str, today: date) -> PlanTable:
    """A page of a month's plan, most falling volume first."""
    columns: list[Any] = [PlannedTraining.outlet_id, PlannedTraining.outlet_class, PlannedTraining.volume_change_yuan]
    columns += [PlannedTraining.planned_on, PlannedTraining.place, Outlet.name.label("outlet"), Person.name.label("rep")]
    query = listed_plan(reader, month, chosen, today).with_only_columns(*columns, trained_in(month).label("training_id"))
    query = with_rep(query, today)
    order = [PlannedTraining.volume_change_yuan, PlannedTraining.outlet_id]
    found = list(db.session.execute(one_page(query, order, _plan_key(after))))
    rows, next_key = cut(found, lambda row: [str(row.volume_change_yuan), row.outlet_id])
    listed = _of_plan(month, chosen, is_visible(reader, today), today)
    count, done = db.session.execute(select(rows_up_to(listed), rows_up_to(listed.where(is_trained_in(month))))).one()
    return PlanTable(rows, count, done, next_key)


def listed_plan(reader: Person, month: Month, chosen: WorkFilter, today: date) -> Any:
    """A select of the month's planned trainings within reach that the filter names, joined with `Outlet`."""
    return _of_plan(month, chosen, is_at_visible(PlannedTraining.outlet_id, reader, today), today)


def _of_plan(month: Month, chosen: WorkFilter, in_reach: ColumnElement[bool], today: date) -> Any:
    query = select(PlannedTraining).join(Outlet, Outlet.id == PlannedTraining.outlet_id)
    query = at_outlets(query.where(is_planned_for(month), in_reach), chosen, today)
    return query.where(~is_trained_in(month)) if chosen.state == "open" else query


def trained_in(month: Month) -> Any:
    """The first training of the planned outlet that does what was planned for the month."""
    return _held_in(month).order_by(Training.trained_on, Training.id).limit(1).correlate(PlannedTraining).scalar_subquery()


def is_trained_in(month: Month) -> ColumnElement[bool]:
    """Whether the planned outlet had such a training; not "exists", for which PostgreSQL reads all trainings."""
    return _held_in(month).limit(1).correlate(PlannedTraining).scalar_subquery().is_not(None)


def _held_in(month: Month) -> Any:
    return select(Training.id).where(Training.outlet_id == PlannedTraining.outlet_id, does_planned(month))


def _plan_key(after: str) -> list[Any] | None:
    key = after_key(after, str, str)
    if key is None:
        return None
    try:
        return [literal(Decimal(key[0]), Yuan), key[1]]
    except InvalidOperation as fault:
        raise Problem("invalid", "after") from fault


def training_table(reader: Person, chosen: WorkFilter, after: str, today: date) -> TrainingTable:
    """A page of trainings that were held, or of void ones, newest first."""
    columns = (Training.id, Training.trained_on, Training.is_new_customer, Training.attendee_count, Training.outlet_id, Training.signature_refusal)
    query = listed_trainings(reader, chosen, today).with_only_columns(*columns, Outlet.name.label("outlet"), Person.name.label("trainer"))
    rows, next_key = day_page(query, (Training.trained_on, Training.id), after, is_newest_first=True)
    return TrainingTable(with_effect(rows), next_key)


def listed_trainings(reader: Person, chosen: WorkFilter, today: date) -> Any:
    """A select of the trainings within reach that the filter names, joined with `Outlet` and the `Person` who trained."""
    query = select(Training).join(Outlet, Outlet.id == Training.outlet_id).join(Person, Person.id == Training.trainer_id)
    is_void = Training.voided_at.is_not(None)
    query = query.where(is_void if chosen.state == "voided" else ~is_void)
    return at_outlets(query.where(is_visible_training(reader, today)), chosen, today)


def with_effect(rows: list[Any]) -> list[tuple[Any, Decimal | None, Decimal | None]]:
    """Rows of trainings, each with the volumes that `TrainingTable` names; in two queries."""
    known = months_in({near for row in rows for near in _months_around(row.trained_on)})
    volumes = volumes_of({row.outlet_id for row in rows}, known)
    nothing = dict.fromkeys(known, Decimal("0.00"))
    found = []
    for row in rows:
        before, after = _months_around(row.trained_on)
        moved = nothing | volumes.get(row.outlet_id, {})
        found.append((row, moved.get(before), moved.get(after)))
    return found


def _months_around(day: date) -> tuple[Month, Month]:
    month = Month.of_date(day)
    return month.previous(), month.next()


def training_tiles(person: Person, today: date) -> list[Tile]:
    """Outlets of this month's plan that are still to be trained, within reach."""
    if not person.holds(*WORKERS):
        return []
    month = Month.of_date(today)
    query = select(func.count()).select_from(PlannedTraining)
    query = query.where(is_planned_for(month), is_at_visible(PlannedTraining.outlet_id, person, today), ~is_trained_in(month))
    query = query.order_by(PlannedTraining.outlet_id)
    return [Tile(gettext("本月待培训"), query.scalar_subquery(), url_for(PLAN, state="open"), gettext("计划内还没有培训的网点"), "warm", PLAN)]
