"""The tail of every transaction: number it, stamp what it changed, then commit (SYNC §2).

The clock row is raised as the last step before COMMIT, so numbers follow commit order and a reader that saw
number n has missed nothing below it. Writers never touch the feed tables themselves: models say which feed
rows they stand for (`feed_entries`), and `touch`, `grant` and `revoke` add what no model can know.
"""

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, String, bindparam, event, false, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.bulk import put_over, written_over
from server.clock import now
from server.db import db
from server.feed.models import ScopeMember, SyncClock, SyncCommit, SyncFeed

KEYS, STAMP = ("entity_type", "entity_id", "scope_id"), ("seq", "deleted")

# Part of every commit, so built once.
_RAISE = update(SyncClock).values(seq=SyncClock.seq + 1).returning(SyncClock.seq).execution_options(synchronize_session=False)
_COMMIT = insert(SyncCommit.__table__)


class FeedEntry(NamedTuple):
    """One entity in one scope; `is_deleted` leaves a tombstone."""

    entity_type: str
    entity_id: str
    scope_id: str
    is_deleted: bool = False


AfterNumber = Callable[[Session, int], object]


def touch(session: Any, *entries: FeedEntry) -> None:
    """Stamp these entities with the number of the commit that is under way; the last word on an entity wins."""
    touched = session.info.setdefault("touched", {})
    for entry in entries:
        touched[entry[:3]] = entry.is_deleted


def touch_months(session: Any, entity_type: str, outlet_ids: str, month: str) -> None:
    """As `touch`, of an entity `<outlet>:<month>` of each of these outlets (ids with commas between): for so many that Python had
    better not name them one by one."""
    if not outlet_ids:
        return
    if db.engine.dialect.name != "postgresql":
        touch(session, *(FeedEntry(entity_type, f"{outlet_id}:{month}", f"outlet:{outlet_id}") for outlet_id in outlet_ids.split(",")))
        return
    asked: dict[str, Any] = {"entity_type": entity_type, "tail": f":{month}", "ids": outlet_ids}
    after_number(session, lambda session, seq: session.execute(_put_months(), asked | {"seq": seq}))


def touch_all(session: Any, entity_type: str, ids: Any) -> None:
    """As `touch`, of all that phones have of a type whose id is in a select: for what shows something that is kept elsewhere."""
    which = (SyncFeed.entity_type == entity_type, SyncFeed.entity_id.in_(ids), SyncFeed.deleted.is_(False))
    changed = update(SyncFeed).where(*which).execution_options(synchronize_session=False)
    after_number(session, lambda session, seq: session.execute(changed.values(seq=seq)))


def touch_scope(session: Any, scope_id: str) -> None:
    """As `touch`, of all that ever stood in a scope: for what belongs to others now, who may read what phones hold no more."""
    changed = update(SyncFeed).where(SyncFeed.scope_id == scope_id).execution_options(synchronize_session=False)
    after_number(session, lambda session, seq: session.execute(changed.values(seq=seq)))


def grant(session: Any, person_id: str, scope_id: str, why: str) -> None:
    """Let a person's phones hold a scope, from this commit on."""
    session.info.setdefault("memberships", {})[(person_id, scope_id)] = (True, why)


def revoke(session: Any, person_id: str, scope_id: str, why: str) -> None:
    """Take a scope from a person's phones, from this commit on."""
    session.info.setdefault("memberships", {})[(person_id, scope_id)] = (False, why)


def membership_under_way(session: Any, person_id: str, scope_id: str) -> bool | None:
    """What this transaction has granted (True) or revoked (False) so far; None where it leaves the scope alone."""
    change = session.info.get("memberships", {}).get((person_id, scope_id))
    return None if change is None else change[0]


def after_number(session: Any, write: AfterNumber) -> None:
    """Run `write(session, seq)` behind the clock of this commit: only for rows that record the number itself."""
    session.info.setdefault("after_number", []).append(write)


def last_number(session: Any) -> int:
    """The number of the commit that this session made last; 0 when it stamped nothing."""
    return int(session.info.get("last_number", 0))


def current_number(session: Any) -> int:
    """The clock as this transaction sees it."""
    return session.scalar(select(SyncClock.seq)) or 0


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: Any) -> None:
    for row in [*session.new, *session.deleted, *(r for r in session.dirty if session.is_modified(r))]:
        entries = getattr(row, "feed_entries", None)
        if entries is not None:
            is_gone = row in session.deleted
            touch(session, *(_entry_of(row, entry, is_gone) for entry in entries()))


def _entry_of(row: Any, entry: FeedEntry, is_gone: bool) -> FeedEntry:
    """A row that goes leaves a tombstone of its own entity; an entity that it was only a part of has changed."""
    return entry._replace(is_deleted=entry.is_deleted or (is_gone and entry.entity_type == row.__tablename__))


@event.listens_for(Session, "before_commit")
def _stamp(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched = session.info.pop("touched", {})
    memberships = session.info.pop("memberships", {})
    writes = session.info.pop("after_number", [])
    if not (touched or memberships or writes):
        session.info["last_number"] = 0
        return
    seq = _next_number(session)
    session.info["last_number"] = seq
    session.execute(_COMMIT, {"seq": seq, "nonce": secrets.token_hex(8), "at": now()})
    _stamp_entities(session, seq, touched)
    for (person_id, scope_id), (is_granted, why) in sorted(memberships.items()):
        _stamp_membership(session, seq, person_id, scope_id, is_granted, why)
    for write in writes:
        write(session, seq)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    for key in ("touched", "memberships", "after_number"):
        session.info.pop(key, None)


def _next_number(session: Session) -> int:
    return session.execute(_RAISE).scalar_one()


def upsert(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the database in use."""
    module = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return module.insert(table)


def _stamp_entities(session: Session, seq: int, touched: dict[tuple[str, str, str], bool]) -> None:
    """Rows in order, so that two transactions never wait for each other."""
    rows = [dict(zip(KEYS, key, strict=True), seq=seq, deleted=is_gone) for key, is_gone in sorted(touched.items())]
    put_over(SyncFeed, rows, KEYS, session)


@cache
def _put_months() -> Any:
    outlet_id = func.unnest(func.string_to_array(bindparam("ids", type_=String), ",")).column_valued("outlet_id")
    kind, tail, seq = bindparam("entity_type", type_=String), bindparam("tail", type_=String), bindparam("seq", type_=BigInteger)
    source = select(kind, outlet_id.concat(tail), literal("outlet:").concat(outlet_id), seq, false())
    return written_over(postgresql.insert(SyncFeed.__table__).from_select([*KEYS, *STAMP], source), KEYS, STAMP)


def _stamp_membership(session: Session, seq: int, person_id: str, scope_id: str, is_granted: bool, why: str) -> None:
    if is_granted:
        statement = upsert(ScopeMember).values(person_id=person_id, scope_id=scope_id, granted_seq=seq, revoked_seq=None, why=why)
        regrant = {"granted_seq": seq, "revoked_seq": None, "why": why}
        keys = ["person_id", "scope_id"]
        is_lost = ScopeMember.revoked_seq.is_not(None)
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=regrant, where=is_lost))
        return
    held = (ScopeMember.person_id == person_id, ScopeMember.scope_id == scope_id, ScopeMember.revoked_seq.is_(None))
    session.execute(update(ScopeMember).where(*held).values(revoked_seq=seq, why=why).execution_options(synchronize_session=False))
