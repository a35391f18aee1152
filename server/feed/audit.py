"""The nightly audit of the feed: it must say just what the domain tables hold (SYNC §2).

Every published type says in one SELECT of (entity id, scope) what is live. What the feed lacks is stamped, what it has
too much leaves a tombstone: so a visit that has left the phones' window goes too.
"""

from collections.abc import Callable

from sqlalchemy import Select, and_, literal, select

from server.db import db
from server.feed.clock import FeedEntry, touch
from server.feed.models import SyncFeed

Live = Callable[[], Select[str, str]]

_live: dict[str, Live] = {}


def audited(entity_type: str, live: Live) -> None:
    """`live` selects (entity_id, scope_id) of everything of this type that phones should hold."""
    _live[entity_type] = live


def feed_differences() -> list[FeedEntry]:
    """What has to be stamped so that the feed says what the domain holds."""
    found: list[FeedEntry] = []
    for kind in sorted(_live):
        wanted = _live[kind]().subquery()
        entity, scope = wanted.c[0], wanted.c[1]
        row = and_(SyncFeed.entity_type == kind, SyncFeed.entity_id == entity, SyncFeed.scope_id == scope, SyncFeed.deleted.is_(False))
        lacking = select(entity, scope).where(~select(literal(1)).where(row).exists())
        stamped = select(SyncFeed.entity_id, SyncFeed.scope_id).where(SyncFeed.entity_type == kind, SyncFeed.deleted.is_(False))
        known = and_(entity == SyncFeed.entity_id, scope == SyncFeed.scope_id)
        surplus = stamped.where(~select(literal(1)).select_from(wanted).where(known).exists())
        found += [FeedEntry(kind, *one) for one in db.session.execute(lacking)]
        found += [FeedEntry(kind, *one, is_deleted=True) for one in db.session.execute(surplus)]
    return found


def audit_feed() -> int:
    """Stamp the differences; returns how many there were. The caller commits."""
    differences = feed_differences()
    touch(db.session, *differences)
    return len(differences)
