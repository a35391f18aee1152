"""Anti-entropy: does a phone hold, scope by scope, just what the server would send it (SYNC §3)?

A row's hash is the first 8 bytes of SHA-256 of `type:id:v`; a scope's digest is the count of its rows and the XOR of
their hashes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from server.db import db
from server.feed.cursor import cursor_seq, feed_state
from server.feed.models import SyncFeed
from server.feed.scopes import members
from sync.digests import Digest, row_hash

CHUNK = 400


def scopes_to_send_again(person_id: str, cursor: str, told: Mapping[str, Digest]) -> list[str]:
    """The scopes that the phone holds wrongly at its cursor. What changed since then is left to the next pull."""
    since = cursor_seq(cursor, feed_state())
    ours = members(person_id, since)
    settled = {m.scope_id for m in ours if m.revoked_seq is None and m.granted_seq <= since}
    leaving = {m.scope_id for m in ours if m.revoked_seq is not None and m.revoked_seq > since}
    arriving = {m.scope_id for m in ours if m.revoked_seq is None and m.granted_seq > since}
    here, moving = _digests(sorted(settled), since)
    wrong = {scope for scope in settled if scope not in moving and told.get(scope) != here[scope]}
    return sorted(wrong | (set(told) - settled - leaving - arriving))


def _digests(scopes: list[str], since: int) -> tuple[defaultdict[str, Digest], set[str]]:
    """The scopes' digests, and those scopes that have changed since."""
    found: defaultdict[str, Digest] = defaultdict(Digest)
    moving: set[str] = set()
    columns = (SyncFeed.scope_id, SyncFeed.entity_type, SyncFeed.entity_id, SyncFeed.seq, SyncFeed.deleted)
    for part in _parts(scopes):
        for scope, kind, entity, seq, is_deleted in db.session.execute(select(*columns).where(SyncFeed.scope_id.in_(part))):
            if seq > since:
                moving.add(scope)
            elif not is_deleted:
                found[scope] = found[scope].with_row(row_hash(kind, entity, seq))
    return found, moving


def _parts(scopes: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(scopes), CHUNK):
        yield scopes[start : start + CHUNK]
