"""Another setting of a channel while a digest waits, is being sent, or has failed."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.notices import outbox
from server.notices.actions import change_channel
from server.notices.forms import ChannelForm
from server.notices.models import NoticeChannel
from server.notices.outbox import send_due
from tests.features.noticing import Clock, Robots, clock, delivery_of, outcome, robots, waiting  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import company  # noqa: F401


def save(app, delivery_id: str, by_id: str, at: datetime, **changes) -> None:
    channel = db.session.get_one(NoticeChannel, delivery_of(delivery_id).channel_id)
    form = replace(ChannelForm.of(channel), **changes)
    change_channel(channel.id, form.checked(channel, set(), app.extensions["xundian"]), by_id, at)


def test_a_change_of_the_channel_sends_what_waits_at_once(app, waiting, robots: Robots, staff: Staff, clock: Clock):
    robots.answers = [(500, {}, b"")]
    delivery_id = waiting()
    send_due(clock)
    save(app, delivery_id, staff.ids["root"], clock())
    assert send_due(clock) == 1
    assert robots.given[-1].is_signed


def begun(clock: Clock) -> outbox.Claim:
    """An attempt of another process, which has not sent yet."""
    claim = outbox._next_claim(clock())
    assert claim is not None
    return claim


def test_a_digest_that_is_being_sent_is_not_sent_again_by_a_change(app, waiting, robots: Robots, staff: Staff, clock: Clock):
    delivery_id, claim = waiting(), begun(clock)
    clock.on(seconds=1)
    save(app, delivery_id, staff.ids["root"], clock(), hour="9")
    assert send_due(clock) == 0
    assert outbox.attempt(claim, clock) and len(robots.given) == 1
    assert outcome(delivery_id) == ("sent", 1, "taken")


def test_a_digest_whose_attempt_was_killed_goes_out_after_its_time_whatever_changes(app, waiting, robots: Robots, staff: Staff, clock: Clock):
    delivery_id = waiting()
    begun(clock)
    for seconds, taken in ((179, 0), (1, 1)):
        clock.on(seconds=seconds)
        save(app, delivery_id, staff.ids["root"], clock())
        assert send_due(clock) == taken
    assert outcome(delivery_id) == ("sent", 2, "taken")


def test_a_channel_stopped_while_a_digest_is_being_sent_says_what_came_of_it(app, waiting, robots: Robots, staff: Staff, clock: Clock):
    robots.answers = [(200, {}, {"errcode": 0}), (500, {}, b"")]
    taken, claim = waiting(), begun(clock)
    save(app, taken, staff.ids["root"], clock(), is_active=False)
    assert outcome(taken) == ("given_up", 1, "stopped")
    outbox.attempt(claim, clock)
    assert outcome(taken) == ("sent", 1, "taken")
    failed, claim = waiting(), begun(clock)
    save(app, failed, staff.ids["root"], clock(), is_active=False)
    outbox.attempt(claim, clock)
    assert outcome(failed) == ("given_up", 1, "failing")


def test_a_stopped_channel_sends_nothing_more(app, waiting, robots: Robots, staff: Staff, clock: Clock):
    delivery_id = waiting()
    save(app, delivery_id, staff.ids["root"], clock(), is_active=False)
    assert send_due(clock) == 0 and robots.given == []
    assert outcome(delivery_id) == ("given_up", 0, "stopped")
    rows = db.session.scalars(select(AuditRow.action).where(AuditRow.subject_type == "notice_channel")).all()
    assert sorted(rows) == ["notice_channel.changed", "notice_channel.made"]
