"""Outlets by state: the table beside the map that says the same."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, literal, select

from server.console.counting import MOST_LISTED
from server.console.paging import PAGE_ROWS, after_key, key_text, one_page
from server.db import db
from server.domain.geo import distance_m
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_standing, is_visible
from server.outlets.responsible import with_rep
from server.people.access import sees_whole_company
from server.people.models import Person, Region
from server.visits.filters import VisitFilter, of_outlets, with_flag
from server.visits.models import OutletMonth, Visit
from server.visits.words import STATE_ORDER


@dataclass(frozen=True)
class MapTable:
    rows: list[tuple[Any, float | None]]
    counts: Counter[str]
    next_key: str | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def month_state_of_outlet() -> Any:
    """The outlet's state in the month joined; without a row it owes nothing."""
    return func.coalesce(OutletMonth.state, "none")


def state_rank() -> Any:
    """What hurts first comes first."""
    return case({state: rank for rank, state in enumerate(STATE_ORDER)}, value=month_state_of_outlet(), else_=len(STATE_ORDER))


def outlets_on_map(reader: Person, chosen: VisitFilter, today: date, *columns: Any) -> Any:
    """A select of the outlets within reach that the filter names; by flag, those with such a visit in its days."""
    in_month = and_(OutletMonth.outlet_id == Outlet.id, OutletMonth.month == str(chosen.month))
    query = select(*columns).select_from(Outlet).join(Region, Region.id == Outlet.region_id).outerjoin(OutletMonth, in_month)
    query = with_rep(query, min(today, chosen.month.last_day))
    query = of_outlets(query.where(is_visible(reader, today)), chosen)
    if chosen.flag:
        in_days = Visit.visited_on.between(chosen.first_day, chosen.last_day)
        query = query.where(Outlet.id.in_(with_flag(select(Visit.outlet_id).where(in_days), chosen.flag)))
    return query.where(Assignment.person_id == chosen.rep_id) if chosen.rep_id else query


def map_table(reader: Person, chosen: VisitFilter, after: str, today: date) -> MapTable:
    """Counts by state, and a page of outlets with their distance from the region's office."""
    counts = _counts(reader, chosen, today)
    rows: list[Any] = []
    key = after_key(after, int, str)
    for rank, state in enumerate(STATE_ORDER):
        is_asked = counts[state] and (not chosen.state or chosen.state == state) and (key is None or rank >= key[0])
        if is_asked and len(rows) <= PAGE_ROWS:
            code = key[1:] if key and key[0] == rank else None
            rows += db.session.execute(_of_state(reader, chosen, today, state, counts[state], code))
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    shown = [(row, _office_m(row)) for row in rows[:PAGE_ROWS]]
    return MapTable(shown, counts, key_text([last.rank, last.code]) if last else None)


def _counts(reader: Person, chosen: VisitFilter, today: date) -> Counter[str]:
    """Outlets by state; those without a row of the month are what is left of all."""
    if chosen.rep_id or chosen.flag:
        state = month_state_of_outlet()
        return Counter(
            {name: count for name, count in db.session.execute(outlets_on_map(reader, chosen, today, state, func.count()).group_by(state))}
        )
    months = select(OutletMonth.state, func.count()).where(OutletMonth.month == str(chosen.month))
    if sees_whole_company(reader) and not (chosen.region_id or chosen.outlet_class):
        months = months.where(is_standing(OutletMonth.outlet_id))
    else:
        months = months.where(OutletMonth.outlet_id.in_(of_outlets(select(Outlet.id).where(is_visible(reader, today)), chosen)))
    counts = Counter({name: count for name, count in db.session.execute(months.group_by(OutletMonth.state))})
    everywhere = db.session.scalar(of_outlets(select(func.count()).select_from(Outlet).where(is_visible(reader, today)), chosen)) or 0
    counts["none"] += everywhere - counts.total()
    return counts


def _of_state(reader: Person, chosen: VisitFilter, today: date, state: str, count: int, code: list[str] | None) -> Any:
    """A page of a state's outlets in the order of their codes; where there are few they are looked up first."""
    columns = (
        literal(STATE_ORDER.index(state)).label("rank"),
        Outlet.id,
        Outlet.code,
        Outlet.name,
        Outlet.lat,
        Outlet.lon,
        func.coalesce(OutletMonth.outlet_class, Outlet.outlet_class).label("outlet_class"),
        month_state_of_outlet().label("state"),
        func.coalesce(OutletMonth.owed, 0).label("owed"),
        func.coalesce(OutletMonth.planned, 0).label("planned"),
        func.coalesce(OutletMonth.counted, 0).label("counted"),
        Person.name.label("rep"),
        Region.centre_lat,
        Region.centre_lon,
        Outlet.region_id,
        and_(Outlet.approved_on.is_not(None), Outlet.account_made_on.is_not(None), Outlet.churned_on.is_(None)).label("is_customer"),
    )
    is_so = month_state_of_outlet() == state if state == "none" else OutletMonth.state == state
    query = outlets_on_map(reader, chosen, today, *columns).where(is_so)
    if state != "none" and count <= MOST_LISTED:
        of_state = select(OutletMonth.outlet_id).where(OutletMonth.month == str(chosen.month), OutletMonth.state == state)
        query = query.where(Outlet.id.in_(of_state))
    return one_page(query, [Outlet.code], code)


def _office_m(row: Any) -> float | None:
    if row.lat is None or row.centre_lat is None:
        return None
    return distance_m(row.centre_lat, row.centre_lon, row.lat, row.lon)
