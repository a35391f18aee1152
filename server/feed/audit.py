"""The nightly audit of the feed: it must say just what the domain tables hold (SYNC §2).

Every published type says in one SELECT of (entity id, scope) what is live. What the feed lacks is stamped, what it has
too much leaves a tombstone: so a visit that has left the phones' window goes too.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, literal, select, union_all

from server.clock import today
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
    return [FeedEntry(*row) for row in db.session.execute(_differences(tuple(sorted(_live.items())), today()))]


@lru_cache
def _differences(audited: tuple[tuple[str, Live], ...], _day: date) -> CompoundSelect[Any]:
    """The whole comparison in one statement, built once a day: (type, id, scope, whether the feed has it too much)."""
    return union_all(*(part for kind, live in audited for part in _differences_of(kind, live)))


def _differences_of(kind: str, live: Live) -> Iterator[Select[str, str, str, bool]]:
    wanted = live().subquery()
    entity, scope = wanted.c[0], wanted.c[1]
    row = and_(SyncFeed.entity_type == kind, SyncFeed.entity_id == entity, SyncFeed.scope_id == scope, SyncFeed.deleted.is_(False))
    yield select(literal(kind), entity, scope, literal(False)).where(~select(literal(1)).where(row).exists())
    known = and_(entity == SyncFeed.entity_id, scope == SyncFeed.scope_id)
    stamped = select(literal(kind), SyncFeed.entity_id, SyncFeed.scope_id, literal(True))
    stamped = stamped.where(SyncFeed.entity_type == kind, SyncFeed.deleted.is_(False))
    yield stamped.where(~select(literal(1)).select_from(wanted).where(known).exists())


def audit_feed() -> int:
    """Stamp the differences; returns how many there were. The caller commits."""
    differences = feed_differences()
    touch(db.session, *differences)
    return len(differences)
