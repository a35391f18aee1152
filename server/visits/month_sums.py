"""Months of outlets added up at night: a dashboard over a year of 100,000 outlets cannot add them up while somebody waits."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, select

from server.bulk import put_over
from server.db import db, take_turn
from server.domain.months import MONTHS_CHECKED, Month, business_date, months_until
from server.outlets.models import Outlet
from server.visits.models import MonthSum, OutletMonth
from server.visits.plan_models import MissForecast

MONTHS_SHOWN = 12
KEYS = ("month", "region_id", "rep_id", "outlet_class")
COUNTS = ("outlets", "owing", "met", "missed", "certain", "at_risk", "owed", "credited", "planned", "done", "waiting")


def sum_months(now: datetime) -> int:
    """Add up the running month and the two before it, those of the year without sums, and the one added up longest ago; returns how many.

    A late word, or another rep, changes a month before these: its sums follow within nine nights. Safe to repeat; the caller commits.
    """
    take_turn("month sums")
    months = _due(Month.of_date(business_date(now)))
    for month in months:
        rows = [dict(row) for row in db.session.execute(_added_up(month)).mappings()]
        db.session.execute(delete(MonthSum).where(MonthSum.month == str(month)).execution_options(synchronize_session=False))
        put_over(MonthSum, [row | {"month": str(month), "made_at": now} for row in rows], KEYS)
    return len(months)


def _due(running: Month) -> list[Month]:
    year = months_until(running, MONTHS_SHOWN)
    checked, older = year[-MONTHS_CHECKED:], year[:-MONTHS_CHECKED]
    last_made = func.min(MonthSum.made_at)
    query = select(MonthSum.month).where(MonthSum.month.in_([str(month) for month in older])).group_by(MonthSum.month)
    known = [Month.parse(text) for text in db.session.scalars(query.order_by(last_made, MonthSum.month))]
    return [*(month for month in older if month not in known), *known[:1], *checked]


def _added_up(month: Month) -> Any:
    is_forecast = and_(MissForecast.outlet_id == OutletMonth.outlet_id, MissForecast.month == OutletMonth.month)
    sums = {
        "outlets": func.count().filter(OutletMonth.planned > 0),
        "owing": func.count().filter(OutletMonth.owed > 0),
        "met": func.count().filter(OutletMonth.state == "done"),
        "missed": func.count().filter(OutletMonth.state == "overdue"),
        "certain": func.count().filter(MissForecast.outlook == "certain"),
        "at_risk": func.count().filter(MissForecast.outlook == "at_risk"),
        "owed": func.sum(OutletMonth.owed),
        "credited": func.sum(_at_most(OutletMonth.owed)),
        "planned": func.sum(OutletMonth.planned),
        "done": func.sum(_at_most(OutletMonth.planned)),
        "waiting": func.sum(OutletMonth.waiting),
    }
    keys = (
        Outlet.region_id.label("region_id"),
        func.coalesce(OutletMonth.rep_id, "").label("rep_id"),
        OutletMonth.outlet_class.label("outlet_class"),
    )
    query = select(*keys, *(column.label(name) for name, column in sums.items())).select_from(OutletMonth)
    query = query.join(Outlet, Outlet.id == OutletMonth.outlet_id).outerjoin(MissForecast, is_forecast)
    query = query.where(OutletMonth.month == str(month), Outlet.removed_at.is_(None))
    return query.group_by(Outlet.region_id, OutletMonth.rep_id, OutletMonth.outlet_class)


def _at_most(wanted: Any) -> Any:
    """Visits that count, as far as they were wanted."""
    return case((OutletMonth.counted < wanted, OutletMonth.counted), else_=wanted)
