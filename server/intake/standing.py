"""How phones say they stand, for whoever looks after them."""

from datetime import datetime

from server.intake.models import SyncClient
from sync.schemas import Standing


def note_standing(client: SyncClient, status: Standing | None, now: datetime) -> None:
    """Keep what the phone said of itself; older phones say nothing. The caller commits."""
    if status is None:
        return
    client.told_at, client.queue_length, client.photos_unsent = now, status.queue, status.photos
    client.oldest_unsent_at = status.oldest if status.oldest is not None and status.oldest.tzinfo is not None else None
    client.free_bytes, client.is_persisted = status.free_bytes, status.is_persisted


def stands_otherwise(status: Standing | None, queue_length: int | None, photos_unsent: int | None) -> bool:
    """Whether the phone tells another number of records or photos to send than was kept of it: what it said with a push is over with its answer."""
    return status is not None and (status.queue, status.photos) != (queue_length, photos_unsent)
