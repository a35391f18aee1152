"""What happens to fields that collided when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.feed.clock import FeedEntry, touch
from server.feed.models import SyncFeed


def move_conflicts(gone_id: str, kept_id: str, _now: datetime) -> None:
    """Show an outlet's collided fields with the one that is kept: what phones hold of them moves there. The caller commits."""
    kind, scope = "field_conflict", f"outlet:{gone_id}"
    shown = select(SyncFeed.entity_id).where(SyncFeed.scope_id == scope, SyncFeed.entity_type == kind, SyncFeed.deleted.is_(False))
    for conflict_id in db.session.scalars(shown).all():
        touch(db.session, FeedEntry(kind, conflict_id, scope, is_deleted=True), FeedEntry(kind, conflict_id, f"outlet:{kept_id}"))
