"""Positions that visits propose, as their list and page show them; and the drawing that every proposed position has."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy import func, select

from server.console.paging import cut, instant_key, one_page
from server.console.queues import Queue
from server.db import db
from server.domain.geo import distance_m
from server.domain.months import Month
from server.domain.position_proposal import WINDOW_DAYS, Place
from server.outlets.deciders import DECIDERS, decides_at, decides_on
from server.outlets.models import Outlet
from server.outlets.queries import is_standing
from server.people.models import Person, Region
from server.policy.queries import policy_of
from server.visits.drawing import PositionDrawing, position_drawing
from server.visits.models import Visit
from server.visits.position_models import WAITING, PositionProposal
from sync.problems import Problem

LIST = "positions.position_list"
PROPOSAL_ORDER = (PositionProposal.made_at, PositionProposal.id)
MOST_FIXES = 12


@dataclass(frozen=True)
class PositionPage:
    """`rows` are (row, metres of the move)."""

    rows: list[tuple[Any, float]]
    next_key: str | None


@dataclass(frozen=True)
class PositionView:
    """A proposal with its drawing; `visits` are (visit, metres from the registered position, metres from the proposed one)."""

    proposal: PositionProposal
    outlet: Outlet
    region: str
    settled_by: str
    is_waiting: bool
    drawing: PositionDrawing | None
    fence_m: float
    visits: list[tuple[Any, float, float]]


def position_queues(reader: Person) -> list[Queue]:
    if not reader.holds(*DECIDERS):
        return []
    count = select(func.count(PositionProposal.id)).where(_waits(reader)).scalar_subquery()
    return [Queue(LIST, gettext("位置建议"), count)]


def _waits(reader: Person) -> Any:
    return (PositionProposal.outcome == WAITING) & is_standing(PositionProposal.outlet_id) & decides_at(PositionProposal.outlet_id, reader)


def position_page(reader: Person, region_id: str, after: str) -> PositionPage:
    """Proposals that wait, oldest first."""
    found = list(db.session.execute(one_page(listed_positions(reader, region_id), PROPOSAL_ORDER, instant_key(after))))
    rows, next_key = cut(found, lambda row: [row.PositionProposal.made_at.isoformat(), row.PositionProposal.id])
    return PositionPage([(row, moved_m(row.PositionProposal)) for row in rows], next_key)


def listed_positions(reader: Person, region_id: str) -> Any:
    """A select of the proposals that wait, of a region or of all; the order is the caller's."""
    columns = (PositionProposal, Outlet.code, Outlet.name, Region.name.label("region"))
    query = select(*columns).join(Outlet, Outlet.id == PositionProposal.outlet_id)
    query = query.join(Region, Region.id == Outlet.region_id).where(_waits(reader))
    return query.where(Outlet.region_id == region_id) if region_id else query


def position_view(reader: Person, proposal_id: str, today: date) -> PositionView:
    """One proposal, decided or not; `not_found` for whoever does not decide on its outlet."""
    query = select(PositionProposal, Outlet, Region.name.label("region"), Person.name.label("by")).join(
        Outlet, Outlet.id == PositionProposal.outlet_id
    )
    query = query.join(Region, Region.id == Outlet.region_id).outerjoin(Person, Person.id == PositionProposal.settled_by_id)
    found = db.session.execute(query.where(PositionProposal.id == proposal_id, decides_on(reader))).one_or_none()
    if found is None:
        raise Problem("not_found")
    proposal, outlet, registered = found.PositionProposal, found.Outlet, (found.PositionProposal.from_lat, found.PositionProposal.from_lon)
    visits, fence_m = _visits(proposal), _fence_m(today)
    fixes = dict.fromkeys([*((visit.fix_lat, visit.fix_lon) for visit in visits), *_latest_fixes(outlet.id, today)])  # what speaks against it too
    drawing = position_drawing(registered, (proposal.lat, proposal.lon), list(fixes), fence_m)
    is_waiting = proposal.outcome == WAITING and (outlet.lat, outlet.lon) == registered and outlet.removed_at is None
    measured = [
        (visit, *(distance_m(*place, visit.fix_lat, visit.fix_lon) for place in (registered, (proposal.lat, proposal.lon)))) for visit in visits
    ]
    return PositionView(proposal, outlet, found.region, found.by or "", is_waiting, drawing, fence_m, measured)


def _visits(proposal: PositionProposal) -> list[Any]:
    """The visits that the proposal was made of, newest first."""
    columns = (Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.fix_lat, Visit.fix_lon, Visit.fix_accuracy_m, Person.name.label("rep"))
    query = select(*columns).join(Person, Person.id == Visit.rep_id).where(Visit.id.in_(proposal.visit_ids), Visit.fix_lat.is_not(None))
    return list(db.session.execute(query.order_by(Visit.checked_in_at.desc(), Visit.id.desc())))


def moved_m(proposal: PositionProposal) -> float:
    """Metres between the file's position and the proposed one."""
    return distance_m(proposal.from_lat, proposal.from_lon, proposal.lat, proposal.lon)


def _fence_m(today: date) -> float:
    return float(policy_of(Month.of_date(today)).decimal("visit.fence_radius_m"))


def drawing_of_sent(outlet: Outlet, proposed: Any, today: date) -> PositionDrawing | None:
    """A position that a phone proposes (the JSON value of the field), among the fixes of the outlet's latest visits; None for none."""
    if not isinstance(proposed, dict):
        return None
    registered: Place | None = None if outlet.lat is None or outlet.lon is None else (outlet.lat, outlet.lon)
    return position_drawing(registered, (proposed["lat"], proposed["lon"]), _latest_fixes(outlet.id, today), _fence_m(today))


def _latest_fixes(outlet_id: str, today: date) -> list[Place]:
    """Of visits that count, in the days that proposals look at."""
    is_recent = Visit.counts & (Visit.visited_on > today - timedelta(days=WINDOW_DAYS))
    query = select(Visit.fix_lat, Visit.fix_lon).where(Visit.outlet_id == outlet_id, is_recent)
    found = db.session.execute(query.order_by(Visit.checked_in_at.desc(), Visit.id).limit(MOST_FIXES))
    return [(lat, lon) for lat, lon in found if lat is not None and lon is not None]
