"""Phones by person, as the device page shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select, true
from werkzeug.datastructures import MultiDict

from server.clock import now
from server.console.counting import rows_up_to
from server.console.paging import cut, instant_key, one_page, one_page_down
from server.console.tiles import Tile
from server.db import db
from server.devices.models import HEARD_AT, Device, SignInCode
from server.devices.tokens import PHONE
from server.domain.months import SHANGHAI, Month
from server.people.device_standing import Standing, standings
from server.people.device_words import Trouble, troubles
from server.people.models import Person, PersonRegion, PersonRole, Role
from server.policy.queries import policy_of
from sync.problems import Problem

SILENT_DAYS = 3
LIST = "devices.device_list"
SHOWN = ("live", "silent", "revoked")
MANAGERS = (Role.ADMIN, Role.SUPERVISOR)
SEE_MORE = (Role.ADMIN, Role.MANAGER, Role.PAYROLL)


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
class PhonePage:
    """`count` is of all pages, or one more than `MOST_LISTED`."""

    rows: list[PhoneRow]
    count: int
    next_key: str | None


@dataclass(frozen=True)
class PhoneFilter:
    """`show` is live (in use, silent ones first), silent (of those in use) or revoked."""

    show: str
    person_id: str


def read_phone_filter(asked: MultiDict[str, str]) -> PhoneFilter:
    """The filter in the address; phones in use for anything unknown."""
    show = asked.get("show", "")
    return PhoneFilter(show if show in SHOWN else SHOWN[0], asked.get("person", ""))


def silent_since(today: date) -> datetime:
    """A phone last heard of before this instant counts as silent."""
    return datetime.combine(today - timedelta(days=SILENT_DAYS), time(), SHANGHAI)


def may_bind(reader: Person) -> ColumnElement[bool]:
    """The condition on `Person` for those whose phones the reader binds: everybody who works here, or the reps of own regions.

    A phone shows what its person may see, so a supervisor binds none for others who see more.
    """
    if reader.holds(Role.ADMIN):
        return Person.is_active.is_(True)
    see_more = select(PersonRole.person_id).where(PersonRole.role.in_(SEE_MORE), PersonRole.person_id != reader.id)
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    of_regions = select(PersonRegion.person_id).where(PersonRegion.region_id.in_(reader.region_ids))
    return Person.is_active & Person.id.in_(reps) & Person.id.in_(of_regions) & Person.id.not_in(see_more)


def may_revoke(reader: Person) -> ColumnElement[bool]:
    """The condition on `Person` for those whose phones the reader sees and revokes; an admin also those of people who have left."""
    return true() if reader.holds(Role.ADMIN) else may_bind(reader)


def manageable_people(reader: Person) -> list[tuple[str, str, str]]:
    """(id, name, login) of everybody whose phones the reader binds."""
    query = select(Person.id, Person.name, Person.login).where(may_bind(reader)).order_by(Person.login)
    return [(row.id, row.name, row.login) for row in db.session.execute(query)]


def manageable_person(reader: Person, person_id: str) -> Person:
    """Somebody whose phones the reader binds; raises `not_found` for anybody else."""
    person = db.session.scalar(select(Person).where(Person.id == person_id, may_bind(reader)))
    if person is None:
        raise Problem("not_found", f"person {person_id}")
    return person


def manageable_device(reader: Person, device_id: str) -> Device:
    """A phone that the reader sees and revokes, in use or revoked; raises `not_found` for any other."""
    query = select(Device).join(Person, Person.id == Device.person_id).where(Device.id == device_id, may_revoke(reader))
    device = db.session.scalar(query)
    if device is None:
        raise Problem("not_found", f"device {device_id}")
    return device


def phone_page(reader: Person, chosen: PhoneFilter, after: str, today: date) -> PhonePage:
    """Phones that the reader sees, the ones unheard of longest first, and of a page those in trouble first; revoked ones newest first."""
    rows, next_key = _read_page(reader, chosen, after, today)
    return PhonePage(rows, db.session.scalar(select(rows_up_to(_phones(reader, chosen, today)))) or 0, next_key)


def every_phone(reader: Person, chosen: PhoneFilter, today: date) -> Iterator[PhoneRow]:
    """The phones of all pages, one page after the other."""
    rows, next_key = _read_page(reader, chosen, "", today)
    yield from rows
    while next_key:
        rows, next_key = _read_page(reader, chosen, next_key, today)
        yield from rows


def _phones(reader: Person, chosen: PhoneFilter, today: date) -> Any:
    person = (Person.id.label("person_id"), Person.name.label("person_name"), Person.login)
    columns = (Device.id.label("device_id"), Device.label, *person, Device.created_at, Device.last_seen_at, Device.revoked_at)
    query = select(*columns).join(Person, Person.id == Device.person_id).where(may_revoke(reader))
    if chosen.person_id:
        query = query.where(Person.id == chosen.person_id)
    if chosen.show == "silent":
        query = query.where(silent_since(today) > HEARD_AT)
    return query.where(Device.revoked_at.is_not(None) if chosen.show == "revoked" else Device.revoked_at.is_(None))


def _read_page(reader: Person, chosen: PhoneFilter, after: str, today: date) -> tuple[list[PhoneRow], str | None]:
    is_revoked = chosen.show == "revoked"
    turn, at = (one_page_down, Device.revoked_at) if is_revoked else (one_page, HEARD_AT)
    found = list(db.session.execute(turn(_phones(reader, chosen, today).add_columns(at.label("order_at")), (at, Device.id), instant_key(after))))
    rows, next_key = cut(found, lambda row: [row.order_at.isoformat(), row.device_id])
    return _in_words(rows, today), next_key


def _in_words(found: list[Any], today: date) -> list[PhoneRow]:
    told = standings([row.device_id for row in found])
    skew_flag_ms = policy_of(Month.of_date(today)).integer("sync.skew_flag_ms")
    rows = [_phone_row(row, told.get(row.device_id, Standing()), skew_flag_ms, today) for row in found]
    return sorted(rows, key=lambda row: ("overdue", "due", "done", "none").index(row.state))


def _phone_row(row: Any, standing: Standing, skew_flag_ms: int, today: date) -> PhoneRow:
    is_silent = row.last_seen_at is None or row.last_seen_at < silent_since(today)
    found = [] if row.revoked_at else troubles(standing, is_silent, skew_flag_ms, now())
    known = {column: value for column, value in row._mapping.items() if column != "order_at"}
    return PhoneRow(**known, standing=standing, troubles=found)


def open_codes(reader: Person) -> list[tuple[str, datetime]]:
    """(person name, good until) of phones' sign-in codes that nobody has used yet."""
    query = select(Person.name, SignInCode.expires_at).join(Person, Person.id == SignInCode.person_id)
    is_open = (SignInCode.purpose == PHONE, SignInCode.used_at.is_(None), SignInCode.expires_at > now())
    query = query.where(may_bind(reader), *is_open).order_by(SignInCode.expires_at.desc())
    return [(row.name, row.expires_at) for row in db.session.execute(query.limit(50))]


def device_tiles(person: Person, today: date) -> list[Tile]:
    if not person.holds(*MANAGERS):
        return []
    live = select(func.count(Device.id)).join(Person, Person.id == Device.person_id).where(may_revoke(person), Device.revoked_at.is_(None))
    silent = live.where(silent_since(today) > HEARD_AT)
    href = url_for("devices.device_list")
    return [
        Tile(
            gettext("手机没有联系"),
            silent.scalar_subquery(),
            url_for("devices.device_list", show="silent"),
            gettext("3 天没有联系服务器"),
            "warm",
            "devices.device_list",
        ),
        Tile(gettext("手机在用"), live.scalar_subquery(), href, gettext("已登录、没有停用")),
    ]
