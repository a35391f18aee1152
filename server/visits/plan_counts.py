"""How many planned visits are to be made this week, and how many of this month passed unmade, as the plan's page marks them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.queries import is_not_past_churn, is_visible
from server.people.models import Person
from server.visits.models import Visit
from server.visits.plan_models import PlannedVisit

COUNTING = and_(Visit.outlet_id == PlannedVisit.outlet_id, Visit.counts)


def planned_this_week(reader: Person, today: date) -> ColumnElement[int]:
    """From today to Sunday, without those visited on their day."""
    sunday = today + timedelta(days=6 - today.weekday())
    made = exists().where(COUNTING, Visit.visited_on == PlannedVisit.planned_on)
    return _counted(PlannedVisit.planned_on.between(today, sunday) & ~made, reader, today)


def planned_and_passed(reader: Person, today: date) -> ColumnElement[int]:
    """Days of this month before today whose outlet was not visited in the month at all."""
    month = Month.of_date(today)
    made = exists().where(COUNTING, Visit.visited_on.between(month.first_day, month.last_day))
    passed = (PlannedVisit.planned_on >= month.first_day) & (PlannedVisit.planned_on < today)
    return _counted(passed & ~made, reader, today)


def _counted(which: Any, reader: Person, today: date) -> ColumnElement[int]:
    query = select(func.count()).select_from(PlannedVisit).join(Outlet, Outlet.id == PlannedVisit.outlet_id)
    count: ColumnElement[int] = query.where(which, is_visible(reader, today), is_not_past_churn(Month.of_date(today))).scalar_subquery()
    return count
