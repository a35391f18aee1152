"""Scopes a person holds (SYNC §3): `outlet:<id>`, `user:<id>`, `region:<id>`, `global`."""

from sqlalchemy import select

from server.db import db
from server.feed.models import ScopeMember


def holds_scope(person_id: str, scope_id: str) -> bool:
    """Whether the person holds the scope now."""
    held = (ScopeMember.person_id == person_id, ScopeMember.scope_id == scope_id, ScopeMember.revoked_seq.is_(None))
    return db.session.scalar(select(ScopeMember.scope_id).where(*held)) is not None


def members(person_id: str) -> list[ScopeMember]:
    """Every scope the person holds or held, sorted by scope."""
    return list(db.session.scalars(select(ScopeMember).where(ScopeMember.person_id == person_id).order_by(ScopeMember.scope_id)))


def holders(scope_id: str) -> list[str]:
    """Who holds the scope now."""
    query = select(ScopeMember.person_id).where(ScopeMember.scope_id == scope_id, ScopeMember.revoked_seq.is_(None))
    return list(db.session.scalars(query))
