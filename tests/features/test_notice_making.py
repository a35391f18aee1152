"""Digests are made once a working day at their hour, by whichever process comes first, and hold nobody up meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import update

from server.db import db, take_turn
from server.notices import outbox
from server.notices.models import NoticeChannel
from server.notices.outbox import make_digests, run_notices
from server.people.actions import add_region
from tests.features.noticing import Clock, Robots, add_channel, allow_private, deliveries, robots  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import company  # noqa: F401

FRIDAY = date(2026, 11, 27)
EIGHT = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)  # 8 o'clock in Shanghai
EARLIER = datetime(2026, 11, 2, tzinfo=UTC)
URL = "https://robots.example.com/in/abcdefgh"


@pytest.fixture(autouse=True)
def in_app(app):
    allow_private(app)
    with app.app_context():
        yield


def made_at(at: datetime) -> int:
    made = make_digests(at)
    db.session.commit()
    return made


@pytest.fixture
def making(app):
    with app.test_request_context():
        yield


def test_one_digest_a_day_from_its_hour_on(app, staff: Staff, making):
    add_channel("webhook", URL, staff.ids["root"], EARLIER)
    assert made_at(EIGHT - timedelta(seconds=1)) == 0
    assert [made_at(EIGHT), made_at(EIGHT), made_at(EIGHT + timedelta(hours=9))] == [1, 0, 0]
    assert [delivery.day for delivery in deliveries()] == [FRIDAY]


@pytest.mark.parametrize(("day", "made"), [("2026-11-28", 0), ("2026-11-29", 0), ("2026-11-30", 1)])
def test_only_working_days_have_a_digest(app, staff: Staff, making, day, made):
    add_channel("webhook", URL, staff.ids["root"], EARLIER)
    assert made_at(datetime.fromisoformat(f"{day}T09:00:00+08:00")) == made


def test_the_calendar_says_which_days_are_worked(app, staff: Staff, making):
    from server.policy.models import CalendarYear

    year = db.session.get_one(CalendarYear, 2026)
    year.off, year.on = ["2026-11-27"], ["2026-11-28"]
    db.session.commit()
    add_channel("webhook", URL, staff.ids["root"], EARLIER)
    assert [made_at(EIGHT), made_at(EIGHT + timedelta(days=1))] == [0, 1]


def test_a_channel_begins_with_the_next_hour_it_is_set_to(app, staff: Staff, making):
    add_channel("webhook", URL, staff.ids["root"], EIGHT + timedelta(seconds=1))
    assert made_at(EIGHT + timedelta(hours=1)) == 0
    assert made_at(EIGHT + timedelta(days=3)) == 1


def test_a_stopped_channel_makes_none(app, staff: Staff, making):
    add_channel("webhook", URL, staff.ids["root"], EARLIER, is_active=False)
    assert made_at(EIGHT) == 0


def beside(app, deed) -> bool:
    """Whether another process gets its work done within some seconds."""

    def run() -> None:
        with app.app_context():
            deed()
            db.session.commit()

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(5)
    return not thread.is_alive()


def while_counting(monkeypatch, app, deed) -> list[bool]:
    """Let another process do something after the numbers of a digest were counted; whether it could, for each digest."""
    real, done = outbox.digest_of, []

    def compose(*words):
        message = real(*words)
        done.append(beside(app, deed))
        return message

    monkeypatch.setattr(outbox, "digest_of", compose)
    return done


def test_nobody_waits_while_a_digest_is_counted(app, staff: Staff, making, monkeypatch):
    add_channel("webhook", URL, staff.ids["root"], EARLIER)
    done = while_counting(monkeypatch, app, lambda: (take_turn(outbox.TURN), add_region("新区", EIGHT)))
    assert (made_at(EIGHT), done) == (1, [True])


CHANGES = [({"language": "en"}, 1), ({"is_active": False}, 0)]


@pytest.mark.parametrize(("changes", "made_later"), CHANGES)
def test_a_digest_of_a_channel_that_changes_meanwhile_is_not_kept(app, staff: Staff, making, monkeypatch, changes, made_later):
    channel_id = add_channel("webhook", URL, staff.ids["root"], EARLIER)
    change = update(NoticeChannel).where(NoticeChannel.id == channel_id).values(**changes)
    done = while_counting(monkeypatch, app, lambda: db.session.execute(change))
    assert (made_at(EIGHT), done, deliveries()) == (0, [True], [])
    monkeypatch.undo()
    assert made_at(EIGHT) == made_later
    assert [delivery.content["language"] for delivery in deliveries()] == ["en"] * made_later


def test_a_digest_that_another_process_makes_meanwhile_is_made_once(app, staff: Staff, making, monkeypatch):
    add_channel("webhook", URL, staff.ids["root"], EARLIER)
    real = outbox.digest_of

    def make() -> None:
        monkeypatch.setattr(outbox, "digest_of", real)
        with app.test_request_context():
            assert make_digests(EIGHT) == 1

    done = while_counting(monkeypatch, app, make)
    assert (made_at(EIGHT), done, len(deliveries())) == (0, [True], 1)


def test_two_processes_make_one(app, staff: Staff):
    for _ in range(3):
        add_channel("webhook", URL, staff.ids["root"], EARLIER)
    db.session.remove()

    def work() -> int:
        with app.app_context(), app.test_request_context():
            return make_digests(EIGHT)

    with ThreadPoolExecutor(3) as pool:
        assert sum(running.result() for running in [pool.submit(work) for _ in range(3)]) == 3
    assert len(deliveries()) == 3


def test_a_channel_on_which_it_breaks_holds_nobody_up(app, staff: Staff, making, monkeypatch):
    broken = add_channel("webhook", URL, staff.ids["root"], EARLIER)
    add_channel("webhook", URL, staff.ids["root"], EARLIER)
    real = outbox.digest_of

    def compose(channel, *words):
        if channel.id == broken:
            raise RuntimeError("broken")
        return real(channel, *words)

    monkeypatch.setattr(outbox, "digest_of", compose)
    assert made_at(EIGHT) == 1
    monkeypatch.undo()
    assert made_at(EIGHT) == 1


def test_the_job_makes_and_sends(app, staff: Staff, robots: Robots):
    add_channel("webhook", robots.address("webhook"), staff.ids["root"], EARLIER)
    clock = Clock(EIGHT)
    assert run_notices(clock) == (1, 1)
    assert run_notices(clock) == (0, 0)
    (given,) = robots.given
    assert given.document["day"] == "2026-11-27" and given.document["title"] == "巡店 11-27 周五"


def test_old_deliveries_are_forgotten_with_old_nights(app, staff: Staff, making):
    from server.jobs.retention import purge_notices

    add_channel("webhook", URL, staff.ids["root"], EARLIER)
    made_at(EIGHT)
    assert purge_notices(EIGHT + timedelta(days=400)) == 0
    assert purge_notices(EIGHT + timedelta(days=400, seconds=1)) == 1
