"""Phones by person, as the device page shows them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select

from server.clock import now
from server.console.tiles import Tile
from server.db import db
from server.devices.models import Device, SignInCode
from server.devices.tokens import PHONE
from server.domain.months import SHANGHAI, Month
from server.people.device_standing import Standing, standings
from server.people.device_words import Trouble, troubles
from server.people.models import Person, PersonRegion, PersonRole, Role
from server.policy.queries import policy_of
from sync.problems import Problem

SILENT_DAYS = 3
MANAGERS = (Role.ADMIN, Role.SUPERVISOR)


@dataclass(frozen=True)
class PhoneRow:
    """A phone, its person, how it stands, and what may be wrong with it. `state` is done, the mark of its worst trouble, or none (revoked)."""

    device_id: str
    label: str
    person_id: str
    person_name: str
    login: str
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None
    standing: Standing
    troubles: list[Trouble]

    @property
    def state(self) -> str:
        if self.revoked_at is not None:
            return "none"
        return self.troubles[0].mark if self.troubles else "done"


@dataclass(frozen=True)
class PhoneFilter:
    """`show` is live (in use, silent ones first) or revoked."""

    show: str
    person_id: str


def silent_since(today: date) -> datetime:
    """A phone last heard of before this instant counts as silent."""
    return datetime.combine(today - timedelta(days=SILENT_DAYS), time(), SHANGHAI)


def may_manage(reader: Person) -> ColumnElement[bool]:
    """The condition on `Person` for those whose phones the reader binds and revokes: everybody, or the reps of own regions."""
    if reader.holds(Role.ADMIN):
        return Person.is_active.is_(True)
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    of_regions = select(PersonRegion.person_id).where(PersonRegion.region_id.in_(reader.region_ids))
    return Person.is_active & Person.id.in_(reps) & Person.id.in_(of_regions)


def manageable_people(reader: Person) -> list[tuple[str, str, str]]:
    """(id, name, login) of everybody whose phones the reader manages."""
    query = select(Person.id, Person.name, Person.login).where(may_manage(reader)).order_by(Person.login)
    return [(row.id, row.name, row.login) for row in db.session.execute(query)]


def manageable_person(reader: Person, person_id: str) -> Person:
    person = db.session.scalar(select(Person).where(Person.id == person_id, may_manage(reader)))
    if person is None:
        raise Problem("not_found", f"person {person_id}")
    return person


def manageable_device(reader: Person, device_id: str) -> Device:
    query = select(Device).join(Person, Person.id == Device.person_id).where(Device.id == device_id, may_manage(reader))
    device = db.session.scalar(query)
    if device is None:
        raise Problem("not_found", f"device {device_id}")
    return device


def phone_rows(reader: Person, chosen: PhoneFilter, today: date) -> list[PhoneRow]:
    """Phones of people the reader manages: those in trouble first, then the ones unheard of longest; revoked ones newest first."""
    person = (Person.id.label("person_id"), Person.name.label("person_name"), Person.login)
    columns = (Device.id.label("device_id"), Device.label, *person, Device.created_at, Device.last_seen_at, Device.revoked_at)
    query = select(*columns).join(Person, Person.id == Device.person_id).where(may_manage(reader))
    if chosen.person_id:
        query = query.where(Person.id == chosen.person_id)
    if chosen.show == "revoked":
        query = query.where(Device.revoked_at.is_not(None)).order_by(Device.revoked_at.desc(), Device.id)
    else:
        query = query.where(Device.revoked_at.is_(None)).order_by(func.coalesce(Device.last_seen_at, Device.created_at), Device.id)
    found = db.session.execute(query.limit(500)).all()
    told = standings([row.device_id for row in found])
    skew_flag_ms = policy_of(Month.of_date(today)).integer("sync.skew_flag_ms")
    rows = [_phone_row(row, told.get(row.device_id, Standing()), skew_flag_ms, today) for row in found]
    return sorted(rows, key=lambda row: ("overdue", "due", "done", "none").index(row.state))


def _phone_row(row: Any, standing: Standing, skew_flag_ms: int, today: date) -> PhoneRow:
    is_silent = row.last_seen_at is None or row.last_seen_at < silent_since(today)
    found = [] if row.revoked_at else troubles(standing, is_silent, skew_flag_ms, now())
    return PhoneRow(**row._mapping, standing=standing, troubles=found)


def open_codes(reader: Person) -> list[tuple[str, datetime]]:
    """(person name, good until) of phones' sign-in codes that nobody has used yet."""
    query = select(Person.name, SignInCode.expires_at).join(Person, Person.id == SignInCode.person_id)
    is_open = (SignInCode.purpose == PHONE, SignInCode.used_at.is_(None), SignInCode.expires_at > now())
    query = query.where(may_manage(reader), *is_open).order_by(SignInCode.expires_at.desc())
    return [(row.name, row.expires_at) for row in db.session.execute(query.limit(50))]


def device_tiles(person: Person, today: date) -> list[Tile]:
    if not person.holds(*MANAGERS):
        return []
    live = select(func.count(Device.id)).join(Person, Person.id == Device.person_id).where(may_manage(person), Device.revoked_at.is_(None))
    silent = live.where(func.coalesce(Device.last_seen_at, Device.created_at) < silent_since(today))
    href = url_for("devices.device_list")
    return [
        Tile(gettext("手机没有联系"), silent.scalar_subquery(), href, gettext("3 天没有联系服务器"), "warm", "devices.device_list"),
        Tile(gettext("手机在用"), live.scalar_subquery(), href, gettext("已登录、没有停用")),
    ]
