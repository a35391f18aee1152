"""A rep's day: the visits in order, with the time and the straight line between them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from server.db import db
from server.domain.evidence import RULES
from server.domain.geo import distance_m
from server.outlets.models import Outlet
from server.people.choices import is_person_in_reach
from server.people.models import Person, Region, Role
from server.visits.flag_words import flag_reading, flag_words
from server.visits.models import Visit, VisitFlag
from server.visits.queries import is_visible_visit
from server.visits.sample_queries import asked_samples
from server.visits.words import first_reason, verdict_of
from sync.problems import Problem

ORDER = tuple(RULES)
Place = tuple[float, float]
Flags = dict[str, list[tuple[str, dict[str, Any]]]]  # (code, detail) by visit


@dataclass(frozen=True)
class Stop:
    """One visit. `way_m` is the straight line from the stop before, None without both fixes; `gap` the time since it was left,
    below zero where they overlap, None at the first. Places are WGS-84 (lat, lon). `flags` are (words, reading), none while a blind sample
    of the visit waits for the reader's answer."""

    number: int
    visit: Any
    verdict: str
    reason: str
    way_m: float | None
    gap: timedelta | None
    fix: Place | None
    outlet: Place | None
    flags: list[tuple[str, str]]
    is_fast: bool

    @property
    def is_marked(self) -> bool:
        """Whether somebody may want to look: a flag, or a position that waits for a review."""
        return bool(self.flags) or self.verdict == "waiting"

    @property
    def stay(self) -> timedelta:
        stay: timedelta = self.visit.checked_out_at - self.visit.checked_in_at
        return stay


@dataclass(frozen=True)
class Day:
    """`before` and `after` are the nearest days with visits of the same rep; `offices` those of the regions that were visited."""

    rep: Person
    on: date
    stops: list[Stop]
    before: date | None
    after: date | None
    offices: list[tuple[str, float, float]]

    @property
    def way_m(self) -> float:
        return sum(stop.way_m or 0.0 for stop in self.stops)

    @property
    def marked(self) -> int:
        return sum(stop.is_marked for stop in self.stops)


def replayed_day(reader: Person, rep_id: str, on: date | None, today: date) -> Day | None:
    """The day of a rep in reach; without a rep the one who was out last, without a day the last one out; None when nobody was.

    Raises `not_found` for a person out of reach. Visits that a correction replaced are left out: the correction stands for them.
    """
    if not rep_id:
        rep_id = reader.id if reader.holds(Role.REP) else _last_out(reader, today)
        if not rep_id:
            return None
    rep = db.session.scalar(select(Person).where(Person.id == rep_id, is_person_in_reach(reader)))
    if rep is None:
        raise Problem("not_found", f"person {rep_id}")
    of_rep = and_(Visit.rep_id == rep.id, Visit.is_replaced.is_(False), is_visible_visit(reader, today))
    on = on or db.session.scalar(select(func.max(Visit.visited_on)).where(of_rep)) or today
    before = select(func.max(Visit.visited_on)).where(of_rep, Visit.visited_on < on).scalar_subquery()
    after = select(func.min(Visit.visited_on)).where(of_rep, Visit.visited_on > on).scalar_subquery()
    near = db.session.execute(select(before, after)).one()
    rows = db.session.execute(_visits(of_rep, on)).all()
    return Day(rep, on, _stops(rows, _flags([row.id for row in rows], reader, today)), near[0], near[1], _offices(rows))


def _last_out(reader: Person, today: date) -> str:
    query = select(Visit.rep_id).join(Person, Person.id == Visit.rep_id).where(is_visible_visit(reader, today), is_person_in_reach(reader))
    return db.session.scalar(query.order_by(Visit.visited_on.desc(), Visit.id.desc()).limit(1)) or ""


def _visits(of_rep: Any, on: date) -> Any:
    columns: list[Any] = [Visit.id, Visit.checked_in_at, Visit.checked_out_at, Visit.fix_lat, Visit.fix_lon, Visit.distance_m, Visit.allowed_m]
    columns += [Visit.counts, Visit.needs_review, Visit.reasons, Outlet.id.label("outlet_id"), Outlet.name, Outlet.outlet_class]
    columns += [Outlet.lat, Outlet.lon, Region.name.label("region"), Region.centre_lat, Region.centre_lon]
    query = select(*columns).join(Outlet, Outlet.id == Visit.outlet_id).join(Region, Region.id == Outlet.region_id)
    return query.where(of_rep, Visit.visited_on == on).order_by(Visit.checked_in_at, Visit.id)


def _stops(rows: Any, flags: Flags) -> list[Stop]:
    stops: list[Stop] = []
    for number, row in enumerate(rows, 1):
        before = stops[-1] if stops else None
        fix, found = _place(row.fix_lat, row.fix_lon), flags.get(row.id, [])
        way_m = distance_m(*before.fix, *fix) if before and before.fix and fix else None
        gap = row.checked_in_at - before.visit.checked_out_at if before else None
        said = [(flag_words(code, detail), flag_reading(code)) for code, detail in found]
        is_fast = any(code == "too_fast" for code, _ in found)
        reason = "" if row.counts else first_reason(row)
        stops.append(Stop(number, row, verdict_of(row), reason, way_m, gap, fix, _place(row.lat, row.lon), said, is_fast))
    return stops


def _place(lat: float | None, lon: float | None) -> Place | None:
    return None if lat is None or lon is None else (lat, lon)


def _flags(visit_ids: list[str], reader: Person, today: date) -> Flags:
    query = select(VisitFlag).where(VisitFlag.visit_id.in_(visit_ids))
    if reader.holds(Role.SUPERVISOR, Role.MANAGER):
        query = query.where(VisitFlag.visit_id.not_in(asked_samples(reader, visit_ids, today)))
    found: Flags = {}
    for row in sorted(db.session.scalars(query), key=lambda row: ORDER.index(row.code)):
        found.setdefault(row.visit_id, []).append((row.code, row.detail))
    return found


def _offices(rows: Any) -> list[tuple[str, float, float]]:
    return sorted({(row.region, row.centre_lat, row.centre_lon) for row in rows if row.centre_lat is not None})


def first_and_last(stops: list[Stop]) -> tuple[datetime, datetime]:
    """When the first outlet was entered and the last one left."""
    return stops[0].visit.checked_in_at, max(stop.visit.checked_out_at for stop in stops)
