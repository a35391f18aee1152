"""Visits of a month whose fence was set after they were judged: the policy of the month's first day holds for all of it (RULEBOOK §11)."""

from datetime import datetime, time

from sqlalchemy import case, func, select

from server.db import db, read_only
from server.domain.months import MONTHS_CHECKED, SHANGHAI, Month, business_date, months_until
from server.domain.policy import Policy
from server.outlets.models import Outlet
from server.outlets.queries import hold_outlets
from server.policy.actions import locked_until
from server.policy.models import PolicyValue
from server.policy.queries import policy_of
from server.visits.models import Visit
from server.visits.verdicts import refresh_verdict

RADIUS, ACCURACY_CAP = "visit.fence_radius_m", "visit.fence_accuracy_cap_m"
NEXT_TO_NOTHING_M = 0.001


def judge_by_late_fences(now: datetime) -> int:
    """Judge anew the visits of open months that lie outside the fence they were judged by, or the one that holds; returns how many.

    Commits one by one; safe to repeat, since a visit keeps how far it was allowed to be away.
    """
    done = 0
    for month in months_until(Month.of_date(business_date(now)), MONTHS_CHECKED):
        for visit_id, outlet_id in _outdated(month):
            hold_outlets({outlet_id})
            visit = db.session.get_one(Visit, visit_id, populate_existing=True)
            refresh_verdict(visit, db.session.get_one(Outlet, visit.outlet_id), now)
            db.session.commit()
            done += 1
    return done


def _outdated(month: Month) -> list[tuple[str, str]]:
    """Visits with their outlets; none of a closed month, nor of one whose fence was known before it began."""
    with read_only():
        db.session.rollback()
        is_late = month.first_day > locked_until() and _was_set_late(month)
        found = _outside(month, policy_of(month)) if is_late else []
        db.session.rollback()
    return found


def _was_set_late(month: Month) -> bool:
    begins = datetime.combine(month.first_day, time(), SHANGHAI)
    which = (PolicyValue.key.in_((RADIUS, ACCURACY_CAP)), PolicyValue.valid_from <= month.first_day, PolicyValue.set_at >= begins)
    return db.session.scalar(select(PolicyValue.id).where(*which).limit(1)) is not None


def _outside(month: Month, policy: Policy) -> list[tuple[str, str]]:
    """As `allowed_distance_m`, within a statement: where it comes to something else than before, and the visit lies outside one of the two."""
    cap, accuracy = float(policy.decimal(ACCURACY_CAP)), func.coalesce(Visit.fix_accuracy_m, 0.0)
    allowed = case((accuracy > cap, cap), else_=accuracy) + float(policy.decimal(RADIUS))
    is_outside = (Visit.distance_m > Visit.allowed_m) | (Visit.distance_m > allowed)
    query = select(Visit.id, Visit.outlet_id).where(Visit.visited_on.between(month.first_day, month.last_day), Visit.is_replaced.is_(False))
    query = query.where(func.abs(Visit.allowed_m - allowed) > NEXT_TO_NOTHING_M, is_outside).order_by(Visit.visited_on, Visit.id)
    return [(visit_id, outlet_id) for visit_id, outlet_id in db.session.execute(query)]
