"""Planning many outlets at once for one rep and day: each by the same action as a single one, after the checks that a proposed plan keeps."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy import select, union

from server.console.faults import fault_words
from server.db import db
from server.domain.months import Month, business_date
from server.outlets.models import Outlet
from server.outlets.queries import is_visible, responsible_people
from server.people.models import Person
from server.policy.queries import policy_of
from server.visits.models import Visit
from server.visits.plan_actions import check_new_day, plan_visit
from server.visits.plan_days import working_days_left
from server.visits.plan_models import PlannedVisit
from sync.problems import Problem


@dataclass(frozen=True)
class Batch:
    """Outlets that one rep is to visit on one day."""

    rep_id: str
    planned_on: date
    outlet_ids: list[str]


@dataclass(frozen=True)
class LeftOut:
    """An outlet that was not planned; `name` is its id where the reader may not know of it."""

    outlet_id: str
    name: str
    why: str
    is_known: bool


@dataclass(frozen=True)
class BatchResult:
    planned: int
    left_out: list[LeftOut]


def plan_many(reader: Person, batch: Batch, now: datetime) -> BatchResult:
    """Plan those that can be, in the order given, and say of the others why not; nothing changes for these. Commits one by one.

    Raises `invalid` for a day that is over or too far, and for one on which nobody works or the rep does not.
    """
    check_day(batch.rep_id, batch.planned_on, now)
    known, planned = outlets_named(reader, batch.outlet_ids, business_date(now)), 0
    reasons, left_out = _reasons(reader, batch, known, business_date(now)), []
    for outlet_id in batch.outlet_ids:
        why = reasons[outlet_id] or _planned(outlet_id, batch.planned_on, reader.id, now)
        if why:
            left_out.append(LeftOut(outlet_id, known[outlet_id].name if outlet_id in known else outlet_id[:36], why, outlet_id in known))
        else:
            planned += 1
    return BatchResult(planned, left_out)


def check_day(rep_id: str, planned_on: date, now: datetime) -> None:
    """Raises `invalid` where nobody can be planned on the day."""
    check_new_day(planned_on, now)
    month = Month.of_date(planned_on)
    if planned_on not in working_days_left(None, planned_on, month):
        raise Problem("invalid", fields={"planned_on": "no_working_day"})
    if planned_on not in working_days_left(rep_id, planned_on, month):
        raise Problem("invalid", fields={"planned_on": "rep_away"})


def outlets_named(reader: Person, outlet_ids: list[str], today: date) -> dict[str, Any]:
    """Those of the outlets that the reader may know of, by id."""
    columns = (Outlet.id, Outlet.name, Outlet.region_id, Outlet.approved_on, Outlet.account_made_on, Outlet.churned_on)
    query = select(*columns).where(Outlet.id.in_(outlet_ids), is_visible(reader, today))
    return {row.id: row for row in db.session.execute(query)}


def _planned(outlet_id: str, planned_on: date, by_id: str, now: datetime) -> str:
    """Set the day; returns why that could not be, else nothing."""
    try:
        plan_visit(outlet_id, planned_on, by_id, now)
    except Problem as problem:
        if problem.refusal.code not in ("invalid", "stale"):
            raise
        db.session.rollback()
        return str(fault_words(next(iter(problem.extras.get("fields", {}).values()), problem.refusal.code)))
    return ""


def _reasons(reader: Person, batch: Batch, known: Mapping[str, Any], today: date) -> dict[str, str]:
    """By outlet why it is not planned; empty where nothing speaks against it."""
    holders = responsible_people(list(known), today)
    gap_days = max(1, policy_of(Month.of_date(batch.planned_on)).integer("visit.min_gap_days"))
    near = _days_near(list(known), batch.planned_on, gap_days, today)
    reasons = {}
    for outlet_id in batch.outlet_ids:
        row, holder = known.get(outlet_id), holders.get(outlet_id)
        if row is None:
            reasons[outlet_id] = gettext("没有找到，或者不归你管。")
        elif row.region_id not in reader.region_ids:
            reasons[outlet_id] = gettext("不是你区域的网点。")
        elif row.churned_on is not None:
            reasons[outlet_id] = gettext("已经离网，不再排巡检。")
        elif holder is None or holder.id != batch.rep_id:
            reasons[outlet_id] = gettext("不归他负责。")
        else:
            reasons[outlet_id] = _nearness(near[outlet_id], batch.planned_on, gap_days)
    return reasons


def _nearness(days: list[date], planned_on: date, gap_days: int) -> str:
    if planned_on in days:
        return str(fault_words("day_taken"))
    if not days:
        return ""
    nearest = min(days, key=lambda day: abs((day - planned_on).days))
    return gettext("离 %(day)s 的一次太近，两次至少相隔 %(count)s 天。", day=nearest, count=gap_days)


def _days_near(outlet_ids: list[str], planned_on: date, gap_days: int, today: date) -> defaultdict[str, list[date]]:
    """By outlet the days too near: planned ones to come, and those of visits that count."""
    first, last = planned_on - timedelta(days=gap_days - 1), planned_on + timedelta(days=gap_days - 1)
    ahead = select(PlannedVisit.outlet_id, PlannedVisit.planned_on.label("day")).where(PlannedVisit.planned_on.between(max(first, today), last))
    made = select(Visit.outlet_id, Visit.visited_on).where(Visit.counts, Visit.visited_on.between(first, last))
    both = union(ahead.where(PlannedVisit.outlet_id.in_(outlet_ids)), made.where(Visit.outlet_id.in_(outlet_ids)))
    found: defaultdict[str, list[date]] = defaultdict(list)
    for outlet_id, day in db.session.execute(both):
        found[outlet_id].append(day)
    return found
