"""Reading what customers moved, set-based: sums by month, first use, who was active."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import compress
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select

from server.db import db
from server.domain.months import Month
from server.transactions.models import OutletTransfer

Volumes = dict[str, dict[Month, Decimal]]
IS_USE = OutletTransfer.amount_yuan > 0  # a refund is none


def month_volumes(months: Iterable[Month]) -> Volumes:
    """Outlet id → month → yuan moved, net of refunds, of all outlets; months without a transfer are absent."""
    found: defaultdict[str, dict[Month, Decimal]] = defaultdict(dict)
    for month in months:
        query = select(OutletTransfer.outlet_id, func.sum(OutletTransfer.amount_yuan)).where(_in_month(month))
        for outlet_id, amount in db.session.execute(query.group_by(OutletTransfer.outlet_id)):
            found[outlet_id][month] = amount
    return found


def volumes_of(outlet_ids: Iterable[str], months: Iterable[Month]) -> Volumes:
    """As `month_volumes`, of some outlets, in one query."""
    month = func.substr(cast(OutletTransfer.on, String), 1, 7).label("month")
    asked = [_in_month(one) for one in months]
    found: defaultdict[str, dict[Month, Decimal]] = defaultdict(dict)
    if asked:
        query = select(OutletTransfer.outlet_id, month, func.sum(OutletTransfer.amount_yuan))
        query = query.where(OutletTransfer.outlet_id.in_(list(outlet_ids)), or_(*asked)).group_by(OutletTransfer.outlet_id, month)
        for outlet_id, text, amount in db.session.execute(query):
            found[outlet_id][Month.parse(text)] = amount
    return found


def active_outlets(month: Month) -> Select[str]:
    """A select of the outlets whose transfers of the month do not come to nothing."""
    query = select(OutletTransfer.outlet_id).where(_in_month(month)).group_by(OutletTransfer.outlet_id)
    return query.having(func.sum(OutletTransfer.amount_yuan) != 0)


def is_month_in(month: Month) -> bool:
    """Whether the month's transactions have come."""
    return bool(db.session.scalar(select(_has_come(month))))


@dataclass(frozen=True)
class Uses:
    """The days of an outlet's first and last transfer, refunds aside, and those of some months whose transactions have come."""

    first_on: date | None
    last_on: date | None
    months_in: frozenset[Month]


def uses_of(outlet_id: str, months: list[Month]) -> Uses:
    """In one query, as an outlet's page asks many."""
    days = [_use_day(outlet_id, which).scalar_subquery() for which in (func.min, func.max)]
    first_on, last_on, *have_come = db.session.execute(select(*days, *map(_has_come, months))).one()
    return Uses(first_on, last_on, frozenset(compress(months, have_come)))


def months_in(months: Iterable[Month]) -> set[Month]:
    """Those of the months whose transactions have come, in one query."""
    asked = sorted(set(months))
    if not asked:
        return set()
    return set(compress(asked, db.session.execute(select(*map(_has_come, asked))).one()))


def first_uses() -> Select[str, date]:
    """A select of (outlet id, day of its first transfer) 首次使用; refunds aside."""
    first = func.min(OutletTransfer.on).label("first_use_on")
    return select(OutletTransfer.outlet_id, first).where(IS_USE).group_by(OutletTransfer.outlet_id)


def first_use_on(outlet_id: str) -> date | None:
    """The day of the outlet's first transfer."""
    return db.session.scalar(_use_day(outlet_id, func.min))


def _use_day(outlet_id: str, which: Any) -> Select[date]:
    """The day of the outlet's first transfer by `func.min`, of its last by `func.max`."""
    return select(which(OutletTransfer.on)).where(OutletTransfer.outlet_id == outlet_id, IS_USE)


def _has_come(month: Month) -> ColumnElement[bool]:
    """Something is dated on the month's last day, where its total stands too."""
    return select(OutletTransfer.outlet_id).where(OutletTransfer.on == month.last_day).exists()


def _in_month(month: Month) -> Any:
    return OutletTransfer.on.between(month.first_day, month.last_day)
