"""People and regions as phones receive them."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, literal, select

from server.db import db
from server.people.models import Person, PersonRegion, PersonRole, Region

Documents = dict[str, dict[str, Any]]
# what features add to the document of each person, by the name of the part: ids → id → value; who has none is absent
PartReader = Callable[[list[str]], dict[str, list[dict[str, Any]]]]
part_readers: dict[str, PartReader] = {}

# Asked by every first pull, so built once.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_PEOPLE = select(Person.id, Person.login, Person.name, Person.language).where(Person.id.in_(_IDS))
_ROLES = select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(_IDS)).order_by(PersonRole.role)
_HOMES = select(PersonRegion.person_id, PersonRegion.region_id).where(PersonRegion.person_id.in_(_IDS)).order_by(PersonRegion.region_id)
_REGIONS = select(Region.id, Region.name).where(Region.id.in_(_IDS))


def person_documents(ids: list[str]) -> Documents:
    roles, homes = _by_person(_ROLES, ids), _by_person(_HOMES, ids)
    people = db.session.execute(_PEOPLE, {"ids": ids}).mappings()
    parts = {name: read(ids) for name, read in part_readers.items()}
    return {row["id"]: {**row, "roles": roles[row["id"]], "region_ids": homes[row["id"]]} | _parts_of(row["id"], parts) for row in people}


def _parts_of(person_id: str, parts: dict[str, dict[str, list[dict[str, Any]]]]) -> dict[str, Any]:
    return {name: by_person.get(person_id, []) for name, by_person in parts.items()}


def _by_person(query: Select[str, str], ids: list[str]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for person_id, value in db.session.execute(query, {"ids": ids}):
        found[person_id].append(value)
    return found


def region_documents(ids: list[str]) -> Documents:
    return {row["id"]: dict(row) for row in db.session.execute(_REGIONS, {"ids": ids}).mappings()}


def live_people() -> Select[str, str]:
    return select(Person.id, literal("user:") + Person.id)


def live_regions() -> Select[str, str]:
    return select(Region.id, literal("region:") + Region.id)
