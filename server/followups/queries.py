"""Reading follow-ups within a person's reach, and who may speak of them."""

from datetime import date

from sqlalchemy import ColumnElement, select, true

from server.db import db
from server.followups.models import FollowUp
from server.media.pictures import records_with
from server.outlets.models import Outlet
from server.outlets.office_records import found_at_outlet
from server.outlets.queries import is_at_visible
from server.people.access import sees_whole_company
from server.people.models import Person, Role

WORKERS = (Role.REP, Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.SERVICE)
PASSERS = (Role.SUPERVISOR, Role.MANAGER, Role.OPS)


def is_visible_follow_up(reader: Person, today: date) -> ColumnElement[bool]:
    """The condition on `FollowUp`: all, or those at visible outlets."""
    if sees_whole_company(reader):
        return true()
    return is_at_visible(FollowUp.outlet_id, reader, today)


def visible_follow_up(reader: Person, follow_up_id: str, today: date) -> tuple[FollowUp, Outlet]:
    """The follow-up and its outlet, or `not_found` for whoever may not know of it."""
    return found_at_outlet(FollowUp, follow_up_id, is_visible_follow_up(reader, today))


def follow_ups_of_day(outlet_id: str, day: date, reader: Person, today: date) -> list[FollowUp]:
    """What was registered at an outlet on a day, as far as the reader may know of it."""
    query = select(FollowUp).where(FollowUp.outlet_id == outlet_id, FollowUp.registered_on == day, is_visible_follow_up(reader, today))
    return list(db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id)))


def sees_follow_up(sha256: str, reader: Person, today: date) -> bool:
    """Whether the picture belongs to a follow-up, or to a look at one, that the person may see."""
    shown = FollowUp.id.in_(records_with(sha256, "follow_up"))
    return db.session.scalar(select(FollowUp.id).where(shown, is_visible_follow_up(reader, today)).limit(1)) is not None
