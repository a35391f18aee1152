"""Who holds outlets on the phone for a rep on leave (SYNC §3): scopes given on the first day and taken back after the last."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, select

from server.db import db, take_turn
from server.domain.months import business_date
from server.feed.clock import grant, revoke
from server.feed.models import ScopeMember
from server.leaves.models import Leave
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import hold_outlets
from server.outlets.responsible import is_in_force
from server.people.models import Person, PersonRegion, PersonRole, Role

WHY = "substitute"


def refresh_substitutes(now: datetime) -> int:
    """Give and take the scopes of outlets so that substitutes hold just those of the reps on leave today; returns how many changed.

    It compares what is with what should be, so it may be repeated, and a night that was missed is made up for. The caller commits.
    """
    take_turn("substitutes")
    changed = substituted_scopes(business_date(now)) ^ _held_scopes()
    hold_outlets({scope_id.removeprefix("outlet:") for _, scope_id in changed})  # against who assigns them meanwhile
    wanted, held = substituted_scopes(business_date(now)), _held_scopes()
    for person_id, scope_id in sorted(wanted - held):
        grant(db.session, person_id, scope_id, WHY)
    for person_id, scope_id in sorted(held - wanted):
        revoke(db.session, person_id, scope_id, "leave over")
    return len(wanted ^ held)


def substituted_scopes(day: date) -> set[tuple[str, str]]:
    """(substitute, scope) of every outlet of a rep on leave that day; outlets follow their assignment also in the middle of a leave."""
    is_held = is_in_force(day)
    query = select(Leave.substitute_id, _scope_of_assignment()).join(Assignment, (Assignment.person_id == Leave.person_id) & is_held)
    query = query.join(Outlet, Outlet.id == Assignment.outlet_id).join(Person, Person.id == Leave.substitute_id)
    in_region = (PersonRegion.person_id == Leave.substitute_id) & (PersonRegion.region_id == Outlet.region_id)
    is_rep = (PersonRole.person_id == Leave.substitute_id) & (PersonRole.role == Role.REP)
    query = query.join(PersonRegion, in_region).join(PersonRole, is_rep)
    query = query.where(Leave.starts_on <= day, Leave.ends_on >= day, Outlet.removed_at.is_(None), Person.is_active)
    return {(person_id, scope_id) for person_id, scope_id in db.session.execute(query)}


def _held_scopes() -> set[tuple[str, str]]:
    """What was given to substitutes and is still theirs; an outlet that has become their own is no longer lent."""
    is_own = (Assignment.person_id == ScopeMember.person_id) & Assignment.ends_on.is_(None) & (_scope_of_assignment() == ScopeMember.scope_id)
    query = select(ScopeMember.person_id, ScopeMember.scope_id).where(ScopeMember.why == WHY, ScopeMember.revoked_seq.is_(None))
    return {(person_id, scope_id) for person_id, scope_id in db.session.execute(query.where(~select(Assignment.id).where(is_own).exists()))}


def _scope_of_assignment() -> Any:
    return literal("outlet:") + Assignment.outlet_id
