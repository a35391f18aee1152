"""Reading the supervisor's plan of visits."""

from sqlalchemy import func, select

from server.db import db
from server.domain.months import Month
from server.visits.plan_models import PlannedVisit


def plan_days(month: Month) -> dict[str, int]:
    """Outlet id → days set in the month; outlets without any are absent."""
    in_month = PlannedVisit.planned_on.between(month.first_day, month.last_day)
    query = select(PlannedVisit.outlet_id, func.count()).where(in_month).group_by(PlannedVisit.outlet_id)
    return {outlet_id: count for outlet_id, count in db.session.execute(query)}
