"""达标情况: what each outlet owed and got in a month (RULEBOOK §4), kept in `outlet_month`.

A few set-based reads, the pure rule, and a write of the rows that differ, so that a quiet night stamps nothing. All
outlets at once go through one statement (compliance_night.py) where the policy lets them.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, literal, select

from server.clock import today
from server.db import db
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.domain.visit_frequency import counted_dates, month_state, visits_owed
from server.feed.clock import FeedEntry, touch, upsert
from server.outlets.models import Assignment, Outlet, OutletClassChange
from server.policy.queries import policy_of
from server.visits.compliance_night import can_count_by_statement, refresh_all_outlet_months
from server.visits.documents import HISTORY_DAYS
from server.visits.models import OutletMonth, Visit

CHUNK = 400
COLUMNS = ("rep_id", "outlet_class", "owed", "counted", "waiting", "state", "visit_ids", "policy_version")


@dataclass
class _Seen:
    """The visits of one outlet in the month: by date, those that count and those that wait for a review."""

    counting: dict[date, str] = field(default_factory=dict)
    waiting: set[date] = field(default_factory=set)


def refresh_outlet_months(month: Month, now: datetime, outlet_ids: list[str] | None = None) -> int:
    """Write the month's rows that changed, for some outlets or all; returns how many. Safe to repeat; the caller commits."""
    policy, today = policy_of(month), business_date(now)
    if outlet_ids is None and can_count_by_statement(policy):
        return refresh_all_outlet_months(month, now, policy)
    return _refresh_by_rule(month, today, policy, outlet_ids)


def _refresh_by_rule(month: Month, today: date, policy: Policy, outlet_ids: list[str] | None) -> int:
    _hold_outlets(outlet_ids)
    outlets = db.session.execute(_chosen(_outlets(month), Outlet.id, outlet_ids)).all()
    classes = _classes(month, outlet_ids)
    reps = _responsible(min(month.last_day, today), outlet_ids)
    seen = _visits(month, outlet_ids)
    before = _rows_before(month, outlet_ids)
    changed: list[dict[str, Any]] = []
    for outlet in outlets:
        row = _row(outlet, classes.get(outlet.id, outlet.outlet_class), reps.get(outlet.id), seen[outlet.id], month, today, policy)
        if before.get(outlet.id) != tuple(row[name] for name in COLUMNS) and (row["owed"] or row["counted"] or row["waiting"] or outlet.id in before):
            changed.append(row)
    _write(changed)
    return len(changed)


def _hold_outlets(outlet_ids: list[str] | None) -> None:
    """Wait for whoever counts the same outlets, so that no visit committed meanwhile is overlooked."""
    query = _chosen(select(Outlet.id), Outlet.id, outlet_ids).order_by(Outlet.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


def _outlets(month: Month) -> Any:
    columns = (Outlet.id, Outlet.outlet_class, Outlet.approved_on, Outlet.account_made_on, Outlet.churned_on)
    return select(*columns).where(Outlet.removed_at.is_(None), Outlet.approved_on.is_not(None), Outlet.approved_on <= month.last_day)


def _chosen(query: Any, column: Any, outlet_ids: list[str] | None) -> Any:
    return query if outlet_ids is None else query.where(column.in_(outlet_ids))


def _classes(month: Month, outlet_ids: list[str] | None) -> dict[str, str]:
    """The class on the month's first day sets what is owed; a change dated the 1st is in force on the 1st."""
    query = select(OutletClassChange.outlet_id, OutletClassChange.outlet_class).where(OutletClassChange.valid_from <= month.first_day)
    query = query.order_by(OutletClassChange.valid_from, OutletClassChange.id)
    return dict(db.session.execute(_chosen(query, OutletClassChange.outlet_id, outlet_ids)).all())


def _responsible(day: date, outlet_ids: list[str] | None) -> dict[str, str]:
    is_on = (Assignment.starts_on <= day) & (Assignment.ends_on.is_(None) | (Assignment.ends_on >= day))
    query = _chosen(select(Assignment.outlet_id, Assignment.person_id).where(is_on), Assignment.outlet_id, outlet_ids)
    return dict(db.session.execute(query).all())


def _visits(month: Month, outlet_ids: list[str] | None) -> defaultdict[str, _Seen]:
    columns = (Visit.id, Visit.outlet_id, Visit.visited_on, Visit.counts)
    matters = (Visit.counts | Visit.needs_review) & Visit.visited_on.between(month.first_day, month.last_day)
    query = select(*columns).where(matters).order_by(Visit.checked_in_at, Visit.id)
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)
    for visit_id, outlet_id, visited_on, counts in db.session.execute(_chosen(query, Visit.outlet_id, outlet_ids)):
        if counts:
            seen[outlet_id].counting.setdefault(visited_on, visit_id)
        else:
            seen[outlet_id].waiting.add(visited_on)
    return seen


def _row(outlet: Any, letter: str, rep_id: str | None, seen: _Seen, month: Month, today: date, policy: Policy) -> dict[str, Any]:
    owed = visits_owed(letter, outlet.approved_on, outlet.account_made_on, outlet.churned_on, month, policy)
    counted = counted_dates(seen.counting, policy)
    waiting = len(counted_dates([*seen.counting, *seen.waiting], policy)) - len(counted)
    return {
        "outlet_id": outlet.id,
        "month": str(month),
        "rep_id": rep_id,
        "outlet_class": letter,
        "owed": owed,
        "counted": len(counted),
        "waiting": waiting,
        "state": month_state(owed, len(counted), waiting, today, month),
        "visit_ids": [seen.counting[day] for day in counted],
        "policy_version": policy.version,
    }


def _rows_before(month: Month, outlet_ids: list[str] | None) -> dict[str, tuple[Any, ...]]:
    columns = [getattr(OutletMonth, name) for name in COLUMNS]
    query = _chosen(select(OutletMonth.outlet_id, *columns).where(OutletMonth.month == str(month)), OutletMonth.outlet_id, outlet_ids)
    return {row[0]: tuple(row[1:]) for row in db.session.execute(query)}


def _write(rows: list[dict[str, Any]]) -> None:
    rows = sorted(rows, key=lambda row: row["outlet_id"])
    for start in range(0, len(rows), CHUNK):
        statement = upsert(OutletMonth).values(rows[start : start + CHUNK])
        new = {name: getattr(statement.excluded, name) for name in COLUMNS}
        db.session.execute(statement.on_conflict_do_update(index_elements=["outlet_id", "month"], set_=new))
    touch(db.session, *(FeedEntry("outlet_month", f"{r['outlet_id']}:{r['month']}", f"outlet:{r['outlet_id']}") for r in rows))


def outlet_month_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """Outlet months as phones receive them; an id is `<outlet id>:<month>`."""
    key = OutletMonth.outlet_id + ":" + OutletMonth.month
    rows = db.session.scalars(select(OutletMonth).where(key.in_(ids)))
    return {
        f"{row.outlet_id}:{row.month}": {
            "outlet_id": row.outlet_id,
            "month": row.month,
            "rep_id": row.rep_id,
            "outlet_class": row.outlet_class,
            "owed": row.owed,
            "counted": row.counted,
            "state": row.state,
        }
        for row in rows
    }


def live_outlet_months() -> Select[str, str]:
    """What phones hold: months of which a day lies in the last 90 days."""
    recent = OutletMonth.month >= str(Month.of_date(today() - timedelta(days=HISTORY_DAYS)))
    return select(OutletMonth.outlet_id + ":" + OutletMonth.month, literal("outlet:") + OutletMonth.outlet_id).where(recent)
