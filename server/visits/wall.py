"""The photo wall: the photos of the visits that the filter names, newest day first, each with the same place at the outlet's last visit."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.console.paging import after_key, cut, one_page_down
from server.db import db
from server.media.store import stored_among
from server.outlets.models import Outlet
from server.people.models import Person
from server.visits.filters import VisitFilter
from server.visits.models import Visit, VisitPhoto
from server.visits.queries import is_visible_visit
from server.visits.queries_list import listed_visits

IN_VISIT = (-VisitPhoto.position).label("in_visit")


@dataclass(frozen=True)
class Shot:
    """A photo with its visit. `then` is the photo of the same place at the outlet's last visit (sha256, visited_on), or None."""

    row: Any
    is_here: bool
    then: Any


@dataclass(frozen=True)
class Wall:
    """Shots of one page by day."""

    days: list[tuple[date, list[Shot]]]
    next_key: str | None


def photo_wall(reader: Person, chosen: VisitFilter, outlet_id: str, after: str, today: date) -> Wall:
    """A page of photos within reach. Three queries."""
    columns: list[Any] = [Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.counts, Visit.needs_review, Visit.reasons, Visit.distance_m]
    columns += [Visit.allowed_m, Outlet.name.label("outlet"), Outlet.outlet_class, Person.name.label("rep")]
    columns += [VisitPhoto.sha256, VisitPhoto.slot, VisitPhoto.taken_at, VisitPhoto.position, VisitPhoto.width, VisitPhoto.height, IN_VISIT]
    query = listed_visits(reader, chosen, outlet_id, today).join(VisitPhoto, VisitPhoto.visit_id == Visit.id).with_only_columns(*columns)
    found = one_page_down(query, [Visit.visited_on, Visit.id, IN_VISIT], after_key(after, date, str, int))
    rows, next_key = cut(list(db.session.execute(found)), lambda row: [row.visited_on, row.id, row.in_visit])
    before = _before(reader, {row.id for row in rows}, today)
    here = stored_among([row.sha256 for row in rows] + [then.then for then in before.values()])
    shots = [_shot(row, here, before.get((row.id, row.position))) for row in rows]
    return Wall([(day, list(of_day)) for day, of_day in groupby(shots, lambda shot: shot.row.visited_on)], next_key)


def _shot(row: Any, here: set[str], before: Any) -> Shot:
    return Shot(row, row.sha256 in here, before if before and before.then in here else None)


def _before(reader: Person, visit_ids: set[str], today: date) -> dict[tuple[str, int], Any]:
    """By visit and position of a photo: the first photo of the same slot at the outlet's visit before it."""
    earlier, shot = aliased(Visit), aliased(VisitPhoto)
    last = select(earlier.id).where(earlier.outlet_id == Visit.outlet_id, earlier.checked_in_at < Visit.checked_in_at)
    last = last.where(earlier.is_replaced.is_(False), is_visible_visit(reader, today, earlier))
    last_id = last.order_by(earlier.checked_in_at.desc(), earlier.id.desc()).limit(1).correlate(Visit).scalar_subquery()
    there = aliased(Visit)
    query = select(VisitPhoto.visit_id, VisitPhoto.position, there.visited_on, shot.sha256.label("then")).join(Visit, Visit.id == VisitPhoto.visit_id)
    query = query.join(there, there.id == last_id).join(shot, (shot.visit_id == there.id) & (shot.slot == VisitPhoto.slot))
    query = query.where(VisitPhoto.visit_id.in_(visit_ids)).order_by(shot.position.desc())
    return {(row.visit_id, row.position): row for row in db.session.execute(query)}  # the first photo of a slot comes last and stays
