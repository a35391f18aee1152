"""Reading channels and what went through them."""

from typing import Any

from sqlalchemy import select

from server.db import db
from server.notices.models import NoticeChannel, NoticeDelivery
from server.people.models import Role
from sync.problems import Problem

KEEPERS = (Role.ADMIN, Role.MANAGER)
MOST_DELIVERIES = 30


def channels() -> list[NoticeChannel]:
    """Those in use first, by name."""
    return list(db.session.scalars(select(NoticeChannel).order_by(NoticeChannel.is_active.desc(), NoticeChannel.name, NoticeChannel.id)))


def channel_of(channel_id: str) -> NoticeChannel:
    """The channel, or `not_found`."""
    channel = db.session.get(NoticeChannel, channel_id)
    if channel is None:
        raise Problem("not_found", f"channel {channel_id}")
    return channel


def last_deliveries(channel_id: str = "") -> list[Any]:
    """(delivery, name of its channel), newest first: of one channel or of all."""
    query = select(NoticeDelivery, NoticeChannel.name).join(NoticeChannel, NoticeChannel.id == NoticeDelivery.channel_id)
    if channel_id:
        query = query.where(NoticeDelivery.channel_id == channel_id)
    return list(db.session.execute(query.order_by(NoticeDelivery.made_at.desc(), NoticeDelivery.id.desc()).limit(MOST_DELIVERIES)))
