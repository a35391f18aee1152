"""The public key that phones seal ID numbers with, as they receive it (ADR 19).

The document's id is the key's own, so another key is another document: the old one leaves a tombstone.
"""

from typing import Any

from sqlalchemy import Select, String, bindparam, literal, select

from server.db import db
from server.feed.clock import FeedEntry, touch
from server.feed.models import SyncFeed
from server.outlets.identity_seal import phone_key, to_text

KIND, SCOPE = "identity_key", "global"


def identity_key_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """The key at hand; of another one nothing is known any more."""
    key = phone_key()
    return {key.id: {"id": key.id, "public": to_text(key.public)}} if key.id in ids else {}


def live_identity_keys() -> Select[str, str]:
    """The id is asked for at each execution: the audit keeps its statement for a day."""
    return select(bindparam("identity_key", type_=String, callable_=lambda: phone_key().id), literal(SCOPE))


def publish_identity_key() -> None:
    """Let phones hold the key at hand and no other, from the start on instead of from the next night. The caller commits."""
    stamped = select(SyncFeed.entity_id).where(SyncFeed.entity_type == KIND, SyncFeed.scope_id == SCOPE, SyncFeed.deleted.is_(False))
    at_hand = phone_key().id
    for one in set(db.session.scalars(stamped)) ^ {at_hand}:
        touch(db.session, FeedEntry(KIND, one, SCOPE, is_deleted=one != at_hand))
