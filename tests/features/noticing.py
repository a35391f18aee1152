"""Channels for tests, and a clock that moves when told."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.db import db
from server.notices.actions import make_channel
from server.notices.digest import digest_of
from server.notices.forms import ChannelSettings
from server.notices.kinds import RULES, Kind
from server.notices.models import NoticeChannel, NoticeDelivery
from server.notices.outbox import add_delivery
from sync.ids import uuid7
from tests.features.robots import SECRET, Robots, local_robots
from tests.features.staff import Staff

BASE = "https://xundian.example.com"


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def robots():
    with local_robots() as robots:
        yield robots


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


def allow_private(app: Any, **changes: Any) -> None:
    """The setting under which tests send to their own machine."""
    app.extensions["xundian"] = replace(app.extensions["xundian"], notices_to_private=True, base_url=BASE, **changes)


def add_channel(kind: str, address: str, by_id: str, at: datetime, **changes: Any) -> str:
    """A channel of 8 o'clock for the whole company; returns its id."""
    secret = SECRET if RULES[Kind(kind)].least_secret else ""
    wanted = ChannelSettings("主管群", Kind(kind), address, secret, [], "zh", 8, True)
    return make_channel(uuid7(), replace(wanted, **changes), by_id, at).id


def add_waiting(app: Any, channel_id: str, at: datetime) -> str:
    """A digest that is due; returns its id."""
    channel = db.session.get_one(NoticeChannel, channel_id)
    with app.test_request_context():
        message = digest_of(channel, uuid7(), at.date())
    delivery = add_delivery(channel, message, at.date(), at)
    db.session.commit()
    return delivery.id


def delivery_of(delivery_id: str) -> NoticeDelivery:
    db.session.expire_all()
    return db.session.get_one(NoticeDelivery, delivery_id)


def deliveries() -> list[NoticeDelivery]:
    db.session.expire_all()
    return list(db.session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.made_at, NoticeDelivery.id)))


__all__ = ["BASE", "Clock", "Robots", "add_channel", "add_waiting", "allow_private", "clock", "deliveries", "delivery_of", "robots"]


@pytest.fixture
def waiting(app, staff: Staff, robots: Robots, clock: Clock):
    """A digest that waits in a channel of the kind; returns its id."""
    allow_private(app)
    with app.app_context():

        def make(kind: str = "webhook", **changes) -> str:
            channel_id = add_channel(kind, changes.pop("address", robots.address(kind)), staff.ids["root"], clock(), **changes)
            return add_waiting(app, channel_id, clock())

        yield make


def outcome(delivery_id: str) -> tuple[str, int, str]:
    delivery = delivery_of(delivery_id)
    return delivery.state, delivery.attempts, delivery.answer_code
