"""People as their list shows them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from server.console.counting import rows_up_to
from server.console.paging import after_key, cut, one_page
from server.db import db
from server.devices.models import Device
from server.outlets.models import Assignment, Outlet
from server.outlets.responsible import is_in_force
from server.people.models import Person, Region
from server.people.narrowing import PeopleFilter, listed_people


@dataclass(frozen=True)
class PersonRow:
    """`outlets` are those of today, `phones` the ones in use."""

    person: Person
    regions: list[str]
    outlets: int
    phones: int


@dataclass(frozen=True)
class PeoplePage:
    """`count` is of all pages, or one more than `MOST_LISTED`."""

    rows: list[PersonRow]
    count: int
    next_key: str | None


def people_page(reader: Person, chosen: PeopleFilter, after: str, today: date) -> PeoplePage:
    """A page of people within reach, by login."""
    query = listed_people(reader, chosen)
    count = db.session.scalar(select(rows_up_to(query))) or 0
    columns = (_outlets(today).label("outlets"), _phones().label("phones"))
    found = list(db.session.execute(one_page(query.add_columns(*columns), [Person.login], after_key(after, str))))
    rows, next_key = cut(found, lambda row: [row.Person.login])
    names = region_names()
    shown = [PersonRow(row.Person, [names[one] for one in row.Person.region_ids], row.outlets, row.phones) for row in rows]
    return PeoplePage(shown, count, next_key)


def _outlets(today: date) -> Any:
    is_on = is_in_force(today)
    query = select(func.count()).select_from(Assignment).join(Outlet, Outlet.id == Assignment.outlet_id)
    return query.where(Assignment.person_id == Person.id, is_on, Outlet.removed_at.is_(None)).correlate(Person).scalar_subquery()


def _phones() -> Any:
    live = select(func.count()).where(Device.person_id == Person.id, Device.revoked_at.is_(None))
    return live.correlate(Person).scalar_subquery()


def region_names() -> dict[str, str]:
    """By id, in the order of names."""
    return {region_id: name for region_id, name in db.session.execute(select(Region.id, Region.name).order_by(Region.name))}
