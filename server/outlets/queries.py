"""Reading outlets within a person's reach."""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, false, or_, select
from sqlalchemy.orm import aliased

from server.db import db
from server.domain.months import Month
from server.outlets.models import Assignment, Outlet, OutletAlias
from server.outlets.responsible import is_in_force
from server.people.access import sees_region, sees_whole_company
from server.people.models import Person, Role
from sync.problems import Problem

MOST_NAMED = 500

# one for all: an alias copies every column, which takes far longer than the condition around it, and a supervisor's page asks twenty of these
PLACE = aliased(Outlet)


def is_visible(person: Person, today: date) -> ColumnElement[bool]:
    """The condition on `Outlet` that holds for what the person may see: all, own regions, or own outlets."""
    if sees_whole_company(person):
        return Outlet.removed_at.is_(None)
    reach: list[ColumnElement[bool]] = [false()]
    if person.holds(Role.SUPERVISOR):
        reach.append(Outlet.region_id.in_(person.region_ids))
    if person.holds(Role.REP):
        reach.append(Outlet.id.in_(own_outlet_ids(person.id, today)))
    return Outlet.removed_at.is_(None) & or_(*reach)


def is_at_visible(outlet_id: Any, person: Person, today: date) -> ColumnElement[bool]:
    """The condition on a record, by the column of its outlet's id, that the person may see the outlet: `is_visible` for long lists of records."""
    if sees_whole_company(person):
        return is_standing(outlet_id)
    reach: list[ColumnElement[bool]] = [false()]
    if person.holds(Role.SUPERVISOR):
        reach.append(_is_at_place(outlet_id, person.region_ids, PLACE.removed_at.is_(None)))
    if person.holds(Role.REP):
        reach.append(is_standing(outlet_id) & outlet_id.in_(own_outlet_ids(person.id, today)))
    return or_(*reach)


def is_standing(outlet_id: Any) -> ColumnElement[bool]:
    """The condition on a record, by the column of its outlet's id, that the outlet was not removed."""
    return outlet_id.not_in(select(Outlet.id).where(Outlet.removed_at.is_not(None)))  # type: ignore[no-any-return]


def is_not_past_churn(month: Month) -> ColumnElement[bool]:
    """The condition on `Outlet` that it was not found churned before the month, and so may owe what was planned (RULEBOOK §11)."""
    return Outlet.churned_on.is_(None) | (Outlet.churned_on >= month.first_day)


def is_in_regions(outlet_id: Any, region_ids: list[str]) -> ColumnElement[bool]:
    """The condition on a record, by the column of its outlet's id, that the outlet belongs to one of the regions, be it removed or not.

    Asked record by record: a page, or a count that stops, then need not read all outlets of the regions first. And asked whether there is such
    an outlet: of a region that is looked up PostgreSQL takes it that hardly any record has it, and reads them all before it sorts.
    """
    return _is_at_place(outlet_id, region_ids)


def _is_at_place(outlet_id: Any, region_ids: list[str], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(PLACE.id).where(PLACE.id == outlet_id, PLACE.region_id.in_(region_ids), *conditions).correlate_except(PLACE).exists()


def own_outlet_ids(person_id: str, day: date):  # type: ignore[no-untyped-def]
    """A select of the outlets a person is responsible for on a day."""
    is_on = is_in_force(day)
    return select(Assignment.outlet_id).where(Assignment.person_id == person_id, is_on)


def visible_outlet(person: Person, outlet_id: str, today: date) -> Outlet:
    """The outlet, or `not_found` for whoever may not know of it."""
    outlet = db.session.scalar(select(Outlet).where(Outlet.id == outlet_id, is_visible(person, today)))
    if outlet is None:
        raise Problem("not_found", f"outlet {outlet_id}")
    return outlet


def hold_outlets(outlet_ids: set[str]) -> None:
    """Wait for whoever changes these outlets or those they were merged into, and hold them until the commit.

    In sorted order, so that no two wait for each other. SQLite has one writer anyway.
    """
    if not outlet_ids or db.engine.dialect.name != "postgresql":
        return
    kept = select(OutletAlias.kept_id).where(OutletAlias.outlet_id.in_(outlet_ids))
    query = select(Outlet.id).where(or_(Outlet.id.in_(outlet_ids), Outlet.id.in_(kept))).order_by(Outlet.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


def responsible_name(outlet_id: str, day: date) -> str:
    """The name of the rep responsible on that day; empty for an outlet of the region's pool."""
    person = responsible_people([outlet_id], day).get(outlet_id)
    return person.name if person else ""


class Responsible(NamedTuple):
    """The rep who answers for an outlet."""

    id: str
    name: str


def reaches(person: Person, outlet: Outlet, today: date) -> bool:
    """Whether the person may open the outlet's page; whoever lost an outlet still sees records behind findings of that time."""
    if sees_region(person, outlet.region_id):
        return True
    return person.holds(Role.REP) and db.session.scalar(own_outlet_ids(person.id, today).where(Assignment.outlet_id == outlet.id)) is not None


def responsible_people(outlet_ids: list[str], day: date) -> dict[str, Responsible]:
    """Outlet id → the rep responsible on that day; outlets of the region's pool are absent."""
    words = {"day": day, "outlet_ids": outlet_ids} if len(outlet_ids) <= MOST_NAMED else {"day": day}
    found = db.session.execute(_responsible("outlet_ids" in words), words)
    return {outlet_id: Responsible(person_id, name) for outlet_id, person_id, name in found}


@cache
def _responsible(is_of_some: bool) -> Select[str, str, str]:
    """Built once: every pull that brings outlets asks it."""
    is_on = is_in_force(bindparam("day"))
    query = select(Assignment.outlet_id, Person.id, Person.name).join(Person, Person.id == Assignment.person_id).where(is_on)
    return query.where(Assignment.outlet_id.in_(bindparam("outlet_ids", expanding=True))) if is_of_some else query
