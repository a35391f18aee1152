"""Positions that visits propose: made at night, decided by a supervisor's word; no visit's verdict changes by either (RULEBOOK §11)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from math import sqrt
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.domain.geo import METRES_PER_DEGREE, distance_m
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.domain.position_proposal import WINDOW_DAYS, Fix, Place, proposed_position
from server.outlets.edits import set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Outlet, OutletState
from server.policy.queries import policy_of
from server.visits.models import Visit
from server.visits.position_models import APPROVED, DECLINED, OVERTAKEN, WAITING, PositionProposal
from sync.ids import uuid7
from sync.problems import Problem

TURN = "position proposals"
DECISIONS = (APPROVED, DECLINED)


def propose_positions(now: datetime) -> int:
    """Propose a position for outlets whose visits agree on one outside the fence; returns how many. Safe to repeat; the caller commits.

    Only visits that were outside when they came count, and none when the newest was at the registered place: so nobody is led back to
    where an outlet moved from. After a word on a proposal, for it or against, only visits that came since count towards another one.
    """
    take_turn(TURN)
    _settle_overtaken(now)
    policy, made = policy_of(Month.of_date(business_date(now))), 0
    for outlet_id, registered, fixes in _agreeing(business_date(now), policy):
        found = proposed_position(registered, fixes, policy)
        if found is not None and not _is_lately_inside(outlet_id, registered, business_date(now), policy):
            row = PositionProposal(id=uuid7(), outlet_id=outlet_id, lat=found.lat, lon=found.lon, accuracy_m=found.accuracy_m, made_at=now)
            row.from_lat, row.from_lon = registered
            row.visit_ids = list(found.visit_ids)
            db.session.add(row)
            made += 1
    return made


def _settle_overtaken(now: datetime) -> None:
    """What waits for a word on an outlet that moved meanwhile, or is one no more, waits for nothing."""
    has_moved = or_(Outlet.lat.is_distinct_from(PositionProposal.from_lat), Outlet.lon.is_distinct_from(PositionProposal.from_lon))
    query = select(PositionProposal).join(Outlet, Outlet.id == PositionProposal.outlet_id)
    for row in db.session.scalars(query.where(PositionProposal.outcome == WAITING, or_(has_moved, Outlet.removed_at.is_not(None)))).all():
        row.outcome, row.settled_at = OVERTAKEN, now
    db.session.flush()


def _agreeing(today: date, policy: Policy) -> Iterator[tuple[str, Place, list[Fix]]]:
    """Outlets with enough visits that may lie outside the fence: (id, registered position, their fixes, newest first)."""
    least = policy.integer("position.proposal_visits")
    rows = db.session.execute(_fixes(today, policy)).all()
    for (outlet_id, lat, lon), visits in groupby(rows, key=lambda row: (row.outlet_id, row.lat, row.lon)):
        fixes = [Fix(row.id, row.fix_lat, row.fix_lon, row.fix_accuracy_m) for row in visits]
        if len(fixes) >= least:
            yield outlet_id, (lat, lon), fixes


def _fixes(today: date, policy: Policy) -> Any:
    """A degree is at most `METRES_PER_DEGREE`: what lies outside the fence differs by so many degrees one way or the other, so little is read."""
    fence_m = float(policy.decimal("visit.fence_radius_m"))
    degrees = fence_m / sqrt(2) / METRES_PER_DEGREE
    was_outside = Visit.distance_m > fence_m
    is_far = or_(func.abs(Visit.fix_lat - Outlet.lat) > degrees, func.abs(Visit.fix_lon - Outlet.lon) > degrees)
    is_customer = and_(Outlet.state.in_((OutletState.APPROVED, OutletState.ARCHIVED)), Outlet.removed_at.is_(None), Outlet.churned_on.is_(None))
    waiting = select(PositionProposal.outlet_id).where(PositionProposal.outcome == WAITING)
    settled = select(PositionProposal.outlet_id, func.max(PositionProposal.settled_at).label("at"))
    last = settled.where(PositionProposal.outcome.in_(DECISIONS)).group_by(PositionProposal.outlet_id).subquery()
    columns = (Visit.outlet_id, Outlet.lat, Outlet.lon, Visit.id, Visit.fix_lat, Visit.fix_lon, Visit.fix_accuracy_m)
    query = select(*columns).join(Outlet, Outlet.id == Visit.outlet_id).outerjoin(last, last.c.outlet_id == Visit.outlet_id)
    is_new = or_(last.c.at.is_(None), Visit.received_at > last.c.at)
    query = query.where(_is_heard(today), is_customer, was_outside, is_far, is_new, Outlet.id.not_in(waiting))
    return query.order_by(Visit.outlet_id, Visit.checked_in_at.desc(), Visit.id.desc())


def _is_heard(today: date) -> ColumnElement[bool]:
    """Visits that count, in the days that proposals look at."""
    return Visit.counts & (Visit.visited_on > today - timedelta(days=WINDOW_DAYS))


def _is_lately_inside(outlet_id: str, registered: Place, today: date, policy: Policy) -> bool:
    """Whether the newest visit with a fix good enough to be heard was within the fence."""
    is_good = Visit.fix_accuracy_m <= float(policy.decimal("visit.position_accuracy_max_m"))
    query = select(Visit.fix_lat, Visit.fix_lon).where(Visit.outlet_id == outlet_id, _is_heard(today), is_good, Visit.fix_lat.is_not(None))
    newest = db.session.execute(query.order_by(Visit.checked_in_at.desc(), Visit.id.desc()).limit(1)).one_or_none()
    fence_m = float(policy.decimal("visit.fence_radius_m"))
    return newest is not None and distance_m(*registered, newest.fix_lat, newest.fix_lon) <= fence_m


def decide_position(proposal_id: str, decision: str, reason: str, by_id: str, now: datetime) -> PositionProposal:
    """Move the outlet where its visits say it is, or leave it; commits. Visits are judged by the new position from then on.

    Raises `stale` when somebody decided already, or the outlet has moved since it was proposed.
    """
    if decision not in DECISIONS:
        raise Problem("invalid", fields={"decision": "unknown"})
    take_turn(TURN)
    row = held(PositionProposal, proposal_id)
    if row is None:
        raise Problem("not_found")
    outlet = db.session.get_one(Outlet, row.outlet_id, with_for_update=True, populate_existing=True)
    if row.outcome != WAITING or (outlet.lat, outlet.lon) != (row.from_lat, row.from_lon) or outlet.removed_at is not None:
        raise Problem("stale")
    if decision == APPROVED:
        place = {"lat": row.lat, "lon": row.lon, "accuracy_m": row.accuracy_m}
        set_outlet_field(outlet.id, "position", place, Writer(by_id, now))
    row.outcome, row.reason, row.settled_by_id, row.settled_at = decision, reason, by_id, now
    said = {"before": written(row.from_lat, row.from_lon), "after": written(row.lat, row.lon), "reason": row.reason}
    record_audit(now, by_id, f"outlet.position_{decision}", ("outlet", outlet.id), **said)
    db.session.commit()
    return row


def written(lat: float, lon: float) -> str:
    """30.660000, 104.070000."""
    return f"{lat:.6f}, {lon:.6f}"
