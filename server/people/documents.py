"""People and regions as phones receive them."""

from typing import Any

from sqlalchemy import Select, literal, select

from server.db import db
from server.people.models import Person, Region

Documents = dict[str, dict[str, Any]]


def person_documents(ids: list[str]) -> Documents:
    people = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {
        person.id: {
            "id": person.id,
            "login": person.login,
            "name": person.name,
            "roles": person.role_names,
            "region_ids": person.region_ids,
            "language": person.language,
        }
        for person in people
    }


def region_documents(ids: list[str]) -> Documents:
    regions = db.session.scalars(select(Region).where(Region.id.in_(ids)))
    return {region.id: {"id": region.id, "name": region.name} for region in regions}


def live_people() -> Select[str, str]:
    return select(Person.id, literal("user:") + Person.id)


def live_regions() -> Select[str, str]:
    return select(Region.id, literal("region:") + Region.id)
