"""Visits that a month asks for and for which no day is set, as the compliance table offers to plan them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from server.db import db
from server.domain.months import Month
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlannedVisit


@dataclass(frozen=True)
class PlanGaps:
    """`ahead` are the days to come, by outlet; `outlets` by rep how many outlets owe more than is done and planned."""

    ahead: dict[str, list[date]]
    outlets: dict[str, int]


def plan_gaps(month: Month, outlet_ids: Iterable[str], rep_ids: Iterable[str], today: date) -> PlanGaps:
    return PlanGaps(_ahead(month, outlet_ids, today), _outlets(month, rep_ids, today))


def is_ahead(month: Month, today: date) -> ColumnElement[bool]:
    """The condition on `PlannedVisit` for days of the month to come, without one on which somebody was there already."""
    made = exists().where(Visit.outlet_id == PlannedVisit.outlet_id, Visit.counts, Visit.visited_on == PlannedVisit.planned_on)
    return PlannedVisit.planned_on.between(max(month.first_day, today), month.last_day) & ~made


def _ahead(month: Month, outlet_ids: Iterable[str], today: date) -> dict[str, list[date]]:
    query = select(PlannedVisit.outlet_id, PlannedVisit.planned_on).where(PlannedVisit.outlet_id.in_(outlet_ids), is_ahead(month, today))
    found: defaultdict[str, list[date]] = defaultdict(list)
    for outlet_id, planned_on in db.session.execute(query.order_by(PlannedVisit.planned_on)):
        found[outlet_id].append(planned_on)
    return dict(found)


def _outlets(month: Month, rep_ids: Iterable[str], today: date) -> dict[str, int]:
    planned: Any = select(func.count()).where(PlannedVisit.outlet_id == OutletMonth.outlet_id, is_ahead(month, today)).scalar_subquery()
    query = select(OutletMonth.rep_id, func.count()).where(OutletMonth.month == str(month), OutletMonth.rep_id.in_(rep_ids))
    query = query.where(OutletMonth.owed > OutletMonth.counted + planned).group_by(OutletMonth.rep_id)
    return {str(rep_id): count for rep_id, count in db.session.execute(query)}
