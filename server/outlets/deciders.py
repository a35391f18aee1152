"""Who decides about outlet files: their supervisors, and managers."""

from sqlalchemy import ColumnElement, true

from server.outlets.models import Outlet
from server.people.models import Person, Role

DECIDERS = (Role.SUPERVISOR, Role.MANAGER)


def decides_on(reader: Person) -> ColumnElement[bool]:
    """The condition on `Outlet` for those about which the reader decides; removed ones too."""
    return true() if reader.holds(Role.MANAGER) else Outlet.region_id.in_(reader.region_ids)
