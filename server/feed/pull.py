"""Pull: one page of what a person's phone lacks, from a single snapshot (SYNC §1-3).

Order: scopes lost (`drop`), scopes gained (`begin`, then what lives there), then changes in the scopes held all along.
Which scopes a person may see is read anew for every page; a scope that changes hands after the upper bound is left
for the next pull, which will drop or begin it.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import select, tuple_

from server.db import db
from server.feed.cursor import FeedState, PageMark, cursor_seq, cursor_text, feed_state, nonce_of, page_mark, page_text
from server.feed.models import ScopeMember, SyncFeed
from server.feed.scopes import members

Documents = Callable[[list[str]], dict[str, dict[str, Any]]]

ROWS_A_PAGE = 300
SNAPSHOTS, CHANGES = 1, 2

_documents: dict[str, Documents] = {}


def publish(entity_type: str, documents: Documents) -> None:
    """Let phones receive this type: `documents` maps ids to what they get."""
    _documents[entity_type] = documents


def pull(
    person_id: str, cursor: str | None, page: str | None, limit_bytes: int, again: tuple[str, ...] = (), resync_below: int = 0
) -> dict[str, Any]:
    """One page as JSON values: `events` and either `page` (more follow) or `cursor`. Opens no transaction of its own.

    `again` names scopes to send anew; a cursor below `resync_below` starts over.
    """
    state = feed_state()
    opening: list[dict[str, Any]] = []
    ours = members(person_id)
    if page is not None:
        mark = page_mark(page, state)
    else:
        mark, opening = _first_mark(ours, cursor, again, resync_below, state)
    events, following = _page(ours, mark, limit_bytes)
    answer: dict[str, Any] = {"epoch": state.epoch, "events": opening + events}
    if following is None:
        return {**answer, "cursor": cursor_text(mark)}
    return {**answer, "page": page_text(following)}


def _first_mark(
    ours: list[ScopeMember], cursor: str | None, again: tuple[str, ...], resync_below: int, state: FeedState
) -> tuple[PageMark, list[dict[str, Any]]]:
    since = None if cursor is None else cursor_seq(cursor, state)
    mark = PageMark(epoch=state.epoch, nonce=nonce_of(state.seq), since=since, until=state.seq, phase=SNAPSHOTS)
    if since is None:
        return mark, []
    if since < max(state.floor_seq, resync_below):
        return msgspec.structs.replace(mark, since=None), [{"e": "reset"}]
    held = {m.scope_id for m in ours if m.revoked_seq is None}
    lost = {m.scope_id for m in ours if m.revoked_seq is not None and since < m.revoked_seq <= state.seq}
    lost |= {scope for scope in again if scope not in held}
    mark = msgspec.structs.replace(mark, again=tuple(sorted(held.intersection(again))))
    return mark, [{"e": "drop", "scope": scope} for scope in sorted(lost)]


def _page(ours: list[ScopeMember], mark: PageMark, limit_bytes: int) -> tuple[list[dict[str, Any]], PageMark | None]:
    held = [m for m in ours if m.revoked_seq is None and m.granted_seq <= mark.until]
    gained = [m for m in held if mark.since is None or m.granted_seq > mark.since or m.scope_id in mark.again]
    known = [m for m in held if mark.since is not None and m.granted_seq <= mark.since and m.scope_id not in mark.again]
    events: list[dict[str, Any]] = []
    used, last = 0, mark
    for event, here in _events(mark, gained, known):
        size = len(msgspec.json.encode(event))
        if events and (used + size > limit_bytes or len(events) >= ROWS_A_PAGE):
            return events, last
        used += size
        events.append(event)
        last = here
    return events, None


def _events(mark: PageMark, gained: list[ScopeMember], known: list[ScopeMember]) -> Iterator[tuple[dict[str, Any], PageMark]]:
    """Every event from the mark on, each with the mark that stands right after it."""
    if mark.phase == SNAPSHOTS:
        for member in gained:
            if member.scope_id >= mark.scope:
                yield from _snapshot(mark, member.scope_id)
    if known:
        assert mark.since is not None
        after = mark.after if mark.phase == CHANGES else None
        for event, key in _rows([m.scope_id for m in known], mark.since, mark.until, after, is_snapshot=False):
            yield event, _moved(mark, CHANGES, "", key)


def _snapshot(mark: PageMark, scope: str) -> Iterator[tuple[dict[str, Any], PageMark]]:
    is_going_on = scope == mark.scope
    if not is_going_on:
        yield {"e": "begin", "scope": scope}, _moved(mark, SNAPSHOTS, scope, None)
    after = mark.after if is_going_on else None
    for event, key in _rows([scope], 0, mark.until, after, is_snapshot=True):
        yield event, _moved(mark, SNAPSHOTS, scope, key)


def _moved(mark: PageMark, phase: int, scope: str, after: tuple[int, str, str, str] | None) -> PageMark:
    return msgspec.structs.replace(mark, phase=phase, scope=scope, after=after)


Key = tuple[int, str, str, str]


def _rows(scopes: list[str], since: int, until: int, after: Key | None, is_snapshot: bool) -> Iterator[tuple[dict[str, Any], Key]]:
    """Events of the feed rows with since < seq <= until, behind `after`, in the order (seq, type, id, scope)."""
    order = (SyncFeed.seq, SyncFeed.entity_type, SyncFeed.entity_id, SyncFeed.scope_id)
    while True:
        query = select(*order, SyncFeed.deleted).where(SyncFeed.scope_id.in_(scopes), SyncFeed.seq > since, SyncFeed.seq <= until)
        if is_snapshot:
            query = query.where(SyncFeed.deleted.is_(False))
        if after is not None:
            query = query.where(tuple_(*order) > after)
        rows: list[tuple[Any, ...]] = [tuple(row) for row in db.session.execute(query.order_by(*order).limit(ROWS_A_PAGE))]
        for row in rows:
            after = (row[0], row[1], row[2], row[3])
        documents = _documents_of(rows)
        for seq, kind, entity, scope, is_deleted in rows:
            event = _event(kind, entity, scope, seq, is_deleted, documents.get((kind, entity)), is_snapshot)
            if event is not None:
                yield event, (seq, kind, entity, scope)
        if len(rows) < ROWS_A_PAGE:
            return


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
