"""Transaction volume of each rep's customers, this month and last (RULEBOOK §10, §11).

Summed in the database, a row for each rep; `domain/transaction_volume.py` says what is compared, and the scenarios prove both alike.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Subquery, case, func, literal, or_, select

from server.db import Yuan, db
from server.domain.months import Month
from server.domain.transaction_volume import same_days_end
from server.domain.wage_facts import NOTHING, Evidence, Volume
from server.outlets.models import Assignment
from server.outlets.responsible import is_in_force
from server.transactions.models import OutletTransfer

COMMA = ","


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
    last = month.previous()
    if today > month.last_day:
        return _compared(month, month.last_day, (month.last_day, last.last_day), is_estimate=False)
    until = newest_day(month, today - timedelta(days=1))
    if until is None:
        return Volumes(True)
    return _compared(month, today, (until, same_days_end(until, month)), is_estimate=until < month.last_day)


def newest_day(month: Month, until: date) -> date | None:
    """The newest day of the month with imported transactions, up to and with `until`."""
    return db.session.scalar(select(func.max(OutletTransfer.on)).where(OutletTransfer.on.between(month.first_day, until)))


def _compared(month: Month, held_on: date, ends: tuple[date, date], is_estimate: bool) -> Volumes:
    sums = _outlet_sums(month, ends)
    holds = is_in_force(held_on)
    outlets = func.aggregate_strings(sums.c.outlet_id, COMMA)
    query = select(Assignment.person_id, func.sum(sums.c.now), func.sum(sums.c.before), outlets)
    query = query.join(sums, Assignment.outlet_id == sums.c.outlet_id).where(holds, or_(sums.c.now != NOTHING, sums.c.before != NOTHING))
    rows = db.session.execute(query.group_by(Assignment.person_id))
    found = {rep: Volume(now, before, is_estimate, _evidence(ids, month)) for rep, now, before, ids in rows}
    return Volumes(is_estimate, found)


def _outlet_sums(month: Month, ends: tuple[date, date]) -> Subquery:
    """What each outlet moved in the two spans, in yuan, as far as its days are known."""
    within = {
        "now": OutletTransfer.on.between(month.first_day, ends[0]),
        "before": OutletTransfer.on.between(month.previous().first_day, ends[1]),
    }
    sums: list[Any] = [
        func.sum(case((is_in, OutletTransfer.amount_yuan), else_=literal(NOTHING, Yuan))).label(name) for name, is_in in within.items()
    ]
    query = select(OutletTransfer.outlet_id, *sums).where(or_(*within.values())).group_by(OutletTransfer.outlet_id)
    if ends[1] < month.previous().last_day:  # of a month that came as one total nobody knows the same days
        came_as_total = (OutletTransfer.on == month.previous().last_day) & OutletTransfer.is_month_total
        query = query.where(OutletTransfer.outlet_id.not_in(select(OutletTransfer.outlet_id).where(came_as_total)))
    return query.subquery()


def _evidence(outlet_ids: str, month: Month) -> tuple[Evidence, ...]:
    of_month = f":{month}"
    return tuple(Evidence("outlet_volume", outlet_id + of_month) for outlet_id in sorted(outlet_ids.split(COMMA)))
