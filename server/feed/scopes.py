"""Scopes a person holds (SYNC §3): `outlet:<id>`, `user:<id>`, `region:<id>`, `global`."""

from sqlalchemy import bindparam, select

from server.db import db
from server.feed.models import ScopeMember

# Asked by every pull and for every operation, so built once.
_MEMBERS = select(ScopeMember).where(ScopeMember.person_id == bindparam("person_id")).order_by(ScopeMember.scope_id)

_HELD = select(ScopeMember.scope_id).where(
    ScopeMember.person_id == bindparam("person_id"), ScopeMember.scope_id == bindparam("scope_id"), ScopeMember.revoked_seq.is_(None)
)


def holds_scope(person_id: str, scope_id: str) -> bool:
    """Whether the person holds the scope now."""
    return db.session.scalar(_HELD, {"person_id": person_id, "scope_id": scope_id}) is not None


def members(person_id: str) -> list[ScopeMember]:
    """Every scope the person holds or held, sorted by scope."""
    return list(db.session.scalars(_MEMBERS, {"person_id": person_id}))


def holders(scope_id: str) -> list[str]:
    """Who holds the scope now."""
    query = select(ScopeMember.person_id).where(ScopeMember.scope_id == scope_id, ScopeMember.revoked_seq.is_(None))
    return list(db.session.scalars(query))
