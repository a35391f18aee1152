"""Rows of the audit as somebody asks for them: by person, deed, record, days; and who may read which."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from werkzeug.datastructures import MultiDict

from server.audit.models import AuditRow
from server.console.days import asked_day
from server.console.paging import cut, instant_key, one_page_down
from server.db import db
from server.deeds.words import DEED_WORDS, OUT_OF_SCOPE, REVEALED
from server.domain.months import SHANGHAI
from server.people.models import Person, Role

READERS = (Role.MANAGER, Role.ADMIN)
DAYS_SHOWN = 30
SYSTEM = "system"  # in the filter: what nobody did
# Phones, sign-ins of programs and rescue files are the administrators' (RULEBOOK §1); what was revealed managers see too.
OF_ADMINISTRATORS = ("device", "client", "report_token")


@dataclass(frozen=True)
class DeedFilter:
    """`action` is a deed or a group of them, `subject_id` needs its type; days are those of Shanghai, both included. Empty parts are unset."""

    first: date
    last: date
    person_id: str = ""
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    is_revealed: bool = False

    @property
    def is_set(self) -> bool:
        return bool(self.person_id or self.action or self.subject_type or self.subject_id or self.is_revealed)


def read_deed_filter(asked: MultiDict[str, str], today: date) -> DeedFilter:
    """The last 31 days unless said, whichever of the two days was given first; raises `invalid` for what is no day."""
    last = asked_day(asked.get("to", "")) or today
    first = asked_day(asked.get("from", "")) or min(today, last) - timedelta(days=DAYS_SHOWN)
    first, last = min(first, last), max(first, last)
    person_id, action, subject_type, subject_id = (asked.get(name, "")[:64] for name in ("person", "action", "subject", "id"))
    return DeedFilter(first, last, person_id, action, subject_type, subject_id, asked.get("only") == "revealed")


def is_readable_deed(reader: Person) -> ColumnElement[bool]:
    """The condition on `AuditRow`: administrators read all of it, managers what is not about phones and programs."""
    if reader.holds(Role.ADMIN):
        return true()
    return AuditRow.subject_type.not_in(OF_ADMINISTRATORS) | AuditRow.action.in_(REVEALED)


def listed_deeds(reader: Person, chosen: DeedFilter) -> Any:
    """The rows asked for, with who did each; the order is the caller's."""
    since, until = (datetime.combine(day, time(), SHANGHAI) for day in (chosen.first, chosen.last + timedelta(days=1)))
    names = ("id", "at", "action", "subject_type", "subject_id", "detail", "actor_id")
    query = select(*(getattr(AuditRow, name) for name in names), Person.login, Person.name).outerjoin(Person, Person.id == AuditRow.actor_id)
    query = query.where(AuditRow.at >= since, AuditRow.at < until, is_readable_deed(reader))
    if chosen.person_id:
        query = query.where(AuditRow.actor_id.is_(None) if chosen.person_id == SYSTEM else AuditRow.actor_id == chosen.person_id)
    if chosen.action:
        query = query.where(_is_deed(chosen.action))
    if chosen.subject_type:
        query = query.where(AuditRow.subject_type == chosen.subject_type)
    if chosen.subject_id:
        query = query.where(AuditRow.subject_id == chosen.subject_id)
    return query.where(AuditRow.action.in_(REVEALED)) if chosen.is_revealed else query


def _is_deed(action: str) -> ColumnElement[bool]:
    """A deed by its code, or all deeds of a group; records that came late count among those that wait."""
    if action not in DEED_WORDS:
        return AuditRow.action == action
    of_group = AuditRow.action.in_(list(DEED_WORDS[action]))
    return or_(of_group, AuditRow.action.endswith(OUT_OF_SCOPE)) if action == "op" else of_group


def deed_page(reader: Person, chosen: DeedFilter, after: str) -> tuple[list[Any], str | None]:
    """A page of rows, newest first, and the key of the next."""
    query = one_page_down(listed_deeds(reader, chosen), [AuditRow.at, AuditRow.id], instant_key(after))
    return cut(list(db.session.execute(query)), lambda row: [row.at.isoformat(), row.id])


def deed_people() -> list[tuple[str, str]]:
    """Everybody by login, those who left too, as the filter offers them."""
    return [(row.id, f"{row.name} {row.login}") for row in db.session.execute(select(Person.id, Person.name, Person.login).order_by(Person.login))]
