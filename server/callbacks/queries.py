"""Reading call-backs within a person's reach."""

from datetime import date

from sqlalchemy import ColumnElement, or_, true

from server.callbacks.models import CallBack
from server.findings.queries import is_own_evidence
from server.outlets.models import Outlet
from server.outlets.office_records import found_at_outlet
from server.outlets.queries import is_in_regions, own_outlet_ids
from server.people.access import sees_whole_company
from server.people.models import Person, Role


def is_visible_callback(reader: Person, today: date) -> ColumnElement[bool]:
    """The condition on `CallBack`: all, those of own regions; reps see what was made about own outlets, not whom ops will call."""
    if sees_whole_company(reader):
        return true()
    reach: list[ColumnElement[bool]] = [is_own_evidence("callback", CallBack.id, reader.id)]
    if reader.holds(Role.SUPERVISOR):
        reach.append(is_in_regions(CallBack.outlet_id, reader.region_ids))
    if reader.holds(Role.REP):
        reach.append(CallBack.outlet_id.in_(own_outlet_ids(reader.id, today)) & CallBack.called_on.is_not(None))
    return or_(*reach)


def visible_callback(reader: Person, callback_id: str, today: date) -> tuple[CallBack, Outlet]:
    """The call-back and its outlet, or `not_found` for whoever may not know of it."""
    return found_at_outlet(CallBack, callback_id, is_visible_callback(reader, today))
