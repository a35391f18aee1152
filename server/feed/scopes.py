"""Scopes a person holds (SYNC §3): `outlet:<id>`, `user:<id>`, `region:<id>`, `global`."""

from typing import NamedTuple

from sqlalchemy import Select, bindparam, or_, select

from server.db import db
from server.feed.clock import membership_under_way
from server.feed.models import ScopeMember

# Asked by every pull and for every operation, so built once.
_MEMBERS = (
    select(ScopeMember.scope_id, ScopeMember.granted_seq, ScopeMember.revoked_seq)
    .where(ScopeMember.person_id == bindparam("person_id"), or_(ScopeMember.revoked_seq.is_(None), ScopeMember.revoked_seq > bindparam("since")))
    .order_by(ScopeMember.scope_id)
)

_HELD = select(ScopeMember.scope_id).where(
    ScopeMember.person_id == bindparam("person_id"), ScopeMember.scope_id == bindparam("scope_id"), ScopeMember.revoked_seq.is_(None)
)


def holds_scope(person_id: str, scope_id: str) -> bool:
    """Whether the person holds the scope now: an operation sees what those before it in the same push were given."""
    under_way = membership_under_way(db.session, person_id, scope_id)
    if under_way is not None:
        return under_way
    return db.session.scalar(_HELD, {"person_id": person_id, "scope_id": scope_id}) is not None


def ever_held_scope(person_id: str, scope_ids: set[str]) -> bool:
    """Whether the person holds one of the scopes, or once did."""
    if any(holds_scope(person_id, scope_id) for scope_id in scope_ids):
        return True
    query = select(ScopeMember.scope_id).where(ScopeMember.person_id == person_id, ScopeMember.scope_id.in_(scope_ids)).limit(1)
    return db.session.scalar(query) is not None


def held_scopes(person_id: str) -> Select[str]:
    """A select of the scopes that the person holds."""
    return select(ScopeMember.scope_id).where(ScopeMember.person_id == person_id, ScopeMember.revoked_seq.is_(None))


class Membership(NamedTuple):
    """A scope that a person holds since one commit, or held until another."""

    scope_id: str
    granted_seq: int
    revoked_seq: int | None


def members(person_id: str, since: int) -> list[Membership]:
    """Every scope the person holds, or lost after the commit `since`, sorted by scope."""
    return [Membership(*row) for row in db.session.execute(_MEMBERS, {"person_id": person_id, "since": since})]


def holders(scope_id: str) -> list[str]:
    """Who holds the scope now."""
    query = select(ScopeMember.person_id).where(ScopeMember.scope_id == scope_id, ScopeMember.revoked_seq.is_(None))
    return list(db.session.scalars(query))
