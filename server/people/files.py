"""What the file of a person says, and changing it: name, roles, regions, language, first day of work (RULEBOOK §1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, take_turn
from server.domain.months import business_date
from server.feed.clock import grant, revoke
from server.language import LANGUAGES
from server.people.actions import add_person
from server.people.models import Person, PersonRegion, PersonRole, Region, Role
from server.people.rep_spells import begin_rep_spell, end_rep_spell
from sync.problems import Problem

MOST_LOGIN, MOST_NAME = 40, 60
LOGIN = re.compile(rf"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._-]{{0,{MOST_LOGIN - 1}}}")
OF_REGIONS = (Role.REP, Role.SUPERVISOR)


@dataclass(frozen=True)
class PersonFile:
    """`roles` in the order of RULEBOOK §1; `starts_on` is the first day of work, None where nobody knows it."""

    name: str
    roles: tuple[Role, ...]
    region_ids: tuple[str, ...]
    language: str
    starts_on: date | None = None

    @classmethod
    def of(cls, person: Person) -> "PersonFile":
        held = tuple(role for role in Role if person.holds(role))
        return cls(person.name, held, tuple(person.region_ids), person.language, person.starts_on)


def file_faults(file: PersonFile) -> dict[str, str]:
    """Fields at fault, each with a code of `fault_words`. Who is out at the outlets has a region at least."""
    faults = {}
    if not 0 < len(file.name) <= MOST_NAME:
        faults["name"] = "required" if not file.name else "long_name"
    if not file.roles:
        faults["roles"] = "choose"
    if not file.region_ids and any(role in OF_REGIONS for role in file.roles):
        faults["regions"] = "region_needed"
    if file.language not in LANGUAGES:
        faults["language"] = "choose"
    return faults


def open_account(login: str, file: PersonFile, by_id: str, now: datetime) -> Person:
    """As `open_accounts`, of one person."""
    return open_accounts([(login, file)], by_id, now)[0]


def open_accounts(people: Iterable[tuple[str, PersonFile]], by_id: str, now: datetime) -> list[Person]:
    """Add people (login and file) who choose a password later, by a link; until then they do not sign in. The caller commits.

    Raises `invalid` with the fields at fault of the first who cannot be added.
    """
    logins, region_ids = _known_logins(), _known_regions()
    opened = []
    for login, file in people:
        faults = {"login": _login_fault(login, logins)} | file_faults(file) | _region_faults(file, region_ids)
        if any(faults.values()):
            raise Problem("invalid", fields={name: code for name, code in faults.items() if code})
        person = add_person(login, file.name, None, list(file.roles), list(file.region_ids), now, by_id)
        person.language, person.starts_on = file.language, file.starts_on
        logins.add(login.casefold())
        opened.append(person)
    return opened


def _login_fault(login: str, known: set[str]) -> str:
    """Why nobody new can have this login; empty when one can. Logins that differ in case only would be mistaken for each other."""
    if not login:
        return "required"
    if not LOGIN.fullmatch(login):
        return "not_a_login"
    return "taken" if login.casefold() in known else ""


def _known_logins() -> set[str]:
    """All logins there are, whatever their case."""
    return {login.casefold() for login in db.session.scalars(select(Person.login))}


def _known_regions() -> set[str]:
    return set(db.session.scalars(select(Region.id)))


def change_person(person_id: str, file: PersonFile, by_id: str, now: datetime) -> Person:
    """Change what the file says; phones follow regions at once, and base pay the role of a rep from this day on. The same again changes nothing.
    The caller commits.

    Raises `invalid` with the fields at fault, among them `roles` for the last administrator's own role; `stale` for somebody erased.
    """
    take_turn("administrators")
    person = held_person(person_id)
    if person.erased_at is not None:
        raise Problem("stale")
    faults = file_faults(file) | _region_faults(file, _known_regions())
    if file.starts_on and person.ends_on and file.starts_on > person.ends_on:
        faults["starts_on"] = "after_the_end"
    if Role.ADMIN not in file.roles and is_last_admin(person):
        faults["roles"] = "last_admin"
    if faults:
        raise Problem("invalid", fields=faults)
    before = PersonFile.of(person)
    if before == file:
        return person
    person.name, person.language, person.starts_on = file.name, file.language, file.starts_on
    person.roles = [next((one for one in person.roles if one.role == role), PersonRole(role=role)) for role in sorted(file.roles)]
    _date_the_role(person, before, file, business_date(now))
    _move(person, set(file.region_ids))
    record_audit(now, by_id, "person.changed", ("person", person.id), **_differences(before, file))
    return person


def held_person(person_id: str) -> Person:
    """The person, held until the commit; raises `not_found`."""
    query = select(Person).where(Person.id == person_id).with_for_update(of=Person).execution_options(populate_existing=True)
    person = db.session.scalar(query)
    if person is None:
        raise Problem("not_found", f"person {person_id}")
    return person


def is_last_admin(person: Person) -> bool:
    """Whether nobody else could let people in any more; somebody whose last day is known does not count."""
    if not person.is_active or not person.holds(Role.ADMIN):
        return False
    admins = select(PersonRole.person_id).where(PersonRole.role == Role.ADMIN)
    others = select(Person.id).where(Person.id.in_(admins), Person.is_active, Person.ends_on.is_(None), Person.id != person.id)
    return db.session.scalar(others.limit(1)) is None


def _region_faults(file: PersonFile, known: set[str]) -> dict[str, str]:
    return {} if known.issuperset(file.region_ids) else {"regions": "choose"}


def _date_the_role(person: Person, before: PersonFile, after: PersonFile, day: date) -> None:
    if Role.REP in after.roles and Role.REP not in before.roles:
        begin_rep_spell(person, day)
    elif Role.REP in before.roles and Role.REP not in after.roles:
        end_rep_spell(person, day)


def _move(person: Person, region_ids: set[str]) -> None:
    gone = set(person.region_ids) - region_ids
    fresh = region_ids - set(person.region_ids)
    person.regions = [one for one in person.regions if one.region_id in region_ids] + [PersonRegion(region_id=one) for one in sorted(fresh)]
    for region_id in sorted(gone) if person.is_active else ():
        revoke(db.session, person.id, f"region:{region_id}", "moved")
    for region_id in sorted(fresh) if person.is_active else ():
        grant(db.session, person.id, f"region:{region_id}", "moved")


def _differences(before: PersonFile, after: PersonFile) -> dict[str, dict[str, object]]:
    """What changed, as the audit keeps it."""
    names = ("name", "roles", "region_ids", "language", "starts_on")
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    return {"before": {name: _json(getattr(before, name)) for name in changed}, "after": {name: _json(getattr(after, name)) for name in changed}}


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return None if value is None else str(value)
