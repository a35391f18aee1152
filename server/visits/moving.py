"""What happens to visits when two outlet files become one."""

from datetime import datetime

from sqlalchemy import delete, func, select

from server.db import db
from server.domain.geo import distance_m
from server.feed.clock import FeedEntry, touch
from server.outlets.models import Outlet
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlannedVisit
from server.visits.verdicts import refresh_verdict


def move_visits(gone_id: str, kept_id: str, now: datetime) -> None:
    """Give the visits of an outlet to another and judge them there; what the first owed is owed no more. The caller commits."""
    kept = db.session.get_one(Outlet, kept_id)
    visits = db.session.scalars(select(Visit).where(Visit.outlet_id == gone_id).order_by(Visit.checked_in_at, Visit.id)).all()
    for visit in visits:
        touch(db.session, FeedEntry("visit", visit.id, f"outlet:{gone_id}", is_deleted=True))
        visit.outlet_id = kept_id
        if visit.fix_lat is not None and visit.fix_lon is not None and kept.lat is not None and kept.lon is not None:
            visit.distance_m = distance_m(kept.lat, kept.lon, visit.fix_lat, visit.fix_lon)
    db.session.flush()
    for visit in visits:
        refresh_verdict(visit, kept, now)
    _forget_months(gone_id)
    _move_plan(gone_id, kept_id)


def visit_counts(outlet_ids: list[str]) -> dict[str, int]:
    """How many visits each outlet has; those without any are absent."""
    query = select(Visit.outlet_id, func.count()).where(Visit.outlet_id.in_(outlet_ids)).group_by(Visit.outlet_id)
    return {outlet_id: count for outlet_id, count in db.session.execute(query)}


def _move_plan(gone_id: str, kept_id: str) -> None:
    """Days set for the one are days of the other; a day set for both is one day."""
    rows = db.session.scalars(select(PlannedVisit).where(PlannedVisit.outlet_id.in_((gone_id, kept_id)))).all()
    kept_days = {row.planned_on for row in rows if row.outlet_id == kept_id}
    for row in rows:
        if row.outlet_id == kept_id:
            continue
        if row.planned_on not in kept_days:
            made = {"rep_id": row.rep_id, "made_by_id": row.made_by_id, "made_at": row.made_at}
            db.session.add(PlannedVisit(outlet_id=kept_id, planned_on=row.planned_on, **made))
        db.session.delete(row)


def _forget_months(outlet_id: str) -> None:
    months = db.session.scalars(select(OutletMonth.month).where(OutletMonth.outlet_id == outlet_id)).all()
    touch(db.session, *(FeedEntry("outlet_month", f"{outlet_id}:{month}", f"outlet:{outlet_id}", is_deleted=True) for month in months))
    db.session.execute(delete(OutletMonth).where(OutletMonth.outlet_id == outlet_id))
