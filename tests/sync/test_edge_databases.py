"""A database that commits late, is restored, locked or full, on SQLite and on PostgreSQL (SYNC §7: 12, 13, 23, 27)."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from server.app import create_app
from server.db import db
from server.feed.epoch import begin_epoch
from server.intake import push as push_module
from server.outlets.models import Outlet
from server.visits.models import Visit
from tests.databases import Cluster, sqlite_url
from tests.settings import settings_for
from tests.sync.net import lost_request
from tests.sync.reps import count, office, rep  # noqa: F401


def test_edge_12_a_long_transaction_commits_after_short_ones(app, company, rep):
    """What it wrote gets its number when it commits, so a phone that pulled meanwhile misses nothing."""
    started, may_end = threading.Event(), threading.Event()
    is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]

    def long_transaction():
        with office(app):
            db.session.get(Outlet, company.second_outlet_id).address = "最后写下的地址"
            db.session.flush()
            started.set()
            may_end.wait(20)
            db.session.commit()

    rep.sync()
    worker = threading.Thread(target=long_transaction)
    worker.start()
    assert started.wait(10)
    if is_postgres:  # SQLite has one writer: there the short ones wait
        rep.visit(company.outlet_id)
        rep.sync()
        assert rep.codes() == ["applied"]
    may_end.set()
    worker.join(20)
    rep.sync()
    assert rep.client.replica["outlet", company.second_outlet_id]["address"] == "最后写下的地址"


class Backup:
    """A copy of the database, and a server over it."""

    def __init__(self, app, folder: Path, cluster: Cluster):
        self.app, self.folder, self.cluster = app, folder, cluster
        self.is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
        with app.app_context():
            db.session.remove()
            if self.is_postgres:
                db.engine.dispose()
                self.url = cluster.copy_database(app.config["SQLALCHEMY_DATABASE_URI"])
            else:
                (folder / "backup").mkdir()
                with closing(sqlite3.connect(folder / "xundian.db")) as here, closing(sqlite3.connect(folder / "backup" / "xundian.db")) as there:
                    here.backup(there)
                self.url = sqlite_url(folder / "backup")

    def restored(self, with_epoch: bool):
        """The server as it was, over the files that are there now."""
        app = create_app(settings_for(self.folder, self.url))
        if with_epoch:
            with app.app_context():
                begin_epoch()
                db.session.commit()
        return app


@pytest.mark.parametrize("with_epoch", [True, False], ids=["new_epoch", "same_epoch"])
def test_edge_13_a_restored_backup(app, company, rep, tmp_path, cluster, with_epoch):
    rep.visit(company.outlet_id)
    rep.sync()
    backup = Backup(app, tmp_path, cluster)
    rep.visit(company.outlet_id)
    rep.sync()
    rep.visit(company.second_outlet_id)
    rep.net.troubles = [None, lost_request]
    rep.try_sync()
    assert rep.codes() == ["applied"] * 3
    restored = backup.restored(with_epoch)
    assert count(restored, Visit) == 1
    rep.net.app = restored
    rep.sync()
    assert count(restored, Visit) == 3
    assert rep.codes() == ["applied"] * 3
    assert len(rep.shows("visit")) == 3
    with restored.app_context():
        assert all(visit.is_complete for visit in db.session.scalars(select(Visit)))
        db.session.remove()
        db.engine.dispose()


def test_edge_23_a_locked_database_is_busy_and_nothing_is_lost(app, company, rep, monkeypatch):
    rep.visit(company.outlet_id)
    is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
    with app.app_context(), db.engine.connect() as holder:
        if is_postgres:
            holder.execute(text("LOCK TABLE sync_clock IN ACCESS EXCLUSIVE MODE"))
            monkeypatch.setattr(push_module, "feed_state", _impatient(push_module.feed_state))
        else:
            holder.exec_driver_sql("SELECT 1")  # it has begun IMMEDIATE
            _shorten_busy_timeout(app)
        started = datetime.now(UTC)
        assert rep.try_sync() == "busy"
        assert rep.client.state.is_wait_ordered
        assert (datetime.now(UTC) - started).total_seconds() < 12
        holder.rollback()
    rep.sync()
    assert rep.codes() == ["applied"]
    assert count(app, Visit) == 1


def _impatient(read):
    """PostgreSQL gives up waiting for a lock after a moment."""

    def reading():
        db.session.execute(text("SET LOCAL lock_timeout = '300ms'"))
        return read()

    return reading


def _shorten_busy_timeout(app):
    with app.app_context():
        for connection in [db.engine.raw_connection()]:
            connection.driver_connection.execute("PRAGMA busy_timeout=300")
            connection.close()


def test_edge_27_no_room_for_a_record(app, company, rep, monkeypatch):
    """The database says that it is full: the phone hears `busy`, keeps the record, and comes again."""
    import sqlite3

    is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
    if is_postgres:
        from psycopg.errors import DiskFull

        fault: Exception = DiskFull("could not extend file: No space left on device")
    else:
        fault = sqlite3.OperationalError("database or disk is full")
        fault.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[attr-defined]

    def full(*_args):
        raise OperationalError("INSERT", {}, fault)

    rep.visit(company.outlet_id)
    take = push_module._take
    monkeypatch.setattr(push_module, "_take", full)
    assert rep.try_sync() == "busy"
    monkeypatch.setattr(push_module, "_take", take)
    rep.sync()
    assert rep.codes() == ["applied"]
