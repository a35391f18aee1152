"""What the demo company's customers moved, day by day: some grow, some shrink, a few stop."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.transactions.models import OutletTransfer

SUNDAY_SHARE = 0.6
OUTGROWN = 1.4


def add_transactions(months: list[Month], today: date, source: random.Random) -> None:
    """Daily transfers of these months up to yesterday, and the totals of the two months before them. Commits.

    A few have outgrown what their file says. A few old ones stop: in turn with the last month before the running one, and with the month before that.
    """
    customers = list(db.session.scalars(select(Outlet).where(Outlet.account_made_on.is_not(None)).order_by(Outlet.code)))
    old = [outlet for outlet in customers if outlet.account_made_on and outlet.account_made_on < months[0].first_day and not outlet.churned_on]
    stops = {outlet.id: months[max(0, len(months) - 2 - number % 2)].first_day for number, outlet in enumerate(old[3::11])}
    outgrown = {outlet.id for outlet in old[5::11]}
    rows: list[dict[str, Any]] = []
    for outlet in customers:
        until = min(stops.get(outlet.id, today), outlet.churned_on or today, today)
        rows += _outlet_rows(outlet, months, until, OUTGROWN if outlet.id in outgrown else 1.0, source)
    for start in range(0, len(rows), 1000):
        db.session.execute(insert(OutletTransfer), rows[start : start + 1000])
    db.session.commit()


def _outlet_rows(outlet: Outlet, months: list[Month], until: date, times: float, source: random.Random) -> list[dict[str, Any]]:
    """Up to the day before `until`, from the day after the account was made; about `times` what the file says."""
    assert outlet.account_made_on is not None
    daily, trend = times * float(outlet.monthly_fee_yuan or 3000) / 30, source.uniform(0.93, 1.06)
    before = [month for month in (months[0].previous().previous(), months[0].previous()) if outlet.account_made_on < month.first_day]
    rows = [_row(outlet, month.last_day, 30 * daily * source.uniform(0.94, 1.05), is_month_total=True) for month in before]
    for number, month in enumerate(months):
        day = max(month.first_day, outlet.account_made_on + timedelta(days=1))
        while day <= month.last_day and day < until:
            share = SUNDAY_SHARE if day.weekday() == 6 else 1.06
            rows.append(_row(outlet, day, daily * share * trend**number * source.uniform(0.55, 1.45)))
            day += timedelta(days=1)
    return rows


def _row(outlet: Outlet, day: date, amount: float, is_month_total: bool = False) -> dict[str, Any]:
    yuan = Decimal(round(amount * 100)).scaleb(-2)
    return {"outlet_id": outlet.id, "on": day, "is_month_total": is_month_total, "amount_yuan": yuan, "count": max(1, round(amount / 85))}
