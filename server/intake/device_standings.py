"""How phones said they stand, for the page of phones."""

from sqlalchemy import select

from server.db import db
from server.intake.models import SyncClient
from server.people.device_standing import Standing


def device_standings(device_ids: list[str]) -> dict[str, Standing]:
    """By device id, from the client that was heard of last; a copy is remembered whichever client it was."""
    query = select(SyncClient).where(SyncClient.device_id.in_(device_ids)).order_by(SyncClient.last_seen_at)
    found: dict[str, Standing] = {}
    for client in db.session.scalars(query):
        device_id = client.device_id or ""
        was_copied = device_id in found and found[device_id].is_copied
        found[device_id] = Standing(
            app=client.app,
            told_at=client.told_at,
            queue_length=client.queue_length,
            oldest_unsent_at=client.oldest_unsent_at,
            photos_unsent=client.photos_unsent,
            free_bytes=client.free_bytes,
            is_persisted=client.is_persisted,
            skew_ms=client.skew_ms,
            is_copied=client.is_forked or was_copied,
        )
    return found
