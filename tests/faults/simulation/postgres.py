"""The same worlds over PostgreSQL, with real connections. Nothing is restored from a backup here."""

import random
import shutil
from datetime import timedelta
from pathlib import Path

from flask import Flask

from server.app import create_app
from server.db import db
from tests.databases import Cluster
from tests.faults.simulation.template import START, Template, found_company
from tests.faults.simulation.world import World
from tests.settings import settings_for


class PostgresWorld(World):
    """A world whose database is a copy of the template's."""

    def committed(self, query: str, *values: str) -> set[str]:
        with self.app.app_context(), db.engine.connect() as other:
            return {row[0] for row in other.exec_driver_sql(query.replace("?", "%s"), values)}

    def back_up(self) -> None:
        """Backups are the business of the worlds on SQLite."""


class PostgresStage:
    """Worlds over one cluster; each gets a fresh copy of the founded company."""

    def __init__(self, cluster: Cluster, empty_url: str, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder
        self.world: World | None = None
        self.url = cluster.copy_database(empty_url)
        self.template = self._found()
        self.app: Flask | None = None
        self.used: list[str] = []

    def _found(self) -> Template:
        app = create_app(settings_for(self.folder, self.url))
        with app.test_request_context(environ_overrides={"xundian.now": START - timedelta(days=30)}):
            template = found_company(self.folder)
            db.session.remove()
            db.engine.dispose()
        return template

    def new_world(self, seed: int) -> World:
        self.leave()
        for name in ("blobs", "uploads"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        url = self.cluster.copy_database(self.url)
        self.used.append(url)
        self.app = create_app(settings_for(self.folder, url))
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.world = PostgresWorld(self.app, self.template, self.folder, seed, random.Random(seed))
        return self.world

    def leave(self) -> None:
        """Let the last world go."""
        self.world = None
        if self.app is not None:
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()
            self.cluster.drop_database(self.used.pop())
            self.app = None
