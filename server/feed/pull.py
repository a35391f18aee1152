"""Pull: one page of what a person's phone lacks, from a single snapshot (SYNC §1-3).

Order: scopes lost (`drop`), scopes gained (`begin`, then what lives there), then changes in the scopes held all along.
Which scopes a person may see is read anew for every page; a scope that changes hands after the upper bound is left
for the next pull, which will drop or begin it.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, bindparam, select, tuple_

from server.db import db
from server.feed.cursor import FeedState, PageMark, cursor_seq, cursor_text, nonce_of, page_mark, page_text, seen_now
from server.feed.models import SyncFeed
from server.feed.scopes import Membership, members
from sync.digests import AGAIN_AT_ONCE

Documents = Callable[[list[str]], dict[str, dict[str, Any]]]

ROWS_A_PAGE = 300
BYTES_A_ROW = 250
SCOPES_AT_ONCE = 200
SNAPSHOTS, CHANGES = 1, 2

_documents: dict[str, Documents] = {}


def publish(entity_type: str, documents: Documents) -> None:
    """Let phones receive this type: `documents` maps ids to what they get."""
    _documents[entity_type] = documents


def pull(
    state: FeedState,
    person_id: str,
    cursor: str | None,
    page: str | None,
    limit_bytes: int,
    again: tuple[str, ...] = (),
    resync_below: int = 0,
) -> dict[str, Any]:
    """One page as JSON values: `events` and either `page` (more follow) or `cursor`. Opens no transaction of its own.

    `state` is the feed as the caller's transaction sees it.
    `again` names scopes to send anew, of which it sends AGAIN_AT_ONCE at most; a cursor below `resync_below` starts over.
    """
    opening: list[dict[str, Any]] = []
    ours = members(person_id, state.floor_seq)
    if page is not None:
        mark = seen_now(page_mark(page, state), state)
    else:
        mark, opening = _first_mark(ours, cursor, again, resync_below, state)
    events, following = _page(ours, mark, limit_bytes)
    answer: dict[str, Any] = {"epoch": state.epoch, "events": opening + events}
    if following is None:
        return {**answer, "cursor": cursor_text(mark)}
    return {**answer, "page": page_text(following)}


def _first_mark(
    ours: list[Membership], cursor: str | None, again: tuple[str, ...], resync_below: int, state: FeedState
) -> tuple[PageMark, list[dict[str, Any]]]:
    since = None if cursor is None else cursor_seq(cursor, state)
    mark = PageMark(state.epoch, nonce_of(state.seq, state), since, until=state.seq, seen=state.seq, phase=SNAPSHOTS)
    if since is None:
        return mark, []
    if since < max(state.floor_seq, resync_below):
        return msgspec.structs.replace(mark, since=None), [{"e": "reset"}]
    held = {m.scope_id for m in ours if m.revoked_seq is None}
    lost = {m.scope_id for m in ours if m.revoked_seq is not None and since < m.revoked_seq <= state.seq}
    lost |= {scope for scope in again if scope not in held}
    mark = msgspec.structs.replace(mark, again=tuple(sorted(held.intersection(again))[:AGAIN_AT_ONCE]))
    return mark, [{"e": "drop", "scope": scope} for scope in sorted(lost)]


def _page(ours: list[Membership], mark: PageMark, limit_bytes: int) -> tuple[list[dict[str, Any]], PageMark | None]:
    held = [m for m in ours if m.revoked_seq is None and m.granted_seq <= mark.until]
    gained = [m.scope_id for m in held if mark.since is None or m.granted_seq > mark.since or m.scope_id in mark.again]
    known = [m.scope_id for m in held if mark.since is not None and m.granted_seq <= mark.since and m.scope_id not in mark.again]
    at_once = min(ROWS_A_PAGE, 1 + limit_bytes // BYTES_A_ROW)
    events: list[dict[str, Any]] = []
    used, last = 0, mark
    for event, here in _events(mark, gained, known, at_once):
        size = len(msgspec.json.encode(event))
        if events and (used + size > limit_bytes or len(events) >= ROWS_A_PAGE):
            return events, last
        used += size
        events.append(event)
        last = here
    return events, None


class _Reading(NamedTuple):
    """Which commits to read: since < seq <= until, and how many rows of them at once."""

    since: int
    until: int
    at_once: int


def _events(mark: PageMark, gained: list[str], known: list[str], at_once: int) -> Iterator[tuple[dict[str, Any], PageMark]]:
    """Every event from the mark on, each with the mark that stands right after it."""
    if mark.phase == SNAPSHOTS:
        yield from _snapshots(mark, [scope for scope in gained if scope >= mark.scope], at_once)
    if known:
        assert mark.since is not None
        after = mark.after if mark.phase == CHANGES else None
        for event, key in _rows(known, _Reading(mark.since, mark.until, at_once), after, is_snapshot=False):
            yield event, _moved(mark, CHANGES, "", key)


def _snapshots(mark: PageMark, scopes: list[str], at_once: int) -> Iterator[tuple[dict[str, Any], PageMark]]:
    """Scope after scope: `begin`, then what lives there; one that is under way goes on behind its last row."""
    for start in range(0, len(scopes), SCOPES_AT_ONCE):
        part = scopes[start : start + SCOPES_AT_ONCE]
        after = mark.after if part[0] == mark.scope else None
        rows = _rows(part, _Reading(0, mark.until, at_once), after, is_snapshot=True)
        row = next(rows, None)
        for scope in part:
            if scope != mark.scope:
                yield {"e": "begin", "scope": scope}, _moved(mark, SNAPSHOTS, scope, None)
            while row is not None and row[1][3] == scope:
                yield row[0], _moved(mark, SNAPSHOTS, scope, row[1])
                row = next(rows, None)


def _moved(mark: PageMark, phase: int, scope: str, after: tuple[int, str, str, str] | None) -> PageMark:
    return msgspec.structs.replace(mark, phase=phase, scope=scope, after=after)


Key = tuple[int, str, str, str]
KEY = ("seq", "entity_type", "entity_id", "scope_id")
SNAPSHOT_KEY = ("scope_id", "seq", "entity_type", "entity_id")


def _rows(scopes: list[str], reading: _Reading, after: Key | None, is_snapshot: bool) -> Iterator[tuple[dict[str, Any], Key]]:
    """Events of the feed rows of these scopes, behind `after`: snapshots scope by scope, changes in the order of commits."""
    asked: dict[str, Any] = {"scopes": scopes, **reading._asdict()}
    while True:
        behind = {} if after is None else dict(zip(KEY, after, strict=True))
        found = db.session.execute(_feed_rows(is_snapshot, is_going_on=after is not None), asked | behind)
        rows: list[tuple[Any, ...]] = [tuple(row) for row in found]
        for row in rows:
            after = (row[0], row[1], row[2], row[3])
        documents = _documents_of(rows)
        for seq, kind, entity, scope, is_deleted in rows:
            event = _event(kind, entity, scope, seq, is_deleted, documents.get((kind, entity)), is_snapshot)
            if event is not None:
                yield event, (seq, kind, entity, scope)
        if len(rows) < reading.at_once:
            return


@cache
def _feed_rows(is_snapshot: bool, is_going_on: bool) -> Select[Any]:
    """The query behind `_rows`, built once: every pull asks it."""
    order = [getattr(SyncFeed, name) for name in (SNAPSHOT_KEY if is_snapshot else KEY)]
    query = select(*(getattr(SyncFeed, name) for name in KEY), SyncFeed.deleted).where(
        SyncFeed.scope_id.in_(bindparam("scopes", expanding=True)), SyncFeed.seq > bindparam("since"), SyncFeed.seq <= bindparam("until")
    )
    if is_snapshot:
        query = query.where(SyncFeed.deleted.is_(False))
    if is_going_on:
        query = query.where(tuple_(*order) > tuple_(*(bindparam(column.key, type_=column.type) for column in order)))
    return query.order_by(*order).limit(bindparam("at_once"))


def _event(kind: str, entity: str, scope: str, seq: int, is_deleted: bool, doc: dict[str, Any] | None, is_snapshot: bool) -> dict[str, Any] | None:
    if is_deleted or doc is None:
        return None if is_snapshot else {"e": "del", "type": kind, "id": entity, "scope": scope}
    return {"e": "put", "type": kind, "id": entity, "scope": scope, "v": seq, "doc": doc}


def _documents_of(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, group in groupby(sorted(rows, key=lambda row: row[1]), key=lambda row: row[1]):
        ids = sorted({row[2] for row in group if not row[4]})
        if kind not in _documents or not ids:
            continue
        found.update({(kind, entity): doc for entity, doc in _documents[kind](ids).items()})
    return found
