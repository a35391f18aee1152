"""Assignments by table: which rep is responsible for an outlet from a day on 片区负责人 (RULEBOOK §1, §11)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from server.db import db, held
from server.outlets.actions import start_assignment, take_back_assignment
from server.outlets.holders import held_rep, may_hold_outlets, rep_fault
from server.outlets.models import Assignment, Outlet
from server.people.models import Person
from server.transactions.cells import number_of
from server.transactions.faults import RowFault
from server.transactions.kinds import OUTLET, REP, SINCE
from server.transactions.lines import outlet_named
from server.transactions.models import TableImport
from server.transactions.office_cells import named_twice
from server.transactions.outlet_numbers import outlet_numbers
from server.transactions.plans import Plan, parts
from server.transactions.rows import Row
from sync.problems import Problem

Held = dict[str, tuple[str, date]]


class AssignmentLine(NamedTuple):
    row: int
    code: str
    account: str
    login: str
    on: date
    is_broken: bool


class NewAssignment(NamedTuple):
    """`outlet_id` goes to `person_id` from the day `on`."""

    row: int
    outlet_id: str
    person_id: str
    on: date


def read_assignment(row: Row, today: date) -> AssignmentLine | None:
    numbers, login, on = outlet_named(row), row.needed(REP.field, number_of), row.day(SINCE.field, today)
    if row.is_empty(SINCE.field):
        row.refuse(SINCE.field, "required")
    if numbers is None or login is None or on is None:
        return None
    return AssignmentLine(row.number, *numbers, login, on, row.is_broken)


def plan_assignments(lines: Iterable[AssignmentLine]) -> Plan:
    """Who has the outlet already stays; an outlet that comes twice is refused each time."""
    plan = Plan()
    placed = _placed(lines, plan.faults)
    twice = named_twice(placed, lambda one: one.outlet_id, OUTLET.field, plan.faults)
    ids = [one.outlet_id for one in placed]
    under_way, last_days = _under_way(ids), _last_days(ids)
    for one in placed:
        if one.row in twice:
            continue
        held = under_way.get(one.outlet_id)
        if held is not None and held[0] == one.person_id:
            plan.same += 1
        elif (held is not None and one.on < held[1]) or one.on <= last_days.get(one.outlet_id, date.min):
            plan.faults.append(RowFault(one.row, SINCE.field, "before_current", str(one.on), str(held[1] if held else last_days[one.outlet_id])))
        else:
            plan.entries.append(one)
            plan.new, plan.changed = plan.new + (held is None), plan.changed + (held is not None)
            plan.before.append([one.outlet_id, one.person_id, str(one.on), *([held[0], str(held[1])] if held else [None, None])])
    return plan


def _placed(lines: Iterable[AssignmentLine], faults: list[RowFault]) -> list[NewAssignment]:
    """Lines whose outlet and rep are known, and belong to one region."""
    numbers = outlet_numbers()
    regions = {outlet_id: region_id for outlet_id, region_id in db.session.execute(select(Outlet.id, Outlet.region_id))}
    people = {person.login.casefold(): person for person in db.session.scalars(select(Person))}
    found = []
    for line in lines:
        outlet = numbers.found_or_noted(line, faults)
        if outlet is None:
            continue
        fault_code = rep_fault(people.get(line.login.casefold()), regions[outlet.id])
        if fault_code:
            faults.append(RowFault(line.row, REP.field, fault_code, line.login))
        elif not line.is_broken:
            found.append(NewAssignment(line.row, outlet.id, people[line.login.casefold()].id, line.on))
    return found


def _under_way(outlet_ids: list[str]) -> Held:
    """By outlet who has it, and since when."""
    query = select(Assignment.outlet_id, Assignment.person_id, Assignment.starts_on).where(Assignment.ends_on.is_(None))
    return {row[0]: (row[1], row[2]) for part in parts(outlet_ids) for row in db.session.execute(query.where(Assignment.outlet_id.in_(part)))}


def _last_days(outlet_ids: list[str]) -> dict[str, date]:
    """By outlet the last day of the assignments that are over."""
    query: Any = select(Assignment.outlet_id, func.max(Assignment.ends_on)).where(Assignment.ends_on.is_not(None))
    query = query.group_by(Assignment.outlet_id)
    return {row[0]: row[1] for part in parts(outlet_ids) for row in db.session.execute(query.where(Assignment.outlet_id.in_(part)))}


def write_assignments(row: TableImport, plan: Plan) -> bool:
    """Start a plan's `NewAssignment`s, in the order of outlets' ids.

    False when an outlet, its rep or its assignment changed since the plan was made; the caller commits, or rolls back what was written so far.
    """
    reps = {person_id: held_rep(person_id) for person_id in sorted({one.person_id for one in plan.entries})}
    try:
        for one in sorted(plan.entries, key=lambda entry: entry.outlet_id):
            start_assignment(one.outlet_id, reps[one.person_id], one.on, row.by_id, row.at)
    except Problem:
        return False
    return True


def are_assignments_untouched(row: TableImport) -> bool:
    """Whether everybody still has what they were given, and whoever had it before could have it again."""
    written = {outlet_id: (person_id, date.fromisoformat(on)) for outlet_id, person_id, on, _, _ in row.before}
    old = sorted({person_id for _, _, _, person_id, _ in row.before if person_id})
    fresh = {"populate_existing": True}
    people = [person for part in parts(old) for person in db.session.scalars(select(Person).where(Person.id.in_(part)), execution_options=fresh)]
    return _under_way(sorted(written)) == written and len(people) == len(old) and all(may_hold_outlets(person) for person in people)


def restore_assignments(row: TableImport, by_id: str, now: datetime) -> None:
    """Undo what `before` says was given, rows of `[outlet_id, person_id, first day, person_id before, first day before]`, the last two
    None for the pool. The caller commits.

    Raises `stale` when somebody changed any of it since it was checked: assigning outlets waits for no import.
    """
    for person_id in sorted({before for _, _, _, before, _ in row.before if before}):
        held_rep(person_id)
    for outlet_id in sorted(outlet_id for outlet_id, *_ in row.before):
        held(Outlet, outlet_id)
    if not are_assignments_untouched(row):
        raise Problem("stale")
    for outlet_id, given_id, given_on, person_id, on in sorted(row.before):
        given, before = (given_id, date.fromisoformat(given_on)), (person_id, date.fromisoformat(on)) if person_id else None
        take_back_assignment(outlet_id, given, before, by_id, now)
