"""The night's forecast of misses: a few set-based reads, the pure rule, and a write of the rows that differ."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import delete, func, select

from server.bulk import put_over
from server.db import db, take_turn
from server.domain.forecast import OutletStanding, Outlook, days_left, rep_forecast
from server.domain.months import Month, business_date
from server.leaves.queries import days_uncovered, is_uncovered
from server.policy.queries import policy_of, working_years
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import MissForecast, PlannedVisit

Row = tuple[str, str, str, int]  # rep, outlook, reason, visits needed
CHUNK = 5000


def forecast_misses(month: Month, now: datetime) -> int:
    """Say which outlets of a running month will be missed or may be; returns how many rows changed. The caller commits.

    A month that is over has findings instead: its rows go. Safe to repeat and in parallel.
    """
    take_turn("miss forecast")
    today = business_date(now)
    wanted = dict(_forecast(month, today)) if today <= month.last_day else {}
    columns = (MissForecast.outlet_id, MissForecast.rep_id, MissForecast.outlook, MissForecast.reason, MissForecast.needed)
    known: dict[str, Row] = {
        row[0]: (row[1], row[2], row[3], row[4]) for row in db.session.execute(select(*columns).where(MissForecast.month == str(month)))
    }
    changed = {outlet_id: row for outlet_id, row in wanted.items() if known.get(outlet_id) != row}
    gone = sorted(known.keys() - wanted.keys())
    _write(month, changed)
    for start in range(0, len(gone), CHUNK):
        chosen = (MissForecast.month == str(month), MissForecast.outlet_id.in_(gone[start : start + CHUNK]))
        db.session.execute(delete(MissForecast).where(*chosen).execution_options(synchronize_session=False))
    return len(changed) + len(gone)


def _forecast(month: Month, today: date) -> Iterator[tuple[str, Row]]:
    """Outlet id → row, of outlets that are not fine."""
    years, policy, away = working_years(), policy_of(month), days_uncovered(month.first_day, month.last_day)
    for rep_id, rows in groupby(_standings(month, today), key=attrgetter("rep_id")):
        left = days_left(today, month, years, away.get(rep_id, ()))
        standings = (OutletStanding(row.outlet_id, row.planned, row.counted, row.waiting, row.last_on, row.days_left) for row in rows)
        for one in rep_forecast(standings, left, policy):
            if one.outlook != Outlook.FINE:
                yield one.outlet_id, (rep_id, str(one.outlook), str(one.reason), one.needed)


def _standings(month: Month, today: date) -> Any:
    """Outlets of the month's plan by rep; those of the region's pool cost nobody. Days on which nobody works for the rep are none left."""
    in_month = PlannedVisit.planned_on.between(month.first_day, month.last_day)
    is_to_come = (PlannedVisit.planned_on >= today) & ~is_uncovered(OutletMonth.rep_id, PlannedVisit.planned_on)
    of_month = (OutletMonth.outlet_id == PlannedVisit.outlet_id) & (OutletMonth.month == str(month))
    planned = select(PlannedVisit.outlet_id, func.count().filter(is_to_come).label("days_left")).join(OutletMonth, of_month)
    plan = planned.where(in_month).group_by(PlannedVisit.outlet_id).subquery()
    visited = Visit.counts & Visit.visited_on.between(month.first_day, month.last_day)
    last = select(Visit.outlet_id, func.max(Visit.visited_on).label("last_on")).where(visited).group_by(Visit.outlet_id).subquery()
    columns = [getattr(OutletMonth, name) for name in ("rep_id", "outlet_id", "planned", "counted", "waiting")]
    query = select(*columns, last.c.last_on, plan.c.days_left)
    query = query.outerjoin(last, last.c.outlet_id == OutletMonth.outlet_id).outerjoin(plan, plan.c.outlet_id == OutletMonth.outlet_id)
    query = query.where(OutletMonth.month == str(month), OutletMonth.planned > 0, OutletMonth.rep_id.is_not(None))
    return db.session.execute(query.order_by(OutletMonth.rep_id, OutletMonth.outlet_id)).all()


def _write(month: Month, changed: dict[str, Row]) -> None:
    names = ("rep_id", "outlook", "reason", "needed")
    rows = [{"outlet_id": outlet_id, "month": str(month), **dict(zip(names, row, strict=True))} for outlet_id, row in sorted(changed.items())]
    put_over(MissForecast, rows, ("outlet_id", "month"))
