"""The month's list of customers who stopped 离网 (RULEBOOK §9): active in the month before last, inactive last month."""

from datetime import datetime

from sqlalchemy import select

from server.churn.models import ChurnCase
from server.db import db, take_turn
from server.domain.churn import ChurnState
from server.domain.deadlines import churn_word_due_on
from server.domain.months import Month, business_date
from server.feed.clock import FeedEntry, touch, upsert
from server.outlets.models import Outlet
from server.policy.queries import policy_of, working_years
from server.transactions.queries import active_outlets, is_month_in
from sync.ids import uuid7


def list_churn(now: datetime, waits_for_month: bool = True) -> int:
    """List this month's customers who are not listed yet; returns how many.

    Nobody is listed before last month's transactions are in up to its last day, unless ops says they are (`waits_for_month`
    False). Safe to repeat and in parallel; the caller commits.
    """
    take_turn("churn cases")
    listed_on = business_date(now)
    month = Month.of_date(listed_on)
    if waits_for_month and not is_month_in(month.previous()):
        return 0
    due_on = churn_word_due_on(listed_on, working_years(), policy_of(month))
    same = {"month": str(month), "listed_on": listed_on, "due_on": due_on, "state": ChurnState.OPEN, "reason": "", "made_at": now}
    rows = [{"id": uuid7(), "outlet_id": outlet_id, **same} for outlet_id in _stopped(month)]
    statement = upsert(ChurnCase).on_conflict_do_nothing(index_elements=["outlet_id", "month"]).returning(ChurnCase.id, ChurnCase.outlet_id)
    inserted = db.session.execute(statement, rows).all() if rows else []
    touch(db.session, *(FeedEntry("churn_case", case_id, f"outlet:{outlet_id}") for case_id, outlet_id in inserted))
    return len(inserted)


def _stopped(month: Month) -> list[str]:
    last = month.previous()
    known = select(ChurnCase.id).where(ChurnCase.outlet_id == Outlet.id, ChurnCase.month == str(month)).exists()
    query = select(Outlet.id).where(Outlet.removed_at.is_(None), Outlet.churned_on.is_(None), ~known)
    query = query.where(Outlet.id.in_(active_outlets(last.previous())), Outlet.id.not_in(active_outlets(last)))
    return list(db.session.scalars(query.order_by(Outlet.id)))
