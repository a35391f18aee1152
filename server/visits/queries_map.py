"""Outlets by state: the table beside the map that says the same."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from server.console.counting import MOST_LISTED
from server.console.paging import PAGE_ROWS, after_key, key_text, one_page
from server.db import db
from server.domain.geo import distance_m
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_not_past_churn, is_standing, is_visible
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


def with_month(query: Any, chosen: VisitFilter) -> Any:
    """The query from `Outlet` with the row of the month where there is one."""
    return query.select_from(Outlet).outerjoin(OutletMonth, and_(OutletMonth.outlet_id == Outlet.id, OutletMonth.month == str(chosen.month)))


def outlets_on_map(reader: Person, chosen: VisitFilter, today: date, *columns: Any) -> Any:
    """A select of the outlets within reach that the filter names; by flag, those with such a visit in its days."""
    query = with_month(select(*columns), chosen).join(Region, Region.id == Outlet.region_id)
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
    """Outlets by state."""
    if sees_whole_company(reader) and not (chosen.region_id or chosen.outlet_class or chosen.rep_id or chosen.flag):
        return _counts_of_company(chosen)
    columns = month_state_of_outlet(), func.count()
    if chosen.rep_id or chosen.flag:
        query = outlets_on_map(reader, chosen, today, *columns)
    else:
        query = of_outlets(with_month(select(*columns), chosen).where(is_visible(reader, today)), chosen)
    return Counter({name: count for name, count in db.session.execute(query.group_by(columns[0]))})


def _counts_of_company(chosen: VisitFilter) -> Counter[str]:
    """By the rows of the month alone; outlets without one, or owing nothing, are what is left of all.

    Each state is counted by itself, and the removed are taken from all: so the indexes are counted and no row is looked at.
    """
    states = [state for state in STATE_ORDER if state != "none"]
    standing = OutletMonth.month == str(chosen.month), is_standing(OutletMonth.outlet_id)
    of_states = [select(func.count()).select_from(OutletMonth).where(OutletMonth.state == state, *standing) for state in states]
    outlets = select(func.count()).select_from(Outlet)
    queries = [*of_states, outlets, outlets.where(Outlet.removed_at.is_not(None))]
    *counted, every, removed = db.session.execute(select(*(query.scalar_subquery() for query in queries))).one()
    return Counter(dict(zip(states, counted, strict=True)) | {"none": every - removed - sum(counted)})


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
        and_(Outlet.approved_on.is_not(None), Outlet.account_made_on.is_not(None), is_not_past_churn(chosen.month)).label("is_customer"),
    )
    query = outlets_on_map(reader, chosen, today, *columns).where(_is_in(state))
    if state != "none" and count <= MOST_LISTED:
        of_state = select(OutletMonth.outlet_id).where(OutletMonth.month == str(chosen.month), OutletMonth.state == state)
        query = query.where(Outlet.id.in_(of_state))
    return one_page(query, [Outlet.code], code)


def _is_in(state: str) -> ColumnElement[bool]:
    """Of a plain column PostgreSQL knows how many rows have it, and goes by the codes; SQLite would sort them all unless the join has to stay."""
    is_plain = state != "none" and db.engine.dialect.name == "postgresql"
    return OutletMonth.state == state if is_plain else month_state_of_outlet() == state


def _office_m(row: Any) -> float | None:
    if row.lat is None or row.centre_lat is None:
        return None
    return distance_m(row.centre_lat, row.centre_lon, row.lat, row.lon)
