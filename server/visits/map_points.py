"""What the map draws, in as few bytes as it can be said: offices for the rings, outlets and visits as points."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, or_, select, true

from server.db import db
from server.maps.queries import Ground, Placed
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.people.access import sees_whole_company
from server.people.models import Person, Region, Role
from server.visits.filters import VisitFilter, of_outlets, of_visits
from server.visits.models import Visit
from server.visits.queries_map import month_state_of_outlet, outlets_on_map, state_rank

MOST_POINTS = 20_000
MARKS = ("done", "waiting", "no")  # a visit that lacks only files still under way does not count yet
DEGREE = 100_000  # positions of visits are whole numbers of 1/100,000 degree, about a metre


def map_points(reader: Person, chosen: VisitFilter, today: date, drawn_on: Ground) -> dict[str, Any]:
    """Positions in the frame of the ground: offices [name, lat, lon], outlets [id, name, lat, lon, state], visits as columns.

    Of visits, `mark` is a place in `MARKS`, `outlet` one in `names`; past `MOST_POINTS` the newest come. `tiles` are those that the frame is of.
    """
    state = month_state_of_outlet()
    outlets = outlets_on_map(reader, chosen, today, Outlet.id, Outlet.name, Outlet.lat, Outlet.lon, state).where(Outlet.lat.is_not(None))
    if chosen.state:
        outlets = outlets.where(state == chosen.state)
    placed = drawn_on.placed
    return {
        "tiles": drawn_on.source.url if drawn_on.source else "",
        "offices": [[name, *placed(lat, lon)] for name, lat, lon in offices_on_map(outlets_on_map(reader, chosen, today, Outlet.region_id))],
        "outlets": [
            [outlet_id, name, *placed(lat, lon), said]
            for outlet_id, name, lat, lon, said in db.session.execute(outlets.order_by(state_rank().desc(), Outlet.code))
        ],
        **_visits(reader, chosen, today, placed),
    }


def offices_on_map(region_ids: Any) -> list[tuple[str, float, float]]:
    """The offices of these regions (a select of their ids), around which rings are drawn: (name, lat, lon)."""
    query = select(Region.name, Region.centre_lat, Region.centre_lon).where(Region.centre_lat.is_not(None), Region.id.in_(region_ids))
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.order_by(Region.name)).all() if row[1] is not None and row[2] is not None]


def visit_marks(reader: Person, chosen: VisitFilter, today: date) -> dict[str, int]:
    """How many visits of the filter have a position, by mark; counted side by side, since groups would be sorted first."""
    mark = _mark()
    counts = db.session.execute(_visits_on_map(reader, chosen, today, *(func.count().filter(mark == number) for number in range(len(MARKS))))).one()
    return dict(zip(MARKS, counts, strict=True))


def placed_visits(reader: Person, chosen: VisitFilter, today: date) -> int:
    """How many visits of the filter have a position."""
    return db.session.scalar(_visits_on_map(reader, chosen, today, func.count())) or 0


def _mark() -> Any:
    return case((Visit.__table__.c.counts, 0), (Visit.__table__.c.needs_review, 1), else_=2)


def _visits_on_map(reader: Person, chosen: VisitFilter, today: date, *columns: Any) -> Any:
    query = of_visits(select(*columns), chosen).where(Visit.fix_lat.is_not(None), _is_in_reach(reader, today))
    if chosen.region_id or chosen.outlet_class:  # a join would look up an outlet for each of 20,000 visits
        query = query.where(Visit.outlet_id.in_(of_outlets(select(Outlet.id), chosen)))
    return query


def _is_in_reach(reader: Person, today: date) -> ColumnElement[bool]:
    """As `is_visible_visit`, for most visits of a month at once: the outlets within reach are read first."""
    if sees_whole_company(reader):
        return true()
    at_outlets = Visit.outlet_id.in_(select(Outlet.id).where(is_visible(reader, today)))
    return or_(at_outlets, Visit.rep_id == reader.id) if reader.holds(Role.REP) else at_outlets


def _visits(reader: Person, chosen: VisitFilter, today: date, placed: Placed) -> dict[str, Any]:
    day = func.substr(cast(Visit.__table__.c.visited_on, Text), 9, 2)
    table = Visit.__table__.c  # plain columns: the mapper's way of reading doubles the time of 20,000 rows
    columns = (table.id, table.fix_lat, table.fix_lon, _mark(), day, table.outlet_id)
    query = _visits_on_map(reader, chosen, today, *columns).order_by(Visit.visited_on.desc(), Visit.id.desc()).limit(MOST_POINTS)
    rows = db.session.execute(query).all()
    if not rows:
        return {"names": [], "visits": {"id": [], "lat": [], "lon": [], "mark": [], "day": [], "outlet": []}}
    ids, lats, lons, marks, days, outlet_ids = zip(*rows, strict=True)
    number = {outlet_id: place for place, outlet_id in enumerate(dict.fromkeys(outlet_ids))}
    names = {row[0]: row[1] for row in db.session.execute(select(Outlet.id, Outlet.name).where(Outlet.id.in_(number)))}
    places = [placed(lat, lon) for lat, lon in zip(lats, lons, strict=True)]
    visits = {
        "id": ids,
        "lat": [round(lat * DEGREE) for lat, _ in places],
        "lon": [round(lon * DEGREE) for _, lon in places],
        "mark": marks,
        "day": [int(each) for each in days],
        "outlet": [number[outlet_id] for outlet_id in outlet_ids],
    }
    return {"names": [names[outlet_id] for outlet_id in number], "visits": visits}
