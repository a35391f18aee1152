"""Phones by person, as the device page shows them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select

from server.clock import now
from server.console.tiles import Tile
from server.db import db
from server.devices.models import Device, SignInCode
from server.domain.months import SHANGHAI
from server.people.models import Person, PersonRegion, PersonRole, Role
from sync.problems import Problem

SILENT_DAYS = 3
MANAGERS = (Role.ADMIN, Role.SUPERVISOR)


@dataclass(frozen=True)
class PhoneRow:
    """A phone and its person. `state` is done (in use), overdue (silent), none (revoked)."""

    device_id: str
    label: str
    person_id: str
    person_name: str
    login: str
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None
    state: str


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
    """Phones of people the reader manages, the ones unheard of longest first; revoked ones newest first."""
    columns = (Device.id, Device.label, Person.id, Person.name, Person.login, Device.created_at, Device.last_seen_at, Device.revoked_at)
    query = select(*columns).join(Person, Person.id == Device.person_id).where(may_manage(reader))
    if chosen.person_id:
        query = query.where(Person.id == chosen.person_id)
    if chosen.show == "revoked":
        query = query.where(Device.revoked_at.is_not(None)).order_by(Device.revoked_at.desc(), Device.id)
    else:
        query = query.where(Device.revoked_at.is_(None)).order_by(func.coalesce(Device.last_seen_at, Device.created_at), Device.id)
    return [PhoneRow(*row, state=_state(row.last_seen_at, row.revoked_at, today)) for row in db.session.execute(query.limit(500))]


def _state(last_seen_at: datetime | None, revoked_at: datetime | None, today: date) -> str:
    if revoked_at is not None:
        return "none"
    return "done" if last_seen_at is not None and last_seen_at >= silent_since(today) else "overdue"


def open_codes(reader: Person) -> list[tuple[str, datetime]]:
    """(person name, good until) of sign-in codes that nobody has used yet."""
    query = select(Person.name, SignInCode.expires_at).join(Person, Person.id == SignInCode.person_id)
    query = query.where(may_manage(reader), SignInCode.used_at.is_(None), SignInCode.expires_at > now()).order_by(SignInCode.expires_at.desc())
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
