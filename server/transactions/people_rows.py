"""People by table: new ones are entered without a password, which they choose by a link; those who are known stay as they are."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.db import db, held
from server.feed.clock import FeedEntry, revoke, touch
from server.people.files import LOGIN as LOGIN_WRITTEN
from server.people.files import MOST_NAME, PersonFile, file_faults, open_accounts
from server.people.models import Person, PersonRegion, PersonRole, Region, Role
from server.people.scopes import scopes_of
from server.references import are_referred_to
from server.transactions.cells import Cell, number_of, plain
from server.transactions.faults import CellFault, RowFault
from server.transactions.kinds import LANGUAGE, LOGIN, PERSON_NAME, REGIONS, ROLES, STARTS_ON
from server.transactions.models import TableImport
from server.transactions.office_cells import named_twice, names_of, needed_text
from server.transactions.plans import Plan, parts
from server.transactions.rows import Row
from sync.problems import Problem

EARLIEST = date(1950, 1, 1)
ROLE_NAMES = {
    **{role.value: role for role in Role},
    **dict.fromkeys(("片区负责人", "维系员"), Role.REP),
    **dict.fromkeys(("市场主管", "区域主管", "主管"), Role.SUPERVISOR),
    **dict.fromkeys(("部门经理", "市场营销部负责人", "经理"), Role.MANAGER),
    **dict.fromkeys(("运维部", "运维"), Role.OPS),
    **dict.fromkeys(("客服部", "客服"), Role.SERVICE),
    "薪酬": Role.PAYROLL,
    "管理员": Role.ADMIN,
}
LANGUAGE_NAMES = {"": "zh", "中文": "zh", "zh": "zh", "chinese": "zh", "英文": "en", "english": "en", "en": "en"}
FIELD_OF_FAULT = {"name": PERSON_NAME.field, "roles": ROLES.field, "regions": REGIONS.field, "language": LANGUAGE.field}


class PersonLine(NamedTuple):
    """`regions` are names; `on` is the first day of work."""

    row: int
    login: str
    name: str
    roles: tuple[Role, ...]
    regions: tuple[str, ...]
    language: str
    on: date | None
    is_broken: bool

    def file(self, region_ids: dict[str, str]) -> PersonFile:
        return PersonFile(self.name, self.roles, tuple(sorted(region_ids[name] for name in self.regions)), self.language, self.on)


def read_person(row: Row, today: date) -> PersonLine | None:
    login, name = row.needed(LOGIN.field, _login_of) or "", needed_text(row, PERSON_NAME.field, MOST_NAME)
    roles, regions = row.needed(ROLES.field, _roles_of) or (), tuple(row.read(REGIONS.field, names_of) or ())
    language, on = row.read(LANGUAGE.field, _language_of) or "zh", row.day(STARTS_ON.field, today, EARLIEST)
    return PersonLine(row.number, login, name, roles, regions, language, on, row.is_broken) if login else None


def _login_of(cell: Cell) -> str:
    login = number_of(cell)
    if not LOGIN_WRITTEN.fullmatch(login):
        raise CellFault("not_a_login")
    return login


def _roles_of(cell: Cell) -> tuple[Role, ...]:
    named = [name.lower() for name in names_of(cell)]
    unknown = next((name for name in named if name not in ROLE_NAMES), None)
    if unknown is not None:
        raise CellFault("unknown_role", unknown[:20])
    return tuple(role for role in Role if role in {ROLE_NAMES[name] for name in named})


def _language_of(cell: Cell) -> str:
    word = plain(cell).lower()
    if word not in LANGUAGE_NAMES:
        raise CellFault("unknown_language")
    return LANGUAGE_NAMES[word]


def plan_people(lines: Iterable[PersonLine]) -> Plan:
    """People by login, whatever its case; a known one whose file says anything else is refused."""
    plan, found = Plan(), list(lines)
    region_ids = {name: region_id for region_id, name in db.session.execute(select(Region.id, Region.name))}
    known = {person.login.casefold(): person for person in db.session.scalars(select(Person))}
    twice = named_twice(found, lambda line: line.login.casefold(), LOGIN.field, plan.faults)
    for line in found:
        faults = _faults(line, region_ids)
        plan.faults += faults
        if faults or line.is_broken or line.row in twice:
            continue
        person = known.get(line.login.casefold())
        if person is None:
            plan.entries.append(line)
            plan.new += 1
        elif _is_same(person, line.file(region_ids)):
            plan.same += 1
        else:
            plan.faults.append(RowFault(line.row, LOGIN.field, "differs", line.login, person.name))
    return plan


def _faults(line: PersonLine, region_ids: dict[str, str]) -> list[RowFault]:
    unknown = next((name for name in line.regions if name not in region_ids), None)
    if unknown is not None:
        return [RowFault(line.row, REGIONS.field, "unknown_region", unknown, unknown)]
    if line.is_broken:
        return []
    return [RowFault(line.row, FIELD_OF_FAULT[name], code) for name, code in file_faults(line.file(region_ids)).items()]


def _is_same(person: Person, file: PersonFile) -> bool:
    """A table that does not say the first day of work contradicts none."""
    known = PersonFile.of(person)
    return person.is_active and known == (file if file.starts_on else replace(file, starts_on=known.starts_on))


def write_people(row: TableImport, plan: Plan) -> bool:
    """Open the accounts of a plan's `PersonLine`s; `before` becomes one `[person_id]` for each, in their order.

    False when somebody took a login or a region went since the plan was made; the caller commits, or rolls back what was written so far.
    """
    region_ids = {name: region_id for region_id, name in db.session.execute(select(Region.id, Region.name))}
    try:
        people = [(line.login, line.file(region_ids)) for line in plan.entries]
        row.before = [[person.id] for person in open_accounts(people, row.by_id, row.at)]
    except (Problem, KeyError):  # somebody took the login, or the region went
        return False
    return True


def are_people_untouched(row: TableImport) -> bool:
    """Whether nobody changed their files, they did nothing yet, and nothing speaks of them."""
    ids = [person_id for (person_id,) in row.before]
    own = (PersonRole, PersonRegion)
    here = [found for part in parts(ids) for found in db.session.scalars(select(Person.id).where(Person.id.in_(part)))]
    return sorted(here) == sorted(ids) and not _has_past(ids) and not are_referred_to(Person, ids, own)


def _has_past(ids: list[str]) -> bool:
    for part in parts(ids):
        is_about = (AuditRow.subject_type == "person") & AuditRow.subject_id.in_(part) & (AuditRow.action != "person.added")
        if db.session.scalar(select(AuditRow.id).where(or_(is_about, AuditRow.actor_id.in_(part))).limit(1)) is not None:
            return True
    return False


def remove_people(row: TableImport, by_id: str, now: datetime) -> None:
    """Take back the people of `before`, rows of `[person_id]`, as if they had never been entered: accounts, roles, regions and scopes go.

    The caller commits. Raises `stale` when somebody did anything about one of them meanwhile.
    """
    for person_id in sorted(person_id for (person_id,) in row.before):
        held(Person, person_id)
    if not are_people_untouched(row):
        raise Problem("stale")
    for (person_id,) in row.before:
        person = db.session.get_one(Person, person_id)
        for scope in scopes_of(person):
            revoke(db.session, person.id, scope, "import undone")
        record_audit(now, by_id, "person.removed", ("person", person.id), login=person.login, import_id=row.id)
        db.session.delete(person)
        db.session.flush()
        touch(db.session, FeedEntry("person", person_id, f"user:{person_id}", is_deleted=True))  # roles that went along say it has changed
