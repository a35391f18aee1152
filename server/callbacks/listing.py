"""Ops' lists of call-backs 电话回访 (RULEBOOK §8): last week's new customers, and young customers whose file was changed last week."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from server.audit.models import AuditRow
from server.callbacks.models import CallBack
from server.db import db, take_turn
from server.domain.callbacks import is_profile_window, week_before
from server.domain.months import SHANGHAI, Month, business_date
from server.feed.clock import upsert
from server.outlets.models import Outlet
from server.policy.queries import policies
from server.transactions.queries import first_uses
from sync.ids import uuid7

WEEKS_LATE = timedelta(weeks=3)  # a list that was missed is made up for
Listed = tuple[str, str, str]


def list_callbacks(now: datetime) -> int:
    """List who is to be called this week and is not listed yet; returns how many.

    It is made on Monday, or on the first night after it. Safe to repeat and in parallel; the caller commits.
    """
    take_turn("call-backs")
    monday, sunday = week_before(business_date(now))
    wanted = [*_new_customers(monday - WEEKS_LATE, sunday), *_changed_files(monday - WEEKS_LATE, sunday)]
    return list_these(wanted, now)


def list_these(wanted: list[Listed], now: datetime) -> int:
    """List (source key, kind, outlet id) that are not known, due by the end of this week. The caller commits."""
    today = business_date(now)
    same = {"listed_on": today, "due_on": week_end(today), "about_month": "", "outcome": "", "note": "", "at": now}
    rows = [{"id": uuid7(), "source_key": key, "kind": kind, "outlet_id": outlet_id, **same} for key, kind, outlet_id in wanted]
    statement = upsert(CallBack).on_conflict_do_nothing(index_elements=["source_key"]).returning(CallBack.id)
    return len(db.session.execute(statement, rows).all()) if rows else 0


def week_end(day: date) -> date:
    """The Sunday of the day's week."""
    return day + timedelta(days=6 - day.weekday())


def week_start(day: date) -> date:
    return day - timedelta(days=day.weekday())


def new_customer_key(outlet_id: str) -> str:
    return f"new_customer:{outlet_id}"


def profile_key(outlet_id: str, changed_on: date) -> str:
    """Once a week at most, however often the file was changed."""
    return f"profile:{outlet_id}:{week_start(changed_on)}"


def _new_customers(first: date, last: date) -> Iterator[Listed]:
    """Outlets whose account was made in these days; each is called back once."""
    known = select(CallBack.id).where(CallBack.outlet_id == Outlet.id, CallBack.kind == "new_customer").exists()
    made = Outlet.account_made_on.between(first, last)
    for outlet_id in db.session.scalars(select(Outlet.id).where(made, Outlet.removed_at.is_(None), ~known).order_by(Outlet.id)):
        yield new_customer_key(outlet_id), "new_customer", outlet_id


def _changed_files(first: date, last: date) -> Iterator[Listed]:
    """Outlets whose file was changed in these days, within so many months of their first transfer."""
    since, until = (datetime.combine(day, time(), SHANGHAI) for day in (first, last + timedelta(days=1)))
    uses, policy_in = first_uses().subquery(), policies()
    query = select(AuditRow.subject_id, AuditRow.at, uses.c.first_use_on).join(uses, uses.c.outlet_id == AuditRow.subject_id)
    query = query.join(Outlet, Outlet.id == AuditRow.subject_id).where(Outlet.removed_at.is_(None))
    query = query.where(AuditRow.subject_type == "outlet", AuditRow.action == "outlet.edited", AuditRow.at >= since, AuditRow.at < until)
    for outlet_id, at, first_use_on in db.session.execute(query.order_by(AuditRow.at, AuditRow.id)):
        changed_on = business_date(at)
        if is_profile_window(first_use_on, changed_on, policy_in(Month.of_date(changed_on))):
            yield profile_key(outlet_id, changed_on), "profile", outlet_id
