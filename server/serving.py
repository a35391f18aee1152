"""Starting up: the database brought up to date, the app served by waitress."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import waitress
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from server.app import MOST_REQUEST_BYTES
from server.clock import now
from server.collector import spare_collector
from server.db import db
from server.feed.epoch import begin_epoch
from server.feed.models import SyncMeta
from server.kept_connections import keep_connections
from server.outlets.identity_documents import publish_identity_key
from server.policy.calendar import seed_calendar

# A storm of phones waits in line for a thread, and the gate before push and pull sends back what cannot wait (server/intake/gate.py).
# It keeps a body on disk before anybody knows who sends it, so it takes none that is larger than other pages than 救援文件 do.
WAITRESS = {"max_request_body_size": MOST_REQUEST_BYTES, "connection_limit": 1500, "backlog": 2048, "ident": None}
MOST_RESCUE_MEGABYTES = 20
DEMO_PASSWORD = "xundian-demo"  # noqa: S105 (printed for everybody to see)


def upgrade_database() -> None:
    """Run the migrations, and give a new database its epoch and calendar, and phones the key at hand; safe to repeat and in several processes."""
    with _turn_to_upgrade():
        upgrade()
        if db.session.scalar(select(SyncMeta.id)) is None:
            begin_epoch()
        seed_calendar(now())
        publish_identity_key()
        db.session.commit()


@contextmanager
def _turn_to_upgrade() -> Iterator[None]:
    """One process at a time migrates a PostgreSQL database, over several transactions; a SQLite file has one server."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext('upgrade'))"))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtext('upgrade'))"))


def worker_app() -> Flask:
    """The app for a worker of gunicorn, as its environment says."""
    from server.app import create_app

    app = create_app()
    spare_collector()
    return app


def serve_app(app: Flask, host: str, port: int, threads: int, with_nightly: bool) -> None:
    """Serve until stopped; with `with_nightly` the nightly check runs from this process at its hour."""
    with app.app_context():
        upgrade_database()
    if with_nightly:
        from server.jobs.schedule import start_schedule

        start_schedule(app)
    app.config["MOST_RESCUE_MEGABYTES"] = MOST_RESCUE_MEGABYTES
    click.echo(f"serving on http://{host}:{port}/ (console) and http://{host}:{port}/m/ (phone)")
    keep_connections()
    spare_collector()
    waitress.serve(app, host=host, port=port, threads=threads, **WAITRESS)


def print_demo_logins(host: str, port: int) -> None:
    """The addresses and logins of the demo company."""
    click.echo(f"\n  phone    http://{host}:{port}/m/     rep1 … rep6")
    click.echo(f"  console  http://{host}:{port}/       zhoumin, hanlei (supervisors), manager, ops, service, payroll, admin")
    click.echo(f"  password {DEMO_PASSWORD} (for all of them)\n")
