"""Regions 区域: adding, renaming, and removing those that nothing ever belonged to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.people.actions import add_region
from server.people.models import Region
from server.references import are_listed, are_referred_to
from sync.problems import Problem

MOST_NAME = 80
TURN = "regions"


@dataclass(frozen=True)
class RegionFile:
    """`centre` is (lat, lon) of the office, WGS-84, on which the map begins; None where it is not known."""

    name: str
    centre: tuple[float, float] | None


def open_region(file: RegionFile, by_id: str, now: datetime) -> Region:
    """Add a region; the caller commits. Raises `invalid` for a name that is taken or none."""
    take_turn(TURN)
    _check_name(file.name, "")
    return add_region(file.name, now, file.centre, by_id)


def change_region(region_id: str, file: RegionFile, by_id: str, now: datetime) -> Region:
    """Give a region another name or centre; the same again changes nothing. The caller commits."""
    take_turn(TURN)
    region = _held_region(region_id)
    _check_name(file.name, region.id)
    before: dict[str, Any] = {"name": region.name, "lat": region.centre_lat, "lon": region.centre_lon}
    region.name = file.name
    region.centre_lat, region.centre_lon = file.centre or (None, None)
    after: dict[str, Any] = {"name": region.name, "lat": region.centre_lat, "lon": region.centre_lon}
    if before != after:
        record_audit(now, by_id, "region.changed", ("region", region.id), before=before, after=after)
    return region


def remove_region(region_id: str, by_id: str, now: datetime) -> None:
    """Take a region away that no person and no outlet belongs to, and that no checklist, notice or token of the reports names.

    Raises `invalid` (`region`: `used`) otherwise. The caller commits.
    """
    take_turn(TURN)
    region = _held_region(region_id)
    if are_referred_to(Region, [region.id]) or are_listed(region.id, "region_ids"):
        raise Problem("invalid", fields={"region": "used"})
    record_audit(now, by_id, "region.removed", ("region", region.id), name=region.name)
    db.session.delete(region)


def _held_region(region_id: str) -> Region:
    region = held(Region, region_id)
    if region is None:
        raise Problem("not_found", f"region {region_id}")
    return region


def _check_name(name: str, own_id: str) -> None:
    if not 0 < len(name) <= MOST_NAME:
        raise Problem("invalid", fields={"name": "required" if not name else "long_name"})
    if db.session.scalar(select(Region.id).where(Region.name == name, Region.id != own_id)) is not None:
        raise Problem("invalid", fields={"name": "taken"})
