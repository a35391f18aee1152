"""Who is responsible for an outlet on a day 片区负责人 (RULEBOOK §1, §11), set-based."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from server.db import db
from server.outlets.models import Assignment, Outlet, OutletClassChange
from server.people.models import Person


def is_in_force(day: Any, of: Any = Assignment) -> ColumnElement[bool]:
    """The condition on `Assignment`, or an alias of it, for those in force on a day, both ends included; the day may be a column or a bound value."""
    is_on: ColumnElement[bool] = (of.starts_on <= day) & (of.ends_on.is_(None) | (of.ends_on >= day))
    return is_on


def is_held_on(outlet_id: Any, day: Any) -> ColumnElement[bool]:
    """The condition on `Assignment` for the one in force at an outlet on a day; both may be columns of a join."""
    return (Assignment.outlet_id == outlet_id) & is_in_force(day)


def with_rep(query: Any, day: Any) -> Any:
    """The query, which has joined `Outlet`, with the `Person` who is responsible that day (which may be a column); nobody for the region's pool."""
    return query.outerjoin(Assignment, is_held_on(Outlet.id, day)).outerjoin(Person, Person.id == Assignment.person_id)


def responsible_id(outlet_id: str, day: date) -> str | None:
    """The rep responsible that day; None while the outlet is in the region's pool."""
    return db.session.scalar(select(Assignment.person_id).where(is_held_on(outlet_id, day)))


def free_from(outlet_id: str) -> date | None:
    """The day after the last assignment that is over: nobody new can be responsible before it. None where none was."""
    last_day = db.session.scalar(select(func.max(Assignment.ends_on)).where(Assignment.outlet_id == outlet_id))
    return None if last_day is None else last_day + timedelta(days=1)


def classes_on(day: date, outlet_ids: list[str] | None = None) -> dict[str, str]:
    """Outlet id → the class in force on a day, of some outlets or all; a change dated that day holds."""
    query = select(OutletClassChange.outlet_id, OutletClassChange.outlet_class).where(OutletClassChange.valid_from <= day)
    if outlet_ids is not None:
        query = query.where(OutletClassChange.outlet_id.in_(outlet_ids))
    rows = db.session.execute(query.order_by(OutletClassChange.valid_from, OutletClassChange.id))
    return {outlet_id: letter for outlet_id, letter in rows}
