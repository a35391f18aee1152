"""Planning many outlets at once for one rep and day: each by the same action as a single one, after the checks that a proposed plan keeps."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from server.console.faults import fault_words
from server.db import db
from server.domain.months import business_date
from server.domain.working_days import is_working_day
from server.leaves.queries import days_not_at_work
from server.outlets.models import Outlet
from server.outlets.queries import hold_outlets, is_visible
from server.outlets.responsible import responsible_id
from server.people.models import Person
from server.policy.queries import working_years
from server.visits.plan_actions import check_new_day, plan_visit
from server.visits.plan_checks import nearness
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
    """Plan those that can be, in the order given, and say of the others why not; nothing changes for these. Commits one by one, and
    each is looked at while it is held: others may merge, delete or hand over outlets meanwhile.

    Raises `invalid` for a day that is over or too far, and for one on which nobody works or the rep does not.
    """
    _check_day(batch.rep_id, batch.planned_on, now)
    names = {one.id: one.name for one in outlets_named(reader, batch.outlet_ids, business_date(now)).values()}
    left_out = []
    for outlet_id in batch.outlet_ids:
        hold_outlets({outlet_id})
        row = outlets_named(reader, [outlet_id], business_date(now)).get(outlet_id)
        why = _reason(reader, batch, row, business_date(now)) or _planned(outlet_id, batch.planned_on, reader.id, now)
        if why:
            db.session.rollback()  # the next one is held alone, so that no two wait for each other
            left_out.append(LeftOut(outlet_id, names.get(outlet_id, outlet_id[:36]), why, row is not None))
    return BatchResult(len(batch.outlet_ids) - len(left_out), left_out)


def _check_day(rep_id: str, planned_on: date, now: datetime) -> None:
    """Raises `invalid` where nobody can be planned on the day (as `check_new_day`, `no_working_day`, `rep_away`)."""
    check_new_day(planned_on, now)
    if not is_working_day(planned_on, working_years()):
        raise Problem("invalid", fields={"planned_on": "no_working_day"})
    if days_not_at_work(rep_id, planned_on, planned_on):
        raise Problem("invalid", fields={"planned_on": "rep_away"})


def outlets_named(reader: Person, outlet_ids: list[str], today: date) -> dict[str, Any]:
    """Those of the outlets that the reader may know of, by id."""
    columns = (Outlet.id, Outlet.name, Outlet.region_id)
    query = select(*columns).where(Outlet.id.in_(outlet_ids), is_visible(reader, today))
    return {row.id: row for row in db.session.execute(query)}


def _planned(outlet_id: str, planned_on: date, by_id: str, now: datetime) -> str:
    """Set the day; returns why that could not be, else nothing."""
    try:
        plan_visit(outlet_id, planned_on, by_id, now)
    except Problem as problem:
        if problem.refusal.code not in ("invalid", "stale"):
            raise
        return str(fault_words(next(iter(problem.extras.get("fields", {}).values()), problem.refusal.code)))
    return ""


def _reason(reader: Person, batch: Batch, row: Any | None, today: date) -> str:
    """Why the outlet, None for one that the reader may not know of, is not planned; empty where nothing speaks against it."""
    if row is None:
        return gettext("没有找到，或者不归你管。")
    if row.region_id not in reader.region_ids:
        return gettext("不是你区域的网点。")
    if responsible_id(row.id, today) != batch.rep_id:
        return gettext("不归他负责。")
    return nearness(row.id, batch.planned_on, today)
