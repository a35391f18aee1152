"""Deeds on channels: made, changed, tried out."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.notices.addresses import hint_of
from server.notices.digest import trial_of
from server.notices.forms import ChannelSettings
from server.notices.kinds import RULES
from server.notices.models import DeliveryState, NoticeChannel, NoticeDelivery
from server.notices.outbox import LIMITED, TURN, add_delivery, attempt, claim_of, is_under_way
from server.notices.sending import secret_about
from server.sealing import sealed
from sync.ids import uuid7
from sync.problems import Problem


def make_channel(channel_id: str, wanted: ChannelSettings, by_id: str, now: datetime) -> NoticeChannel:
    """A new channel, whose first digest is that of the next hour it is set to; the same id twice makes one. Commits."""
    known = held(NoticeChannel, channel_id)
    if known is not None:
        db.session.rollback()
        return db.session.get_one(NoticeChannel, channel_id)
    channel = NoticeChannel(id=channel_id, kind=wanted.kind, made_by_id=by_id, made_at=now, begins_at=now, secret_sealed="")
    _write(channel, wanted)
    db.session.add(channel)
    _record(channel, "made", by_id, now)
    db.session.commit()
    return channel


def change_channel(channel_id: str, wanted: ChannelSettings, by_id: str, now: datetime) -> None:
    """What waits goes out at once by the new settings, or is given up when the channel was stopped. Commits. Raises `not_found`.

    What is just being sent is let be: it goes out anew only if this attempt comes to nothing.
    """
    take_turn(TURN)
    channel = held(NoticeChannel, channel_id)
    if channel is None:
        raise Problem("not_found", f"channel {channel_id}")
    if wanted.is_active and not channel.is_active:
        channel.begins_at = now
    _write(channel, wanted)
    waiting = select(NoticeDelivery).where(NoticeDelivery.channel_id == channel_id, NoticeDelivery.state == DeliveryState.WAITING)
    for delivery in db.session.scalars(waiting.with_for_update().execution_options(populate_existing=True)):
        if not wanted.is_active:
            delivery.state, delivery.answer_code, delivery.answer_text = DeliveryState.GIVEN_UP, "stopped", ""
        elif not is_under_way(delivery, now):
            delivery.next_try_at = now
    _record(channel, "changed", by_id, now)
    db.session.commit()


def send_trial(channel_id: str, by_id: str, now: datetime) -> NoticeDelivery:
    """Send a test message at once and keep what the other end answered; it is not tried again. Commits. Raises `not_found`."""
    take_turn(TURN)
    channel = held(NoticeChannel, channel_id)
    if channel is None:
        raise Problem("not_found", f"channel {channel_id}")
    delivery = add_delivery(channel, trial_of(channel, uuid7()), None, now)
    delivery_id, claim = delivery.id, claim_of(delivery, channel, now)
    if claim is None:
        delivery.state, delivery.answer_code = DeliveryState.GIVEN_UP, LIMITED.code
    record_audit(now, by_id, "notice_channel.tried", ("notice_channel", channel.id), delivery_id=delivery_id)
    db.session.commit()
    if claim is not None:
        attempt(claim, lambda: now)
    return db.session.get_one(NoticeDelivery, delivery_id)


def _write(channel: NoticeChannel, wanted: ChannelSettings) -> None:
    channel.name, channel.region_ids, channel.language = wanted.name, wanted.region_ids, wanted.language
    channel.hour, channel.is_active = wanted.hour, wanted.is_active
    if wanted.address:
        channel.address_sealed, channel.hint = sealed(wanted.address, channel.id), hint_of(wanted.kind, wanted.address)
        channel.robot = hashlib.sha256(wanted.address.encode()).hexdigest()
    if wanted.secret and RULES[wanted.kind].least_secret:
        channel.secret_sealed = sealed(wanted.secret, secret_about(channel.id))


def _record(channel: NoticeChannel, deed: str, by_id: str, now: datetime) -> None:
    """Never address or secret."""
    about = {"name": channel.name, "kind": str(channel.kind), "hour": channel.hour, "is_active": channel.is_active, "region_ids": channel.region_ids}
    record_audit(now, by_id, f"notice_channel.{deed}", ("notice_channel", channel.id), **about)
