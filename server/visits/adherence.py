"""Planned against visited 计划执行情况, by rep and day and by month (RULEBOOK §4, §11): counted by the database each night."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, select, tuple_

from server.bulk import put_over
from server.db import db, take_turn
from server.domain.months import Month, business_date
from server.leaves.models import Leave
from server.leaves.queries import is_uncovered
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_not_past_churn
from server.outlets.responsible import is_held_on
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlanDay, PlannedVisit

Counts = tuple[int, int, int]
CHUNK = 400


def refresh_plan_days(month: Month, now: datetime) -> int:
    """Count the month's planned days that are over, by the rep who has the outlet now; returns how many rows changed. The caller commits.

    An outlet that was visited on another day of the month, by whomever, is done as planned all the same. A day of leave is the substitute's;
    one on which nobody worked for the rep counts only where it was made. Safe to repeat and in parallel.
    """
    take_turn("plan days")
    today = business_date(now)
    wanted = {(row[0], row[1]): (row[2], row[3], row[4]) for row in db.session.execute(_plan_days(month, today))}
    in_month = PlanDay.day.between(month.first_day, month.last_day)
    columns = (PlanDay.rep_id, PlanDay.day, PlanDay.planned, PlanDay.on_day, PlanDay.in_month)
    known = {(row[0], row[1]): (row[2], row[3], row[4]) for row in db.session.execute(select(*columns).where(in_month))}
    changed = {key: counts for key, counts in wanted.items() if known.get(key) != counts}
    gone = sorted(known.keys() - wanted.keys())
    _write(changed)
    for start in range(0, len(gone), CHUNK):
        chosen = tuple_(PlanDay.rep_id, PlanDay.day).in_(gone[start : start + CHUNK])
        db.session.execute(delete(PlanDay).where(chosen).execution_options(synchronize_session=False))
    return len(changed) + len(gone)


def visits_planned(month: Month, _now: datetime) -> int:
    """How many visits the plans of the month's reps hold: never fewer than are owed."""
    return db.session.scalar(select(func.sum(OutletMonth.planned)).where(*_of_reps(month))) or 0


def visits_made_as_planned(month: Month, _now: datetime) -> int:
    """How many of them were made: by anyone, on any day of the month, but none for another outlet."""
    made = case((OutletMonth.counted < OutletMonth.planned, OutletMonth.counted), else_=OutletMonth.planned)
    return db.session.scalar(select(func.sum(made)).where(*_of_reps(month))) or 0


def _of_reps(month: Month) -> tuple[Any, ...]:
    return OutletMonth.month == str(month), OutletMonth.rep_id.is_not(None)


def _plan_days(month: Month, today: date) -> Any:
    """(rep, day, outlets planned, visited that day, visited another day of the month) of the days before today."""
    counting = and_(Visit.outlet_id == PlannedVisit.outlet_id, Visit.counts)
    on_day = exists().where(counting, Visit.visited_on == PlannedVisit.planned_on)
    in_month = exists().where(counting, Visit.visited_on.between(month.first_day, month.last_day))
    rep_id = func.coalesce(Leave.substitute_id, Assignment.person_id)
    query = select(rep_id, PlannedVisit.planned_on, func.count(), func.count().filter(on_day), func.count().filter(in_month, ~on_day))
    query = query.join(Assignment, is_held_on(PlannedVisit.outlet_id, min(month.last_day, today))).outerjoin(Leave, _is_leave_of_day())
    query = query.join(Outlet, Outlet.id == PlannedVisit.outlet_id).where(is_not_past_churn(month))
    query = query.where(~is_uncovered(Assignment.person_id, PlannedVisit.planned_on) | in_month)
    query = query.where(PlannedVisit.planned_on.between(month.first_day, month.last_day), PlannedVisit.planned_on < today)
    return query.group_by(rep_id, PlannedVisit.planned_on)


def _is_leave_of_day() -> ColumnElement[bool]:
    """The condition on `Leave` that the planned day of the rep who has the outlet is one of it; leaves of somebody never overlap."""
    return and_(Leave.person_id == Assignment.person_id, Leave.starts_on <= PlannedVisit.planned_on, Leave.ends_on >= PlannedVisit.planned_on)


def _write(changed: dict[tuple[str, date], Counts]) -> None:
    names = ("planned", "on_day", "in_month")
    rows = [{"rep_id": key[0], "day": key[1], **dict(zip(names, counts, strict=True))} for key, counts in sorted(changed.items())]
    put_over(PlanDay, rows, ("rep_id", "day"))
