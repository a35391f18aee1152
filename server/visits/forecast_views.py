"""The forecast of misses as the console shows it: by rep in yuan, and the outlets behind one rep's row (RULEBOOK §10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, and_, func, select

from server.db import db
from server.domain.forecast import NOTHING, Outlook, Reason, YuanAtRisk, yuan_at_risk
from server.domain.months import Month
from server.domain.policy import Policy
from server.outlets.models import Outlet
from server.outlets.queries import is_at_visible, is_visible
from server.people.models import Person
from server.policy.queries import policy_of
from server.visits.models import OutletMonth
from server.visits.plan_models import MissForecast

MOST_OUTLETS = 300
OUTLOOK_WORDS = {Outlook.CERTAIN: lazy_gettext("来不及了"), Outlook.AT_RISK: lazy_gettext("可能漏巡")}
OUTLOOK_MARKS = {Outlook.CERTAIN: "overdue", Outlook.AT_RISK: "due"}
REASON_WORDS = {
    Reason.DAYS: lazy_gettext("剩下的天数不够了"),
    Reason.WORKING_DAYS: lazy_gettext("剩下的工作日不够，要占休息日，或等待审核的巡检被接受"),
    Reason.LEAVE: lazy_gettext("请假或离岗后没有人代，剩下的工作日不够"),
    Reason.PLAN: lazy_gettext("计划里剩下的日子比还差的次数少"),
    Reason.PACE: lazy_gettext("照这个月到现在的速度巡不完"),
}


@dataclass(frozen=True)
class RepRow:
    """A rep's month: outlets of the plan, its visits and those still needed, outlets missed for certain and at risk, and both in yuan."""

    rep_id: str
    rep_name: str
    outlets: int
    planned: int
    needed: int
    certain: int
    at_risk: int
    certain_yuan: Decimal
    at_risk_yuan: Decimal


@dataclass(frozen=True)
class ForecastTable:
    """`reps` by yuan, most first; `outlets` of the rep whose row is open."""

    reps: list[RepRow]
    outlets: list[Any]
    certain_yuan: Decimal
    at_risk_yuan: Decimal


def forecast_table(reader: Person, month: Month, open_id: str, today: date) -> ForecastTable:
    """Within the reader's reach, as of last night. Who leaves before the month's last day loses nothing."""
    reps = sorted(_reps(reader, month, today, policy_of(month)), key=lambda row: (-row.certain_yuan - row.at_risk_yuan, row.rep_name, row.rep_id))
    outlets = _outlets(reader, month, open_id, today) if open_id else []
    return ForecastTable(reps, outlets, _sum(row.certain_yuan for row in reps), _sum(row.at_risk_yuan for row in reps))


def reps_at_risk(reader: Person, month: Month, today: date, most: int) -> list[RepRow]:
    """The reps with most outlets that will be missed or may be, as last night saw them: only theirs are added up.

    Fewer than `most` where outlets changed hands since.
    """
    of_month = (MissForecast.month == str(month), is_at_visible(MissForecast.outlet_id, reader, today))
    query = select(MissForecast.rep_id).join(Person, Person.id == MissForecast.rep_id).where(*of_month)
    worst_first = (func.count().desc(), Person.name, MissForecast.rep_id)
    rep_ids = list(db.session.scalars(query.group_by(MissForecast.rep_id, Person.name).order_by(*worst_first).limit(most)))
    rows = _reps(reader, month, today, policy_of(month), OutletMonth.rep_id.in_(rep_ids)) if rep_ids else []
    at_risk = [row for row in rows if row.certain or row.at_risk]
    return sorted(at_risk, key=lambda row: rep_ids.index(row.rep_id))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))


def _reps(reader: Person, month: Month, today: date, policy: Policy, *which: ColumnElement[bool]) -> list[RepRow]:
    is_row = and_(MissForecast.outlet_id == OutletMonth.outlet_id, MissForecast.month == OutletMonth.month)
    lacking = func.sum(OutletMonth.planned - OutletMonth.counted).filter(OutletMonth.counted < OutletMonth.planned)
    outlooks = (func.count().filter(MissForecast.outlook == outlook) for outlook in (Outlook.CERTAIN, Outlook.AT_RISK))
    query = select(OutletMonth.rep_id, Person.name, Person.ends_on, func.count(), func.sum(OutletMonth.planned), func.coalesce(lacking, 0), *outlooks)
    query = query.join(Outlet, Outlet.id == OutletMonth.outlet_id).join(Person, Person.id == OutletMonth.rep_id).outerjoin(MissForecast, is_row)
    query = query.where(OutletMonth.month == str(month), OutletMonth.planned > 0, is_visible(reader, today), *which)
    rows = db.session.execute(query.group_by(OutletMonth.rep_id, Person.name, Person.ends_on))
    return [_rep_row(row, month, policy) for row in rows]


def _rep_row(row: Any, month: Month, policy: Policy) -> RepRow:
    rep_id, name, ends_on, outlets, planned, needed, certain, at_risk = row
    is_charged = ends_on is None or ends_on >= month.last_day  # a miss is that of whoever has the outlet on the last day (RULEBOOK §11)
    yuan = yuan_at_risk(certain, at_risk, policy) if is_charged else YuanAtRisk(NOTHING, NOTHING)
    return RepRow(rep_id, name, outlets, planned, needed, certain, at_risk, yuan.certain_yuan, yuan.at_risk_yuan)


def _outlets(reader: Person, month: Month, rep_id: str, today: date) -> list[Any]:
    """Certain misses first, then what is at risk, by code."""
    columns = [Outlet.id, Outlet.code, Outlet.name, OutletMonth.outlet_class, OutletMonth.planned, OutletMonth.counted, OutletMonth.waiting]
    query = select(*columns, MissForecast.outlook, MissForecast.reason).join(Outlet, Outlet.id == MissForecast.outlet_id)
    is_row = and_(OutletMonth.outlet_id == MissForecast.outlet_id, OutletMonth.month == MissForecast.month)
    query = query.join(OutletMonth, is_row).where(MissForecast.month == str(month), MissForecast.rep_id == rep_id, is_visible(reader, today))
    return list(db.session.execute(query.order_by(MissForecast.outlook.desc(), Outlet.code).limit(MOST_OUTLETS)))
