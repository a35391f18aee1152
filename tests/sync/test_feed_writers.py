"""Many writers at once on PostgreSQL, rollbacks and killed connections among them: a reader by cursor misses no row.

The same body over a plain sequence (the number is taken when the transaction begins) must miss rows, or the test proves nothing.
"""

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from server.app import create_app
from server.db import db
from server.feed import clock
from server.feed.clock import FeedEntry, grant, touch
from server.feed.cursor import feed_state
from server.feed.models import SyncFeed
from server.feed.pull import pull
from server.people.actions import add_person
from server.people.models import Role
from tests.databases import Cluster
from tests.settings import settings_for
from tests.sync.conftest import PASSWORD

WRITERS = 16
SECONDS = 4.0
SCOPES = 8
PAGES = (1_000_000, 1_000_000, 2000)  # bytes: whole pulls, and pages that end among rows of one number


@dataclass
class Run:
    """What writers committed and what the reader saw, as (entity id, scope)."""

    app: Flask
    person_id: str
    seed: int
    committed: set[tuple[str, str]] = field(default_factory=set)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    rolled_back: int = 0
    killed: int = 0
    pages: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    is_written: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture
def writers_app(cluster: Cluster, postgres_template: str, tmp_path: Path):
    url = cluster.copy_database(postgres_template)
    settings = settings_for(tmp_path, url)
    app = create_app(settings)
    with app.app_context():
        db.engine.dispose()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    cluster.drop_database(url)


def a_person(app: Flask) -> str:
    from server.clock import now

    with app.app_context():
        person = add_person("reader", "读者", PASSWORD, [Role.REP], [], now())
        db.session.flush()
        for number in range(SCOPES):
            grant(db.session, person.id, f"outlet:{number}", "test")
        db.session.commit()
        return str(person.id)


def write(run: Run, number: int) -> None:
    """Commit, roll back, be killed: one writer's life."""
    chance = random.Random(run.seed * 100 + number)
    with run.app.app_context():
        for count in range(10_000):
            if run.is_over.is_set():
                break
            entries = [
                FeedEntry("visit", f"{number}-{count}-{row}", f"outlet:{chance.randrange(SCOPES)}") for row in range(chance.choice((1, 1, 3, 20)))
            ]
            try:
                _one_transaction(run, entries, chance)
            except DBAPIError:
                with run.lock:
                    run.killed += 1
            finally:
                db.session.remove()


def _one_transaction(run: Run, entries: list[FeedEntry], chance: random.Random) -> None:
    touch(db.session, *entries)
    backend = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.scalar(select(SyncFeed.seq).limit(1))
    time.sleep(chance.random() * 0.03)
    fate = chance.random()
    if fate < 0.1:
        db.session.rollback()
        with run.lock:
            run.rolled_back += 1
        return
    if fate < 0.14:
        _kill(backend)
    db.session.commit()
    with run.lock:
        run.committed |= {(entry.entity_id, entry.scope_id) for entry in entries}


def _kill(backend: int | None) -> None:
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})


def read(run: Run) -> None:
    """Pull without a pause from the last cursor."""
    with run.app.app_context():
        cursor, is_last = None, False
        while True:
            cursor = _one_pull(run, cursor)
            if is_last:
                return
            is_last = run.is_written.is_set()


def _one_pull(run: Run, cursor: str | None) -> str:
    page: str | None = None
    while True:
        db.session.rollback()
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        answer = pull(feed_state(), run.person_id, cursor, page, PAGES[run.pages % len(PAGES)])
        run.pages += 1
        for event in answer["events"]:
            if event["e"] == "put" and event["type"] == "visit":
                key = (event["id"], event["scope"])
                run.seen[key] = run.seen.get(key, 0) + 1
        if "cursor" in answer:
            return str(answer["cursor"])
        page = answer["page"]


def run_writers(app: Flask, person_id: str, seed: int, seconds: float = SECONDS) -> Run:
    run = Run(app, person_id, seed)
    reader = threading.Thread(target=read, args=(run,))
    writers = [threading.Thread(target=write, args=(run, number)) for number in range(WRITERS)]
    for thread in [reader, *writers]:
        thread.start()
    time.sleep(seconds)
    run.is_over.set()
    for thread in writers:
        thread.join(60)
    run.is_written.set()
    reader.join(60)
    return run


def documents(ids: list[str]) -> dict[str, dict[str, object]]:
    return {entity: {"id": entity} for entity in ids}


def report(capsys, name: str, run: Run) -> int:
    missed = len(run.committed - set(run.seen))
    with capsys.disabled():
        print(
            f"\n{name}: {WRITERS} writers, {len(run.committed)} rows committed, {run.rolled_back} rollbacks, "
            f"{run.killed} connections killed, {run.pages} pages read, {missed} rows missed"
        )
    return missed


@pytest.mark.timeout(180)
def test_a_reader_by_cursor_misses_nothing_of_sixteen_writers(writers_app: Flask, monkeypatch, capsys):
    from server.feed import pull as pull_module

    monkeypatch.setitem(pull_module._documents, "visit", documents)
    run = run_writers(writers_app, a_person(writers_app), seed=1)
    assert report(capsys, "clock raised last", run) == 0
    assert len(run.committed) > 300
    assert run.rolled_back > 5
    assert run.killed > 0
    assert set(run.seen) == run.committed
    assert max(run.seen.values()) == 1


@pytest.mark.timeout(180)
def test_the_same_with_a_plain_sequence_misses_rows(writers_app: Flask, monkeypatch, capsys):
    """The number is drawn when the transaction begins to write, as a sequence or an identity column would."""
    from server.feed import pull as pull_module

    monkeypatch.setitem(pull_module._documents, "visit", documents)
    with writers_app.app_context():
        db.session.execute(text("CREATE SEQUENCE plain START 1000"))
        db.session.commit()
    touched = clock.touch

    def draw(session, *entries):
        session.info["drawn"] = session.scalar(text("SELECT nextval('plain')"))
        touched(session, *entries)

    def number(session):
        return session.info.pop("drawn", None) or session.scalar(text("SELECT nextval('plain')"))

    person_id = a_person(writers_app)
    monkeypatch.setattr(clock, "_next_number", number)
    monkeypatch.setitem(globals(), "touch", draw)
    monkeypatch.setitem(globals(), "feed_state", feed_state_of_sequence)
    missed = 0
    for seed in range(1, 6):
        run = run_writers(writers_app, person_id, seed)
        missed = report(capsys, "plain sequence", run)
        if missed:
            break
    assert missed > 0


def feed_state_of_sequence():
    """The newest number that a reader sees, as one who trusts a sequence would take it."""
    from server.feed.cursor import FeedState
    from server.feed.epoch import current_epoch
    from server.feed.models import SyncCommit

    newest, nonce = db.session.execute(select(SyncCommit.seq, SyncCommit.nonce).order_by(SyncCommit.seq.desc()).limit(1)).first() or (0, None)
    return FeedState(current_epoch(), newest, 0, nonce)
