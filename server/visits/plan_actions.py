"""Deeds on the plan of visits (RULEBOOK §4): days proposed by the software, set, moved and taken back by the supervisor."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.domain.churn import is_past_churn
from server.domain.months import Month, business_date
from server.domain.visit_plan import OutletToVisit, VisitPlan, proposed_plan
from server.leaves.queries import days_not_at_work
from server.outlets.models import Outlet
from server.outlets.queries import hold_outlets, own_outlet_ids
from server.outlets.responsible import responsible_id
from server.policy.queries import policy_of
from server.visits.compliance import refresh_outlet_months
from server.visits.models import OutletMonth
from server.visits.plan_days import day_in_vain, visited_days, working_days_left
from server.visits.plan_models import PlannedVisit
from sync.problems import Problem


def plan_visit(outlet_id: str, planned_on: date, by_id: str, now: datetime) -> None:
    """Set a day on which an outlet is to be visited. Commits; a day that is set already stays as it is.

    A day of the same month that passed in vain makes way: it is one visit, not two, or the month would ask for more than before.
    Raises `invalid` for a day that is over or too far, and for an outlet that is no customer yet, or not any more.
    """
    check_new_day(planned_on, now)
    hold_outlets({outlet_id})
    month = Month.of_date(planned_on)
    check_customer(outlet_id, month)
    if db.session.get(PlannedVisit, (outlet_id, planned_on)) is None:
        in_vain = day_in_vain(outlet_id, month, business_date(now))
        if in_vain is not None:
            move_visit(outlet_id, in_vain, planned_on, by_id, now)
            return
        _add_day(outlet_id, planned_on, by_id, now)
        record_audit(now, by_id, "visit.planned", ("outlet", outlet_id), planned_on=planned_on.isoformat())
        _count_again(month, [outlet_id], now)
    db.session.commit()


def unplan_visit(outlet_id: str, planned_on: date, by_id: str, now: datetime) -> None:
    """Take a day back. Commits; `stale` when it is not set any more, `invalid` for a day that is over: by that the month is judged."""
    _check_day(planned_on, now)
    hold_outlets({outlet_id})
    planned = db.session.get(PlannedVisit, (outlet_id, planned_on))
    if planned is None:
        raise Problem("stale")
    db.session.delete(planned)
    record_audit(now, by_id, "visit.unplanned", ("outlet", outlet_id), planned_on=planned_on.isoformat())
    _count_again(Month.of_date(planned_on), [outlet_id], now)
    db.session.commit()


def move_visit(outlet_id: str, planned_on: date, moved_to: date, by_id: str, now: datetime) -> None:
    """Put a day that is set on another one, in one step. Commits; on the day where it stands it stays as it is.

    A day that passed without a visit can be moved within its month, which then asks for as many visits as before. Raises `stale` when
    it is not set any more, `invalid` for any other day that is over or too far, for one that is set for the outlet already (`day_taken`),
    and for an outlet that is no customer any more.
    """
    check_new_day(moved_to, now)
    hold_outlets({outlet_id})
    check_customer(outlet_id, Month.of_date(moved_to))
    planned = db.session.get(PlannedVisit, (outlet_id, planned_on))
    if planned is None:
        raise Problem("stale")
    if planned_on == moved_to:
        return
    month, moved_month = Month.of_date(planned_on), Month.of_date(moved_to)
    if planned_on < business_date(now) and (month != moved_month or planned_on in visited_days([outlet_id], month)[outlet_id]):
        raise Problem("invalid", fields={"planned_on": "day_over"})
    if db.session.get(PlannedVisit, (outlet_id, moved_to)) is not None:
        raise Problem("invalid", fields={"planned_on": "day_taken"})
    db.session.delete(planned)
    _add_day(outlet_id, moved_to, by_id, now)
    record_audit(now, by_id, "visit.plan_moved", ("outlet", outlet_id), before=planned_on.isoformat(), after=moved_to.isoformat())
    for changed in sorted({month, moved_month}):
        _count_again(changed, [outlet_id], now)
    db.session.commit()


def _add_day(outlet_id: str, planned_on: date, by_id: str, now: datetime) -> None:
    rep_id = responsible_id(outlet_id, business_date(now))
    db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=planned_on, rep_id=rep_id, made_by_id=by_id, made_at=now))


def plan_rep_month(rep_id: str, month: Month, by_id: str, now: datetime) -> VisitPlan:
    """Set the days that the software proposes for what a rep's outlets still owe, in place of the days to come and of those that
    passed without a visit. Commits.

    Raises `invalid` for a month that is over, or in which the rep is away to its end. Twice on the same day gives the same plan.
    """
    return _plan_month(rep_id, month, {"made_by_id": by_id, "made_at": now}, keeps_days=False)


def plan_missing_visits(rep_id: str, month: Month, by_id: str, now: datetime) -> VisitPlan:
    """Set the days that the software proposes for what a rep's outlets owe and have no day for; the days to come stay. Commits.

    The plan returned has the new days alone, so that twice gives an empty one. Raises as `plan_rep_month` does.
    """
    return _plan_month(rep_id, month, {"made_by_id": by_id, "made_at": now}, keeps_days=True)


def _plan_month(rep_id: str, month: Month, made: dict[str, Any], keeps_days: bool) -> VisitPlan:
    now = made["made_at"]
    today = business_date(now)
    if month < Month.of_date(today):
        raise Problem("invalid", fields={"month": "over"})
    first = max(month.first_day, today)
    days = working_days_left(rep_id, first, month)
    if not days and days_not_at_work(rep_id, first, month.last_day):
        raise Problem("invalid", fields={"month": "away"})  # or the whole plan would go
    outlet_ids = list(db.session.scalars(own_outlet_ids(rep_id, today)))
    hold_outlets(set(outlet_ids))
    refresh_outlet_months(month, now, outlet_ids)
    kept = _days_from(first, outlet_ids, month) if keeps_days else set()
    to_visit = _to_visit(outlet_ids, month, kept)
    plan = proposed_plan(to_visit, days, policy_of(month))
    proposed = {(outlet_id, day.on) for day in plan.days for outlet_id in day.outlet_ids}
    wanted, changed = kept | proposed, {outlet_id for outlet_id, _ in proposed}
    _drop_days_proposed_again(to_visit, Counter(outlet_id for outlet_id, _ in wanted if outlet_id in changed), month, first)
    _set_days(wanted, outlet_ids, (first, month.last_day), made | {"rep_id": rep_id})
    record_audit(now, made["made_by_id"], "visit.month_planned", ("person", rep_id), month=str(month), visits=len(proposed))
    _count_again(month, outlet_ids, now)
    db.session.commit()
    return plan


def _days_from(first: date, outlet_ids: list[str], month: Month) -> set[tuple[str, date]]:
    in_days = PlannedVisit.planned_on.between(first, month.last_day)
    query = select(PlannedVisit.outlet_id, PlannedVisit.planned_on).where(PlannedVisit.outlet_id.in_(outlet_ids), in_days)
    return {(outlet_id, planned_on) for outlet_id, planned_on in db.session.execute(query)}


def _set_days(wanted: set[tuple[str, date]], outlet_ids: list[str], between: tuple[date, date], made: dict[str, Any]) -> None:
    """Outlets and their days in place of those that stand between two days; one that stands already is left alone, so that phones
    hear of what differs only. `made` says for whom, by whom and when."""
    query = select(PlannedVisit).where(PlannedVisit.outlet_id.in_(outlet_ids), PlannedVisit.planned_on.between(*between))
    standing = {(one.outlet_id, one.planned_on): one for one in db.session.scalars(query)}
    for key in standing.keys() - wanted:
        db.session.delete(standing[key])
    for outlet_id, planned_on in sorted(wanted - standing.keys()):
        db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=planned_on, **made))


def _drop_days_proposed_again(outlets: list[OutletToVisit], again: Counter[str], month: Month, first: date) -> None:
    """A visit that was not made on its day and is proposed again is one visit, not two, or the month would ask for more than is owed.

    Of an outlet's days that are over, those stay that the days to come, `again`, leave of what is owed; those on which somebody came first.
    """
    query = select(PlannedVisit).where(PlannedVisit.outlet_id.in_(again), PlannedVisit.planned_on >= month.first_day, PlannedVisit.planned_on < first)
    over: defaultdict[str, list[PlannedVisit]] = defaultdict(list)
    for planned in db.session.scalars(query):
        over[planned.outlet_id].append(planned)
    for outlet in outlets:
        days = sorted(over[outlet.outlet_id], key=lambda one: (one.planned_on not in outlet.visited_on, one.planned_on))
        for planned in days[outlet.owed - again[outlet.outlet_id] :]:
            db.session.delete(planned)


def _to_visit(outlet_ids: list[str], month: Month, kept: set[tuple[str, date]]) -> list[OutletToVisit]:
    """What each outlet owes, with the dates that count already, as the days that are kept do, and where it is."""
    columns = (OutletMonth.outlet_id, OutletMonth.owed, Outlet.lat, Outlet.lon)
    query = select(*columns).join(Outlet, Outlet.id == OutletMonth.outlet_id)
    rows = db.session.execute(query.where(OutletMonth.month == str(month), OutletMonth.outlet_id.in_(outlet_ids), OutletMonth.owed > 0)).all()
    visited = visited_days([row.outlet_id for row in rows], month)
    for outlet_id, planned_on in kept:
        visited[outlet_id].append(planned_on)
    return [
        OutletToVisit(row.outlet_id, row.owed, tuple(visited[row.outlet_id]), None if row.lat is None else (row.lat, row.lon))
        for row in sorted(rows, key=lambda row: row.outlet_id)
    ]


def check_customer(outlet_id: str, month: Month) -> None:
    """Raises `invalid` for an outlet, held before, that by now is no customer yet, was removed, or churned before the month: in the month of
    its churn it still owes visits (RULEBOOK §11)."""
    outlet = db.session.get_one(Outlet, outlet_id, populate_existing=True)
    if outlet.approved_on is None or outlet.account_made_on is None:
        raise Problem("invalid", fields={"outlet_id": "not_a_customer"})
    if outlet.removed_at is not None:
        raise Problem("invalid", fields={"outlet_id": "removed"})
    if is_past_churn(outlet.churned_on, month):
        raise Problem("invalid", fields={"outlet_id": "churned"})


def check_new_day(planned_on: date, now: datetime) -> None:
    """Raises `invalid` for a day that is over, and for one behind the end of next year: there a year was mistyped."""
    _check_day(planned_on, now)
    if planned_on.year > business_date(now).year + 1:
        raise Problem("invalid", fields={"planned_on": "too_far_a_day"})


def _check_day(planned_on: date, now: datetime) -> None:
    if planned_on < business_date(now):
        raise Problem("invalid", fields={"planned_on": "day_over"})


def _count_again(month: Month, outlet_ids: list[str], now: datetime) -> None:
    """What the month asks for follows the plan at once."""
    db.session.flush()
    refresh_outlet_months(month, now, outlet_ids)
