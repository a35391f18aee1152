"""Transaction volume of each rep's customers, this month and last (RULEBOOK §10, §11)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select

from server.db import Yuan, db
from server.domain.months import Month
from server.domain.new_customers import Transfer
from server.domain.transaction_volume import month_volume, same_days_end
from server.domain.wage_facts import NOTHING, Volume
from server.outlets.models import Assignment
from server.transactions.models import OutletTransfer


@dataclass(frozen=True)
class Volumes:
    """By rep; whoever is not named had none, which is an estimate while the month runs."""

    is_estimate: bool
    by_rep: dict[str, Volume] = field(default_factory=dict)

    def of(self, person_id: str) -> Volume:
        return self.by_rep.get(person_id, Volume(is_estimate=self.is_estimate))


def volumes_by_rep(month: Month, today: date) -> Volumes:
    """Both months' volume of the outlets held on the month's last day; while it runs, of those held today, up to the newest
    imported day against the same days of last month."""
    if today > month.last_day:
        return _compared(month, month.last_day, month.last_day, None)
    until = newest_day(month, today - timedelta(days=1))
    if until is None:
        return Volumes(True)
    return _compared(month, today, until, until)


def newest_day(month: Month, until: date) -> date | None:
    """The newest day of the month with imported transactions, up to and with `until`."""
    return db.session.scalar(select(func.max(OutletTransfer.on)).where(OutletTransfer.on.between(month.first_day, until)))


def _compared(month: Month, held_on: date, this_end: date, until: date | None) -> Volumes:
    last = month.previous()
    last_end = last.last_day if until is None else same_days_end(until, month)
    outlets: defaultdict[str, dict[str, list[Transfer]]] = defaultdict(dict)
    for row in db.session.execute(_sums(month, held_on, this_end, last_end)):
        outlets[row.person_id][row.outlet_id] = [Transfer(this_end, row.now), Transfer(last_end, row.before)]
    return Volumes(until is not None, {rep: month_volume(sums, sums, month, until) for rep, sums in outlets.items()})


def _sums(month: Month, held_on: date, this_end: date, last_end: date) -> Any:
    """A row for each held outlet that moved money in either span: its rep, and both sums in yuan."""
    spans = {"now": (month.first_day, this_end), "before": (month.previous().first_day, last_end)}
    within = {name: OutletTransfer.on.between(*span) for name, span in spans.items()}
    sums = [func.sum(case((is_in, OutletTransfer.amount_yuan), else_=literal(NOTHING, Yuan))).label(name) for name, is_in in within.items()]
    holds = and_(Assignment.starts_on <= held_on, Assignment.ends_on.is_(None) | (Assignment.ends_on >= held_on))
    query = select(Assignment.person_id, OutletTransfer.outlet_id, *sums).join(Assignment, Assignment.outlet_id == OutletTransfer.outlet_id)
    query = query.where(holds, or_(*within.values())).group_by(Assignment.person_id, OutletTransfer.outlet_id)
    return query.order_by(Assignment.person_id, OutletTransfer.outlet_id)
