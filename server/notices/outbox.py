"""The outbox: one digest a working day and channel, sent until it is taken or a day has passed.

Safe to run twice, in parallel or to be killed: the table takes one row a channel and day; an attempt is noted, with when it would be made
again, before anything is sent. Whoever is killed in between sends the same event once more, and never loses it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import SystemRandom

from flask import current_app
from sqlalchemy import delete, func, select, update

from server.config import Settings
from server.db import db, held, is_passing, read_only, take_turn
from server.domain.months import SHANGHAI, business_date
from server.domain.working_days import is_working_day
from server.notices.answers import Answer
from server.notices.digest import digest_of
from server.notices.kinds import RULES, Kind
from server.notices.messages import Message
from server.notices.models import DeliveryState, NoticeCall, NoticeChannel, NoticeDelivery
from server.notices.pauses import GIVEN_UP_AFTER, pause_after
from server.notices.sending import Destination, send
from server.policy.queries import working_years
from sync.ids import uuid7

log = logging.getLogger(__name__)
TURN = "notices"
LONGEST_ATTEMPT = timedelta(minutes=3)
CALLS_KEPT = timedelta(hours=1)
LIMITED = Answer("limited")
_chance = SystemRandom()


@dataclass(frozen=True)
class Claim:
    """An attempt that this process makes: the delivery, the number of the attempt, what to send and where."""

    delivery_id: str
    attempt: int
    message: Message
    destination: Destination


def make_digests(now: datetime) -> int:
    """Write today's digests whose hour has come, each in a transaction of its own; returns how many. Nothing on days off."""
    day = business_date(now)
    with read_only():
        due = _due_channels(day, now) if is_working_day(day, working_years()) else []
        db.session.rollback()
    return sum(_make_safely(channel_id, day, now) for channel_id in due)


def _due_channels(day: date, now: datetime) -> list[str]:
    have = set(db.session.scalars(select(NoticeDelivery.channel_id).where(NoticeDelivery.day == day)))
    channels = db.session.scalars(select(NoticeChannel).where(NoticeChannel.is_active))
    return [channel.id for channel in channels if channel.id not in have and _is_due(channel, day, now)]


def _is_due(channel: NoticeChannel, day: date, now: datetime) -> bool:
    at = datetime.combine(day, time(channel.hour), SHANGHAI)
    return channel.begins_at <= at <= now


def _make_safely(channel_id: str, day: date, now: datetime) -> bool:
    """A channel on which it breaks holds nobody up, and is tried again the next time."""
    try:
        return _make(channel_id, day, now)
    except Exception as fault:
        db.session.rollback()
        if is_passing(fault):
            raise
        log.exception("the digest of channel %s could not be made", channel_id)
        return False


def _make(channel_id: str, day: date, now: datetime) -> bool:
    """False when another process was faster, or the channel was stopped or set otherwise meanwhile: then the next run makes it.

    Counting takes its time, so nothing is locked while it goes on.
    """
    with read_only():
        counted = db.session.get_one(NoticeChannel, channel_id)
        asked, message = _asked(counted), digest_of(counted, uuid7(), day)
        db.session.rollback()
    take_turn(TURN)
    channel = held(NoticeChannel, channel_id)
    known = select(NoticeDelivery.id).where(NoticeDelivery.channel_id == channel_id, NoticeDelivery.day == day)
    if channel is None or _asked(channel) != asked or db.session.scalar(known) is not None:
        db.session.rollback()
        return False
    add_delivery(channel, message, day, now)
    db.session.commit()
    return True


def _asked(channel: NoticeChannel) -> tuple[bool, list[str], str]:
    """What a digest hangs on."""
    return channel.is_active, channel.region_ids, channel.language


def add_delivery(channel: NoticeChannel, message: Message, day: date | None, now: datetime) -> NoticeDelivery:
    """A message that waits; the caller commits."""
    delivery = NoticeDelivery(id=message.id, channel_id=channel.id, day=day, content=message.content(), state=DeliveryState.WAITING)
    delivery.attempts, delivery.made_at, delivery.next_try_at = 0, now, now
    delivery.answer_code = delivery.answer_text = ""
    db.session.add(delivery)
    return delivery


def send_due(clock: Callable[[], datetime]) -> int:
    """Try everything that is due once; returns how many messages were taken. Commits one by one."""
    taken = 0
    while claim := _next_claim(clock()):
        taken += attempt(claim, clock)
    return taken


def run_notices(clock: Callable[[], datetime]) -> tuple[int, int]:
    """Make what is due and send what waits: (made, taken)."""
    with current_app.test_request_context():  # addresses of pages need one
        made = make_digests(clock())
    return made, send_due(clock)


def attempt(claim: Claim, clock: Callable[[], datetime]) -> bool:
    """Send outside any transaction, then note the answer; whether it was taken."""
    settings: Settings = current_app.extensions["xundian"]
    answer = send(claim.message, claim.destination, settings, clock())
    _note(claim, answer, clock())
    return answer.is_taken


def _next_claim(now: datetime) -> Claim | None:
    """The delivery that waits longest and whose robot may be called; those that waited for a day are given up. Commits."""
    take_turn(TURN)
    waiting = NoticeDelivery.state == DeliveryState.WAITING
    old = update(NoticeDelivery).where(waiting, NoticeDelivery.made_at <= now - GIVEN_UP_AFTER).values(state=DeliveryState.GIVEN_UP)
    db.session.execute(old.execution_options(synchronize_session=False))
    db.session.execute(delete(NoticeCall).where(NoticeCall.at < now - CALLS_KEPT).execution_options(synchronize_session=False))
    query = select(NoticeDelivery, NoticeChannel).join(NoticeChannel, NoticeChannel.id == NoticeDelivery.channel_id)
    query = query.where(waiting, NoticeDelivery.day.is_not(None), NoticeDelivery.next_try_at <= now, NoticeChannel.is_active)
    claim = None
    for delivery, channel in db.session.execute(query.order_by(NoticeDelivery.next_try_at, NoticeDelivery.id).with_for_update()).all():
        claim = claim_of(delivery, channel, now)
        if claim is not None:
            break
    db.session.commit()
    return claim


def claim_of(delivery: NoticeDelivery, channel: NoticeChannel, now: datetime) -> Claim | None:
    """Note that an attempt begins, or None when the robot was called too often: then it waits. The caller holds the turn and commits."""
    wait = _wait(channel, now)
    if wait:
        delivery.next_try_at = now + wait
        delivery.answer_code = delivery.answer_code or LIMITED.code
        return None
    db.session.add(NoticeCall(id=uuid7(), robot=channel.robot, at=now))
    delivery.attempts += 1
    delivery.tried_at, delivery.next_try_at = now, now + LONGEST_ATTEMPT
    destination = Destination(channel.id, Kind(channel.kind), channel.address_sealed, channel.secret_sealed)
    return Claim(delivery.id, delivery.attempts, Message.kept(delivery.id, delivery.content), destination)


def is_under_way(delivery: NoticeDelivery, now: datetime) -> bool:
    """Whether an attempt was begun whose answer may still come; one that ended noted another next try."""
    if delivery.tried_at is None:
        return False
    return now < delivery.next_try_at == delivery.tried_at + LONGEST_ATTEMPT


def _wait(channel: NoticeChannel, now: datetime) -> timedelta:
    """How long until the robot may be called again; nothing when it may be now."""
    waits = [timedelta()]
    for most, seconds in RULES[Kind(channel.kind)].limits:
        begun = now - timedelta(seconds=seconds)
        recent = select(func.count(), func.min(NoticeCall.at)).where(NoticeCall.robot == channel.robot, NoticeCall.at > begun)
        count, first_at = db.session.execute(recent).one()
        if count >= most:
            waits.append(first_at - begun)
    return max(waits)


def _note(claim: Claim, answer: Answer, now: datetime) -> None:
    """What came of an attempt. A failure says nothing when a later attempt is under way, nor after it was taken. Commits."""
    delivery = held(NoticeDelivery, claim.delivery_id)
    is_overtaken = delivery is None or delivery.state == DeliveryState.SENT or (delivery.attempts != claim.attempt and not answer.is_taken)
    if delivery is not None and not is_overtaken:
        delivery.answer_code, delivery.answer_status, delivery.answer_text = answer.code, answer.status, answer.text
        if answer.is_taken:
            delivery.state = DeliveryState.SENT
        else:
            delivery.next_try_at = now + pause_after(delivery.attempts, _chance.random(), answer.retry_after_s)
            if delivery.day is None or delivery.next_try_at >= delivery.made_at + GIVEN_UP_AFTER:
                delivery.state = DeliveryState.GIVEN_UP
    db.session.commit()
