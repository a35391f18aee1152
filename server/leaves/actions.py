"""Deeds on leave: set, ended early, called off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.domain.months import business_date
from server.leaves.models import Leave
from server.leaves.queries import is_taken
from server.leaves.substitutes import refresh_substitutes
from server.outlets.holders import held_rep, regions_to_hand_over, rep_fault
from server.people.models import Person, Role
from sync.ids import uuid7
from sync.problems import Problem

MOST_DAYS = 366
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WantedLeave:
    """First and last day of leave, and who stands in (None: nobody)."""

    person_id: str
    starts_on: date
    ends_on: date
    substitute_id: str | None
    note: str = ""


def set_leave(wanted: WantedLeave, by_id: str, now: datetime) -> Leave:
    """Keep a rep's leave; where it has begun, the substitute's phone has the outlets at once, else from its first night on. The caller commits.

    Raises `invalid` with the fields at fault: `no_rep_any_more`, `ends_before_start`, `leave_over`, `more_than_a_year`, `leave_overlaps`, `stands_in`
    for who is somebody's substitute meanwhile, `not_a_person` and `substitute_away` for the substitute.
    """
    take_turn("leave")
    person = held_rep(wanted.person_id)
    if person is None or not (person.is_active and person.holds(Role.REP)):
        raise Problem("invalid", fields={"starts_on": "no_rep_any_more"})
    faults = _day_faults(wanted, business_date(now)) | _substitute_faults(wanted, person)
    if faults:
        raise Problem("invalid", fields=faults)
    leave = Leave(id=uuid7(), person_id=person.id, starts_on=wanted.starts_on, ends_on=wanted.ends_on, note=wanted.note)
    leave.substitute_id, leave.made_by_id, leave.made_at = wanted.substitute_id, by_id, now
    db.session.add(leave)
    detail = {"starts_on": wanted.starts_on.isoformat(), "ends_on": wanted.ends_on.isoformat(), "substitute_id": wanted.substitute_id}
    record_audit(now, by_id, "person.leave_set", ("person", person.id), **detail)
    db.session.flush()
    refresh_substitutes(now)
    return leave


def _day_faults(wanted: WantedLeave, today: date) -> dict[str, str]:
    if wanted.ends_on < wanted.starts_on:
        return {"ends_on": "ends_before_start"}
    if wanted.ends_on < today:
        return {"ends_on": "leave_over"}
    if wanted.ends_on - today > timedelta(days=MOST_DAYS) or today - wanted.starts_on > timedelta(days=MOST_DAYS):
        return {"ends_on": "more_than_a_year"}
    if is_taken(wanted.person_id, wanted.starts_on, wanted.ends_on):
        return {"starts_on": "leave_overlaps"}
    return {"starts_on": "stands_in"} if is_taken(wanted.person_id, wanted.starts_on, wanted.ends_on, as_substitute=True) else {}


def _substitute_faults(wanted: WantedLeave, person: Person) -> dict[str, str]:
    if wanted.substitute_id is None:
        return {}
    regions = set(person.region_ids) | regions_to_hand_over(person.id)
    substitute = held_rep(wanted.substitute_id) if wanted.substitute_id != person.id else None
    if substitute is None or any(rep_fault(substitute, region_id) for region_id in regions):
        return {"substitute_id": "not_a_person"}
    is_away = is_taken(substitute.id, wanted.starts_on, wanted.ends_on)
    return {"substitute_id": "substitute_away"} if is_away else {}


def end_leave(leave_id: str, by_id: str, now: datetime) -> Leave:
    """Let somebody work again from today on: one that has not begun is called off, one under way was over yesterday. The substitute's
    phone gives the outlets back at once. The caller commits. Raises `stale` for one that is over.
    """
    take_turn("leave")
    leave, today = held(Leave, leave_id), business_date(now)
    if leave is None or leave.ends_on < today:
        raise Problem("stale")
    detail = {"starts_on": leave.starts_on.isoformat(), "substitute_id": leave.substitute_id}
    if leave.starts_on >= today:
        db.session.delete(leave)
        record_audit(now, by_id, "person.leave_called_off", ("person", leave.person_id), **detail)
    else:
        leave.ends_on = today - ONE_DAY
        record_audit(now, by_id, "person.leave_ended", ("person", leave.person_id), ends_on=leave.ends_on.isoformat(), **detail)
    db.session.flush()
    refresh_substitutes(now)
    return leave
