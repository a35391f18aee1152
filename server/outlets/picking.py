"""Choosing the outlet that a new record is about: by name, code, account or phone, among those within reach."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from server.db import db
from server.outlets.models import Outlet
from server.outlets.queries import is_visible, visible_outlet
from server.people.models import Person

MOST_FOUND = 20


@dataclass(frozen=True)
class OutletChoice:
    """The outlet that was chosen, or what was looked for and found."""

    outlet: Outlet | None
    q: str
    found: list[Any]


def outlet_choice(reader: Person, outlet_id: str, q: str, today: date) -> OutletChoice:
    """The chosen outlet (`not_found` when out of reach), else the first matches by code."""
    if outlet_id:
        return OutletChoice(visible_outlet(reader, outlet_id, today), "", [])
    return OutletChoice(None, q, _matches(reader, q, today) if q else [])


def _matches(reader: Person, q: str, today: date) -> list[Any]:
    query = select(Outlet.id, Outlet.code, Outlet.name, Outlet.address).where(is_visible(reader, today))
    for word in q.split()[:5]:
        fields = (Outlet.name, Outlet.code, Outlet.account_no, Outlet.phone)
        query = query.where(or_(*(part.icontains(word, autoescape=True) for part in fields)))
    return list(db.session.execute(query.order_by(Outlet.code).limit(MOST_FOUND)))
