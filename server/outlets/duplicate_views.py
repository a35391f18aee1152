"""Outlets that may be the same one, as their list and page show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from server.console.filters import RegionAndRep
from server.console.paging import after_key, cut, one_page
from server.console.queues import Queue
from server.db import db
from server.outlets.deciders import DECIDERS, decides_at, decides_on
from server.outlets.duplicates import visit_counters
from server.outlets.models import Outlet, OutletDuplicate
from server.outlets.queries import is_standing, own_outlet_ids, responsible_people
from server.people.models import Person, Region
from sync.problems import Problem

LIST = "duplicates.duplicate_list"
PAIR_ORDER = (OutletDuplicate.outlet_id, OutletDuplicate.other_id)


@dataclass(frozen=True)
class DuplicatePage:
    rows: list[Any]
    next_key: str | None


@dataclass(frozen=True)
class Side:
    """One outlet of a pair, with who is responsible for it and how many visits it has."""

    outlet: Outlet
    owner: str
    visits: int


@dataclass(frozen=True)
class PairView:
    pair: OutletDuplicate
    region: str
    sides: tuple[Side, Side]


def duplicate_queues(reader: Person) -> list[Queue]:
    if not reader.holds(*DECIDERS):
        return []
    count = select(func.count(OutletDuplicate.outlet_id)).where(_is_open(reader)).scalar_subquery()
    return [Queue(LIST, gettext("可能重复的网点"), count)]


def _is_open(reader: Person) -> Any:
    one, other = OutletDuplicate.outlet_id, OutletDuplicate.other_id
    return (OutletDuplicate.outcome == "") & is_standing(one) & decides_at(one, reader) & decides_at(other, reader)


def duplicate_page(reader: Person, chosen: RegionAndRep, after: str, today: date) -> DuplicatePage:
    """Pairs that nobody looked at, oldest first."""
    rows = list(db.session.execute(one_page(listed_duplicates(reader, chosen, today), PAIR_ORDER, after_key(after, str, str))))
    return DuplicatePage(*cut(rows, lambda row: [row.OutletDuplicate.outlet_id, row.OutletDuplicate.other_id]))


def listed_duplicates(reader: Person, chosen: RegionAndRep, today: date) -> Any:
    """A select of the open pairs that the filter names, with both names and codes; the order is the caller's."""
    one, other = aliased(Outlet), aliased(Outlet)
    columns = (OutletDuplicate, one.name.label("name"), other.name.label("other_name"), Region.name.label("region"))
    query = select(*columns, one.code.label("code"), other.code.label("other_code"))
    query = query.join(one, one.id == OutletDuplicate.outlet_id).join(other, other.id == OutletDuplicate.other_id)
    query = query.join(Region, Region.id == one.region_id).where(_is_open(reader))
    if chosen.region_id:
        query = query.where(one.region_id == chosen.region_id)
    if chosen.rep_id:
        own = own_outlet_ids(chosen.rep_id, today)
        query = query.where(or_(OutletDuplicate.outlet_id.in_(own), OutletDuplicate.other_id.in_(own)))
    return query


def pair_view(reader: Person, outlet_id: str, other_id: str, today: date) -> PairView:
    """An open pair side by side; `not_found` for whoever does not decide on both, `stale` when it was settled."""
    reach = select(Outlet.id).where(decides_on(reader))
    in_reach = OutletDuplicate.outlet_id.in_(reach) & OutletDuplicate.other_id.in_(reach)
    query = select(OutletDuplicate).where(OutletDuplicate.outlet_id == outlet_id, OutletDuplicate.other_id == other_id, in_reach)
    pair = db.session.scalar(query)
    if pair is None:
        raise Problem("not_found")
    if pair.outcome:
        raise Problem("stale")
    ids = [outlet_id, other_id]
    owners, visits = responsible_people(ids, today), _visits(ids)
    outlets = [db.session.get_one(Outlet, one) for one in ids]
    sides = [Side(outlet, owners[outlet.id].name if outlet.id in owners else "", visits.get(outlet.id, 0)) for outlet in outlets]
    return PairView(pair, db.session.get_one(Region, outlets[0].region_id).name, (sides[0], sides[1]))


def _visits(outlet_ids: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for count in visit_counters:
        found.update(count(outlet_ids))
    return found
