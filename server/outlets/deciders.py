"""Who decides about outlet files: their supervisors, and managers."""

from typing import Any

from sqlalchemy import ColumnElement, true

from server.outlets.models import Outlet
from server.outlets.queries import is_in_regions
from server.people.models import Person, Role

DECIDERS = (Role.SUPERVISOR, Role.MANAGER)


def decides_on(reader: Person) -> ColumnElement[bool]:
    """The condition on `Outlet` for those about which the reader decides; removed ones too."""
    return true() if reader.holds(Role.MANAGER) else Outlet.region_id.in_(reader.region_ids)


def may_decide(reader: Person, outlet: Outlet) -> bool:
    """As `decides_on`, about one outlet."""
    return reader.holds(Role.MANAGER) or (reader.holds(Role.SUPERVISOR) and outlet.region_id in reader.region_ids)


def decides_at(outlet_id: Any, reader: Person) -> ColumnElement[bool]:
    """As `decides_on`, on the records of a long list, by the column of their outlet's id."""
    return true() if reader.holds(Role.MANAGER) else is_in_regions(outlet_id, reader.region_ids)
