"""达标情况: what each outlet owed and got in a month (RULEBOOK §4), kept in `outlet_month`.

A few set-based reads, the pure rule, and a write of the rows that differ, so that a quiet night stamps nothing. All
outlets at once go through one statement (compliance_night.py) where the policy lets them.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select

from server.clock import today
from server.db import db
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.domain.visit_frequency import counted_dates, month_state, visits_owed, visits_planned
from server.feed.clock import FeedEntry, touch, upsert
from server.outlets.models import Assignment, Outlet, OutletClassChange
from server.outlets.responsible import is_held_on, is_in_force
from server.policy.queries import policy_of
from server.visits.compliance_night import can_count_by_statement, refresh_all_outlet_months
from server.visits.documents import HISTORY_DAYS
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlannedVisit

Query = Select[*tuple[Any, ...]]
CHUNK = 5000
COLUMNS = ("rep_id", "outlet_class", "owed", "planned", "counted", "waiting", "state", "visit_ids", "policy_version")


@dataclass
class _Seen:
    """The visits of one outlet in the month: by date, those that count and those that wait for a review."""

    counting: dict[date, str] = field(default_factory=dict)
    waiting: set[date] = field(default_factory=set)


@dataclass(frozen=True)
class _Known:
    """Of one outlet: its class, its rep, the days set by the supervisor, its visits."""

    letter: str
    rep_id: str | None
    plan_days: int
    seen: _Seen


def refresh_outlet_months(month: Month, now: datetime, outlet_ids: list[str] | None = None) -> int:
    """Write the month's rows that changed, for some outlets or all; returns how many. Safe to repeat; the caller commits."""
    policy, today = policy_of(month), business_date(now)
    if outlet_ids is None and can_count_by_statement(policy):
        return refresh_all_outlet_months(month, now, policy)
    return _refresh_by_rule(month, today, policy, outlet_ids)


def refresh_moved_outlets(month: Month, now: datetime) -> int:
    """Write the month's rows anew of outlets that changed hands or churned since they were written; returns how many. For months whose rows
    no night writes all of. Safe to repeat; the caller commits."""
    rep = select(Assignment.person_id).where(is_held_on(OutletMonth.outlet_id, min(month.last_day, business_date(now)))).scalar_subquery()
    is_moved = OutletMonth.rep_id.is_distinct_from(rep) | (Outlet.churned_on < month.first_day) & (OutletMonth.planned > 0)
    query = select(OutletMonth.outlet_id).join(Outlet, Outlet.id == OutletMonth.outlet_id)
    query = query.where(OutletMonth.month == str(month), Outlet.removed_at.is_(None), is_moved).order_by(OutletMonth.outlet_id)
    moved = list(db.session.scalars(query))
    return sum(refresh_outlet_months(month, now, moved[start : start + CHUNK]) for start in range(0, len(moved), CHUNK))


def _refresh_by_rule(month: Month, today: date, policy: Policy, outlet_ids: list[str] | None) -> int:
    asked = _Asked(month, min(month.last_day, today), outlet_ids)
    if db.engine.dialect.name == "postgresql":  # wait for whoever counts the same outlets, so that no visit committed meanwhile is overlooked
        asked.rows(_held)
    classes, reps, plan, seen = dict(asked.rows(_classes)), dict(asked.rows(_responsible)), dict(asked.rows(_planned)), _seen(asked.rows(_visits))
    changed: list[dict[str, Any]] = []
    for outlet in asked.rows(_outlets):
        known = _Known(classes.get(outlet.id, outlet.outlet_class), reps.get(outlet.id), plan.get(outlet.id, 0), seen[outlet.id])
        row = _row(outlet, known, month, today, policy)
        is_known, before = outlet.month is not None, tuple(outlet[-len(COLUMNS) :])
        if before != tuple(row[name] for name in COLUMNS) and (row["planned"] or row["counted"] or row["waiting"] or is_known):
            changed.append(row)
    _write(changed)
    return len(changed)


@dataclass(frozen=True)
class _Asked:
    """A month, the last of its days so far, and the outlets that matter (None: all)."""

    month: Month
    day: date
    outlet_ids: list[str] | None

    def rows(self, query: Callable[[bool], Query]) -> Any:
        words = {"month": str(self.month), "first_day": self.month.first_day, "last_day": self.month.last_day, "day": self.day}
        named = {} if self.outlet_ids is None else {"outlet_ids": self.outlet_ids}
        return db.session.execute(query(self.outlet_ids is not None), words | named).all()


# Asked for every visit that is judged, so built once: for some outlets and for all.


def _chosen(query: Query, column: Any, is_of_some: bool) -> Query:
    return query.where(column.in_(bindparam("outlet_ids", expanding=True))) if is_of_some else query


@cache
def _held(is_of_some: bool) -> Query:
    return _chosen(select(Outlet.id), Outlet.id, is_of_some).order_by(Outlet.id).with_for_update(key_share=True)


@cache
def _outlets(is_of_some: bool) -> Query:
    """Outlets with what their row of the month says so far."""
    facts = (Outlet.id, Outlet.outlet_class, Outlet.approved_on, Outlet.account_made_on, Outlet.churned_on, OutletMonth.month)
    is_row = (OutletMonth.outlet_id == Outlet.id) & (OutletMonth.month == bindparam("month"))
    query = select(*facts, *(getattr(OutletMonth, name).label(f"known_{name}") for name in COLUMNS)).outerjoin(OutletMonth, is_row)
    query = query.where(Outlet.removed_at.is_(None), Outlet.approved_on.is_not(None), Outlet.approved_on <= bindparam("last_day"))
    return _chosen(query, Outlet.id, is_of_some)


@cache
def _classes(is_of_some: bool) -> Query:
    """The class on the month's first day sets what is owed; a change dated the 1st is in force on the 1st."""
    query = select(OutletClassChange.outlet_id, OutletClassChange.outlet_class).where(OutletClassChange.valid_from <= bindparam("first_day"))
    return _chosen(query, OutletClassChange.outlet_id, is_of_some).order_by(OutletClassChange.valid_from, OutletClassChange.id)


@cache
def _responsible(is_of_some: bool) -> Query:
    is_on = is_in_force(bindparam("day"))
    return _chosen(select(Assignment.outlet_id, Assignment.person_id).where(is_on), Assignment.outlet_id, is_of_some)


@cache
def _planned(is_of_some: bool) -> Query:
    """Days of the month's plan."""
    query = select(PlannedVisit.outlet_id, func.count()).where(PlannedVisit.planned_on.between(bindparam("first_day"), bindparam("last_day")))
    return _chosen(query, PlannedVisit.outlet_id, is_of_some).group_by(PlannedVisit.outlet_id)


@cache
def _visits(is_of_some: bool) -> Query:
    matters = (Visit.counts | Visit.needs_review) & Visit.visited_on.between(bindparam("first_day"), bindparam("last_day"))
    query = select(Visit.id, Visit.outlet_id, Visit.visited_on, Visit.counts).where(matters)
    return _chosen(query, Visit.outlet_id, is_of_some).order_by(Visit.checked_in_at, Visit.id)


def _seen(visits: Any) -> defaultdict[str, _Seen]:
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)
    for visit_id, outlet_id, visited_on, counts in visits:
        if counts:
            seen[outlet_id].counting.setdefault(visited_on, visit_id)
        else:
            seen[outlet_id].waiting.add(visited_on)
    return seen


def _row(outlet: Any, known: _Known, month: Month, today: date, policy: Policy) -> dict[str, Any]:
    seen = known.seen
    owed = visits_owed(known.letter, outlet.approved_on, outlet.account_made_on, outlet.churned_on, month, policy)
    counted = counted_dates(seen.counting, policy)
    planned = visits_planned(owed, known.plan_days, outlet.churned_on, month)
    waiting = len(counted_dates([*seen.counting, *seen.waiting], policy)) - len(counted)
    return {
        "outlet_id": outlet.id,
        "month": str(month),
        "rep_id": known.rep_id,
        "outlet_class": known.letter,
        "owed": owed,
        "planned": planned,
        "counted": len(counted),
        "waiting": waiting,
        "state": month_state(planned, len(counted), waiting, today, month),
        "visit_ids": [seen.counting[day] for day in counted],
        "policy_version": policy.version,
    }


def _write(rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(_put_row(db.engine.dialect.name), sorted(rows, key=lambda row: row["outlet_id"]))
    touch(db.session, *(FeedEntry("outlet_month", f"{r['outlet_id']}:{r['month']}", f"outlet:{r['outlet_id']}") for r in rows))


@cache
def _put_row(_dialect: str) -> Any:
    row = upsert(OutletMonth.__table__)
    return row.on_conflict_do_update(index_elements=["outlet_id", "month"], set_={name: getattr(row.excluded, name) for name in COLUMNS})


_OF_PHONES = ("outlet_id", "month", "rep_id", "outlet_class", "owed", "counted", "state")
_DOCUMENTS = select(*(getattr(OutletMonth, name) for name in _OF_PHONES)).where(
    (OutletMonth.outlet_id + ":" + OutletMonth.month).in_(bindparam("ids", expanding=True))
)


def outlet_month_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """Outlet months as phones receive them; an id is `<outlet id>:<month>`."""
    return {f"{row['outlet_id']}:{row['month']}": dict(row) for row in db.session.execute(_DOCUMENTS, {"ids": ids}).mappings()}


def live_outlet_months() -> Select[str, str]:
    """What phones hold: months of which a day lies in the last 90 days."""
    recent = OutletMonth.month >= str(Month.of_date(today() - timedelta(days=HISTORY_DAYS)))
    return select(OutletMonth.outlet_id + ":" + OutletMonth.month, literal("outlet:") + OutletMonth.outlet_id).where(recent)
