"""Outlets that may be the same one: found by name and distance, settled by a supervisor, merged with an alias (SYNC §4)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import product
from math import floor
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, or_, select, update

from server.audit.actions import record_audit
from server.bulk import put_new
from server.db import db
from server.domain.geo import distance_m
from server.domain.months import business_date
from server.domain.shop_names import are_names_alike
from server.feed.clock import FeedEntry, revoke, touch
from server.feed.scopes import holders
from server.outlets.models import Assignment, Outlet, OutletAlias, OutletDuplicate
from sync.problems import Problem

NEAR_M = 200.0
NEAR_DEGREES = 0.004  # more than NEAR_M of longitude this side of 63 degrees, more than twice that of latitude
_KEPT = select(OutletAlias.kept_id).where(OutletAlias.outlet_id == bindparam("outlet_id"))  # asked for every operation
MERGED, KEPT_BOTH = "merged", "both"

Mover = Callable[[str, str, datetime], None]
movers: list[Mover] = []
VisitCounter = Callable[[list[str]], dict[str, int]]
visit_counters: list[VisitCounter] = []


class _Place(NamedTuple):
    id: str
    name: str
    lat: float
    lon: float


_Cell = tuple[str, int, int]


def note_duplicates(outlet: Outlet, now: datetime, known: frozenset[str] = frozenset()) -> int:
    """Note which outlets of the region this one may be, but for the known ones; returns how many."""
    if outlet.lat is None or outlet.lon is None:
        return 0
    near = (
        Outlet.id != outlet.id,
        Outlet.region_id == outlet.region_id,
        Outlet.removed_at.is_(None),
        Outlet.lat.between(outlet.lat - NEAR_DEGREES, outlet.lat + NEAR_DEGREES),
        Outlet.lon.between(outlet.lon - NEAR_DEGREES, outlet.lon + NEAR_DEGREES),
    )
    found = 0
    for other in db.session.scalars(select(Outlet).where(*near).order_by(Outlet.id)).all():
        assert other.lat is not None
        assert other.lon is not None
        apart = distance_m(outlet.lat, outlet.lon, other.lat, other.lon)
        if other.id not in known and apart <= NEAR_M and are_names_alike(outlet.name, other.name):
            db.session.add(OutletDuplicate(outlet_id=outlet.id, other_id=other.id, distance_m=apart, found_at=now))
            found += 1
    return found


def paired_with(outlet_id: str) -> frozenset[str]:
    """The outlets that were held against this one before, whatever was said of it."""
    query = select(OutletDuplicate.outlet_id, OutletDuplicate.other_id)
    query = query.where(or_(OutletDuplicate.outlet_id == outlet_id, OutletDuplicate.other_id == outlet_id))
    return frozenset(one for pair in db.session.execute(query) for one in pair)


def drop_questions_elsewhere(outlet: Outlet) -> None:
    """Ask nobody any more whether this outlet is the same as one of a region that it is not of: who decides on one may not see the other."""
    elsewhere = select(Outlet.id).where(Outlet.region_id != outlet.region_id)
    one, other = OutletDuplicate.outlet_id, OutletDuplicate.other_id
    is_apart = ((one == outlet.id) & other.in_(elsewhere)) | ((other == outlet.id) & one.in_(elsewhere))
    db.session.execute(delete(OutletDuplicate).where(OutletDuplicate.outcome == "", is_apart))


def note_duplicates_of(outlets: Sequence[Outlet], now: datetime) -> None:
    """As `note_duplicates` of each of many outlets that are flushed already, with one look at their regions."""
    cells = _cells({outlet.region_id for outlet in outlets})
    found = []
    for outlet in outlets:
        if outlet.lat is None or outlet.lon is None:
            continue
        one = _Place(outlet.id, outlet.name, outlet.lat, outlet.lon)
        pairs = ((other, _metres_apart(one, other)) for other in _around(cells, outlet.region_id, one) if other.id != one.id)
        found += [
            {"outlet_id": one.id, "other_id": other.id, "distance_m": apart, "found_at": now, "outcome": ""}
            for other, apart in pairs
            if apart is not None and are_names_alike(one.name, other.name)
        ]
    if found:
        put_new(OutletDuplicate, found)


def _cells(region_ids: set[str]) -> dict[_Cell, list[_Place]]:
    """The outlets of the regions by squares of NEAR_DEGREES: what is near lies in the same or the next."""
    columns: tuple[Any, ...] = (Outlet.region_id, Outlet.id, Outlet.name, Outlet.lat, Outlet.lon)
    has_place = (Outlet.removed_at.is_(None), Outlet.lat.is_not(None), Outlet.lon.is_not(None))
    cells: defaultdict[_Cell, list[_Place]] = defaultdict(list)
    query = select(*columns).where(Outlet.region_id.in_(region_ids), *has_place)
    for region_id, outlet_id, name, lat, lon in db.session.execute(query):
        one = _Place(outlet_id, name, lat, lon)
        cells[_cell(region_id, one)].append(one)
    return cells


def _cell(region_id: str, place: _Place) -> _Cell:
    return region_id, floor(place.lat / NEAR_DEGREES), floor(place.lon / NEAR_DEGREES)


def _around(cells: dict[_Cell, list[_Place]], region_id: str, place: _Place) -> Iterator[_Place]:
    _, row, column = _cell(region_id, place)
    for cell in product((region_id,), (row - 1, row, row + 1), (column - 1, column, column + 1)):
        yield from cells.get(cell, ())


def _metres_apart(one: _Place, other: _Place) -> float | None:
    """None when they are not near each other."""
    if abs(one.lat - other.lat) > NEAR_DEGREES / 2 or abs(one.lon - other.lon) > NEAR_DEGREES:
        return None
    apart = distance_m(one.lat, one.lon, other.lat, other.lon)
    return apart if apart <= NEAR_M else None


def kept_outlet_id(outlet_id: str) -> str:
    """The outlet that stands for this id: itself, or the one it was merged into."""
    return db.session.scalar(_KEPT, {"outlet_id": outlet_id}) or outlet_id


def merged_into(outlet_id: str) -> list[Outlet]:
    """The outlets that this one stands for, by code."""
    gone = select(OutletAlias.outlet_id).where(OutletAlias.kept_id == outlet_id)
    return list(db.session.scalars(select(Outlet).where(Outlet.id.in_(gone)).order_by(Outlet.code)))


def kept_ids() -> dict[str, str]:
    """By id of every outlet that was merged the one that stands for it."""
    return {gone_id: kept_id for gone_id, kept_id in db.session.execute(select(OutletAlias.outlet_id, OutletAlias.kept_id))}


def keep_both(outlet_id: str, other_id: str, by_id: str, now: datetime) -> None:
    """They are two outlets. Commits; `stale` when it was settled already."""
    _settle(outlet_id, other_id, KEPT_BOTH, by_id, now)
    record_audit(now, by_id, "outlet.not_duplicate", ("outlet", outlet_id), other_id=other_id)
    db.session.commit()


def merge_outlets(gone_id: str, kept_id: str, by_id: str, now: datetime) -> None:
    """Make one outlet of two: what belongs to the first moves to the one that is kept, and later records follow by alias. Commits.

    Raises `invalid` for an outlet with itself, `stale` when either was removed meanwhile.
    """
    if gone_id == kept_id:
        raise Problem("invalid", fields={"kept_id": "same"})
    found = {
        outlet.id: outlet
        for outlet in db.session.scalars(select(Outlet).where(Outlet.id.in_([gone_id, kept_id])).order_by(Outlet.id).with_for_update())
    }
    if len(found) < 2:
        raise Problem("not_found")
    if any(outlet.removed_at is not None for outlet in found.values()):
        raise Problem("stale")
    gone = found[gone_id]
    gone.removed_at, gone.removed_by_id = now, by_id
    db.session.execute(update(OutletAlias).where(OutletAlias.kept_id == gone_id).values(kept_id=kept_id))
    db.session.add(OutletAlias(outlet_id=gone_id, kept_id=kept_id, made_by_id=by_id, made_at=now))
    for move in movers:
        move(gone_id, kept_id, now)
    _release(gone_id, now)
    _settle_all(gone_id, by_id, now)
    db.session.flush()
    touch(db.session, FeedEntry("outlet", gone_id, f"outlet:{gone_id}", is_deleted=True))
    record_audit(now, by_id, "outlet.merged", ("outlet", gone_id), kept_id=kept_id)
    db.session.commit()


def _release(outlet_id: str, now: datetime) -> None:
    """Nobody is responsible for an outlet that is gone; phones drop it."""
    open_now = db.session.scalar(select(Assignment).where(Assignment.outlet_id == outlet_id, Assignment.ends_on.is_(None)))
    if open_now is not None:
        open_now.ends_on = max(open_now.starts_on, business_date(now))
    for person_id in holders(f"outlet:{outlet_id}"):
        revoke(db.session, person_id, f"outlet:{outlet_id}", "merged")


def _settle(outlet_id: str, other_id: str, outcome: str, by_id: str, now: datetime) -> None:
    pair = db.session.get(OutletDuplicate, (outlet_id, other_id), with_for_update=True)
    if pair is None:
        raise Problem("not_found")
    if pair.outcome:
        raise Problem("stale")
    pair.outcome, pair.settled_by_id, pair.settled_at = outcome, by_id, now


def _settle_all(gone_id: str, by_id: str, now: datetime) -> None:
    """Every open question about an outlet that is gone is answered."""
    asks = or_(OutletDuplicate.outlet_id == gone_id, OutletDuplicate.other_id == gone_id) & (OutletDuplicate.outcome == "")
    for pair in db.session.scalars(select(OutletDuplicate).where(asks)).all():
        pair.outcome, pair.settled_by_id, pair.settled_at = MERGED, by_id, now
