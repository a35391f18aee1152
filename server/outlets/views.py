"""Outlets as their list and page show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, select
from werkzeug.datastructures import MultiDict

from server.console.counting import rows_up_to
from server.console.paging import after_key, cut, one_page
from server.db import db
from server.domain.churn import is_past_churn
from server.domain.geo import distance_m
from server.domain.months import Month
from server.outlets.forms import POOL
from server.outlets.models import Agent, Assignment, Outlet, OutletClassChange, OutletState
from server.outlets.queries import is_visible
from server.outlets.responsible import with_rep
from server.people.access import sees_region
from server.people.models import Person, Region, Role
from sync.problems import Problem


@dataclass(frozen=True)
class OutletFilter:
    """Empty parts are unset. `q` looks in name, code, account, person in charge, address and phone."""

    q: str
    region_id: str
    rep_id: str
    outlet_class: str
    state: str
    agent_id: str

    @property
    def is_set(self) -> bool:
        return any((self.q, self.region_id, self.rep_id, self.outlet_class, self.state, self.agent_id))


def read_outlet_filter(asked: MultiDict[str, str]) -> OutletFilter:
    """The filter in the address."""
    return OutletFilter(
        q=asked.get("q", "").strip()[:60],
        region_id=asked.get("region", ""),
        rep_id=asked.get("rep", ""),
        outlet_class=asked.get("class", ""),
        state=asked.get("state", ""),
        agent_id=asked.get("agent", ""),
    )


@dataclass(frozen=True)
class OutletPage:
    """`count` is of all pages, or one more than `MOST_LISTED`."""

    rows: list[Any]
    count: int
    next_key: str | None


@dataclass(frozen=True)
class OwnerChange:
    starts_on: date
    ends_on: date | None
    name: str
    made_by: str | None


def outlet_page(reader: Person, chosen: OutletFilter, after: str, today: date) -> OutletPage:
    """A page of outlets within reach, by code."""
    columns = (Outlet.id, Outlet.code, Outlet.name, Outlet.address, Outlet.state, Outlet.outlet_class, Outlet.account_no, Outlet.lat)
    names = (Region.name.label("region"), Person.name.label("rep"), Person.id.label("rep_id"))
    query = listed_outlets(reader, chosen, today).with_only_columns(*columns, *names)
    count = db.session.scalar(select(rows_up_to(query))) or 0
    rows, next_key = cut(list(db.session.execute(one_page(query, [Outlet.code], after_key(after, str)))), lambda row: [row.code])
    return OutletPage(rows, count, next_key)


def listed_outlets(reader: Person, chosen: OutletFilter, today: date) -> Any:
    """A select of the outlets within reach that the filter names, joined with `Region` and the `Person` responsible today."""
    query = select(Outlet.id).select_from(Outlet).join(Region, Region.id == Outlet.region_id)
    query = with_rep(query, today)
    return _narrowed(query, chosen).where(is_visible(reader, today))


def next_listed(reader: Person, chosen: OutletFilter, outlet: Outlet, today: date) -> str | None:
    """The outlet of the list that comes after this one, or its first other one."""
    query = listed_outlets(reader, chosen, today).where(Outlet.id != outlet.id)
    found: str | None = db.session.scalar(query.order_by(case((Outlet.code > outlet.code, 0), else_=1), Outlet.code).limit(1))
    return found


def _narrowed(query: Any, chosen: OutletFilter) -> Any:
    if chosen.region_id:
        query = query.where(Outlet.region_id == chosen.region_id)
    if chosen.rep_id == POOL:
        query = query.where(Assignment.person_id.is_(None))
    elif chosen.rep_id:
        query = query.where(Assignment.person_id == chosen.rep_id)
    if chosen.outlet_class:
        query = query.where(Outlet.outlet_class == chosen.outlet_class)
    if chosen.state:
        query = query.where(Outlet.state == chosen.state)
    if chosen.agent_id:
        query = query.where(Outlet.agent_id == chosen.agent_id)
    for word in chosen.q.split()[:5]:
        fields = (Outlet.name, Outlet.code, Outlet.account_no, Outlet.person_in_charge, Outlet.address, Outlet.phone)
        found = [field.icontains(word, autoescape=True) for field in fields]
        query = query.where(found[0] | found[1] | found[2] | found[3] | found[4] | found[5])
    return query


def outlet_with_region(reader: Person, outlet_id: str, today: date) -> tuple[Outlet, Region, str | None]:
    """The outlet, its region and its agent's name, or `not_found` for whoever may not know of it."""
    query = select(Outlet, Region, Agent.name).join(Region, Region.id == Outlet.region_id).outerjoin(Agent, Agent.id == Outlet.agent_id)
    row = db.session.execute(query.where(Outlet.id == outlet_id, is_visible(reader, today))).one_or_none()
    if row is None:
        raise Problem("not_found", f"outlet {outlet_id}")
    return row[0], row[1], row[2]


def office_distance_m(outlet: Outlet, region: Region) -> float | None:
    if outlet.lat is None or outlet.lon is None or region.centre_lat is None or region.centre_lon is None:
        return None
    return distance_m(region.centre_lat, region.centre_lon, outlet.lat, outlet.lon)


def owner_history(outlet_id: str) -> list[OwnerChange]:
    """Who was responsible, newest first."""
    by = Person.__table__.alias("by_person")
    columns = (Assignment.starts_on, Assignment.ends_on, Person.name, by.c.name.label("made_by"))
    query = select(*columns).join(Person, Person.id == Assignment.person_id).outerjoin(by, by.c.id == Assignment.made_by_id)
    query = query.where(Assignment.outlet_id == outlet_id).order_by(Assignment.starts_on.desc(), Assignment.id.desc())
    return [OwnerChange(*row) for row in db.session.execute(query)]


def class_history(outlet_id: str) -> list[tuple[date, str]]:
    """(valid from, class), newest first."""
    columns = (OutletClassChange.valid_from, OutletClassChange.outlet_class)
    query = (
        select(*columns).where(OutletClassChange.outlet_id == outlet_id).order_by(OutletClassChange.valid_from.desc(), OutletClassChange.id.desc())
    )
    return [(row.valid_from, row.outlet_class) for row in db.session.execute(query)]


def may_assign(person: Person, outlet: Outlet) -> bool:
    """The manager, and the supervisor of the outlet's region."""
    return person.holds(Role.MANAGER) or (person.holds(Role.SUPERVISOR) and outlet.region_id in person.region_ids)


def may_plan(person: Person, outlet: Outlet, today: date) -> bool:
    """The supervisor of the outlet's region, for a customer that owes visits or will."""
    has_left = is_past_churn(outlet.churned_on, Month.of_date(today))
    is_customer = outlet.approved_on is not None and outlet.account_made_on is not None and not has_left
    return is_customer and person.holds(Role.SUPERVISOR) and sees_region(person, outlet.region_id)


STATES = [state.value for state in OutletState]
