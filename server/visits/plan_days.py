"""Days of the plan of visits: those on which a rep can still go, those on which somebody went, and those that passed in vain."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.working_days import is_working_day
from server.leaves.queries import days_not_at_work
from server.outlets.responsible import responsible_id
from server.policy.queries import working_years
from server.visits.models import Visit
from server.visits.plan_models import PlannedVisit


def working_days_left(rep_id: str | None, first: date, month: Month) -> list[date]:
    """The days of the month from `first` on, on which the rep works: no leave, and none before the first or after the last one. Nobody's outlet has
    every working day."""
    years, away = working_years(), days_not_at_work(rep_id, first, month.last_day) if rep_id else set()
    days = (first + timedelta(days=step) for step in range((month.last_day - first).days + 1))
    return [day for day in days if is_working_day(day, years) and day not in away]


def next_free_day(outlet_id: str, month: Month, today: date) -> date | None:
    """The first day after today on which the outlet's rep works and the outlet is not planned; today when no other is left."""
    days = working_days_left(responsible_id(outlet_id, today), max(month.first_day, today), month)
    planned = select(PlannedVisit.planned_on).where(PlannedVisit.outlet_id == outlet_id, PlannedVisit.planned_on.in_(days))
    return first_after(today, days, set(db.session.scalars(planned)))


def first_after(today: date, days: list[date], taken: set[date]) -> date | None:
    """The first of the days that is later and not taken, else today if it is one of them."""
    free = [day for day in days if day not in taken]
    return next((day for day in free if day > today), free[0] if free else None)


def day_in_vain(outlet_id: str, month: Month, today: date) -> date | None:
    """The latest planned day of the month that is over and that no visit, of whatever day, has made good."""
    visited = visited_days([outlet_id], month)[outlet_id]
    over = PlannedVisit.planned_on.between(month.first_day, month.last_day) & (PlannedVisit.planned_on < today)
    days = list(db.session.scalars(select(PlannedVisit.planned_on).where(PlannedVisit.outlet_id == outlet_id, over)))
    return max((day for day in days if day not in visited), default=None) if len(days) > len(set(visited)) else None


def visited_days(outlet_ids: list[str], month: Month) -> defaultdict[str, list[date]]:
    """By outlet the dates of the month with a visit that counts; one with two visits stands twice."""
    found: defaultdict[str, list[date]] = defaultdict(list)
    in_month = Visit.visited_on.between(month.first_day, month.last_day)
    for outlet_id, day in db.session.execute(
        select(Visit.outlet_id, Visit.visited_on).where(Visit.outlet_id.in_(outlet_ids), Visit.counts, in_month)
    ):
        found[outlet_id].append(day)
    return found
