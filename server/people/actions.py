"""Deeds on people."""

from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.devices.models import Device
from server.devices.tokens import PASSWORD, revoke_devices, use_up_codes
from server.domain.months import business_date
from server.feed.clock import grant, revoke
from server.people.models import Person, PersonRegion, PersonRole, Region, Role
from server.people.passwords import hash_password, no_password
from server.people.scopes import scopes_of
from sync.ids import uuid7
from sync.problems import Problem

LEAST_PASSWORD = 10


def add_person(
    login: str, name: str, password: str | None, roles: list[Role], region_ids: list[str], now: datetime, by_id: str | None = None
) -> Person:
    """Add somebody with roles and regions, and the scopes that come with them; the caller commits.

    Without a password nobody signs in until one is chosen. Raises `invalid` with `password` too short, or `login` taken.
    """
    if password is not None and len(password) < LEAST_PASSWORD:
        raise Problem("invalid", fields={"password": "too_short"})
    if db.session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Problem("invalid", fields={"login": "taken"})
    password_hash = no_password() if password is None else hash_password(password)
    person = Person(id=uuid7(), login=login, name=name, password_hash=password_hash, created_at=now)
    person.language, person.is_active = "zh", True
    person.roles = [PersonRole(role=role) for role in sorted(set(roles))]
    person.regions = [PersonRegion(region_id=region_id) for region_id in sorted(set(region_ids))]
    db.session.add(person)
    db.session.flush()
    for scope in scopes_of(person):
        grant(db.session, person.id, scope, "person")
    record_audit(now, by_id, "person.added", ("person", person.id), login=login, roles=[str(role) for role in roles])
    return person


def add_region(name: str, now: datetime, centre: tuple[float, float] | None = None, by_id: str | None = None) -> Region:
    """Add a region; `centre` is (lat, lon) of its office, WGS-84. The caller commits."""
    region = Region(id=uuid7(), name=name)
    region.centre_lat, region.centre_lon = centre or (None, None)
    db.session.add(region)
    record_audit(now, by_id, "region.added", ("region", region.id), name=name)
    return region


def set_password(person: Person, password: str, now: datetime, by_id: str | None) -> None:
    """Give a new password; console sessions made with the old one end, and so do all links to choose one. The caller commits."""
    if len(password) < LEAST_PASSWORD:
        raise Problem("invalid", fields={"password": "too_short"})
    person.password_hash = hash_password(password)
    use_up_codes(person.id, now, PASSWORD)
    record_audit(now, by_id, "person.password_set", ("person", person.id))


def deactivate_person(person: Person, now: datetime, by_id: str | None) -> None:
    """Let somebody in no more: sessions, codes and phones end, scopes are taken back, and today is the last day of work unless one is known.

    The caller commits.
    """
    person.is_active = False
    person.ends_on = person.ends_on or business_date(now)
    use_up_codes(person.id, now)  # before the phones: one that is just being bound by a code is then revoked too
    revoke_devices(now, Device.person_id == person.id)
    for scope in scopes_of(person):
        revoke(db.session, person.id, scope, "deactivated")
    record_audit(now, by_id, "person.deactivated", ("person", person.id))
