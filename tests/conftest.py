"""The browser, and the application over a fresh database: every test that takes `app` runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from playwright.sync_api import BrowserType, sync_playwright
from sqlalchemy import event, make_url

from server.app import create_app
from server.config import Settings
from server.db import db
from server.limits import limiter
from server.people import passwords
from server.serving import upgrade_database
from tests.databases import Cluster, sqlite_url
from tests.founded import Founded, FoundedDatabases
from tests.settings import settings_for


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hashes that cost nothing: hashing like the product would take a third of the tests' time (`test_passwords.py` does)."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserType]:
    """One for all tests of a process: there cannot be a second driver beside it."""
    if shutil.which("chromium") is None:
        pytest.fail("Chromium is needed for the browser tests. On Debian: sudo apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        yield playwright.chromium


def upgraded(data: Path, url: str) -> str:
    """The same address, once its database has all tables."""
    app = create_app(settings_for(data, url))
    with app.app_context():
        upgrade_database()
        db.session.remove()
        db.engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    upgraded(folder, sqlite_url(folder))
    return folder / "xundian.db"


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    return upgraded(tmp_path_factory.mktemp("template"), cluster.create_database())


@pytest.fixture(scope="session")
def founded_databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FoundedDatabases:
    def empty(kind: str) -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp("founded")
        if kind == "postgresql":
            return folder, request.getfixturevalue("cluster").copy_database(request.getfixturevalue("postgres_template"))
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "xundian.db")
        return folder, sqlite_url(folder)

    return FoundedDatabases(empty)


@pytest.fixture
def founded(request: pytest.FixtureRequest, founded_databases: FoundedDatabases) -> Founded:
    """What the test's database is copied from: as much of the company as the test asks for by `company` or `staff`."""
    part = next((name for name in ("staff", "company") if name in request.fixturenames), "")
    return founded_databases.of(request.getfixturevalue("database_kind"), part)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str, founded: Founded, tmp_path: Path) -> Iterator[str]:
    """A migrated database of each kind, copied from a template."""
    if database_kind == "sqlite":
        shutil.copy(founded.folder / "xundian.db", tmp_path / "xundian.db")
        yield sqlite_url(tmp_path)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.copy_database(founded.url)
    yield url
    cluster.drop_database(url)


class StandingApp:
    """The application made once for each kind of database, over the database and folder of whichever test has its turn.

    Making it and compiling its statements anew takes longer than most tests.
    """

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.configuration = dict(self.app.config)
        self.database = ""
        with self.app.app_context():
            event.listen(db.engine, "do_connect", self._connect)

    def over(self, settings: Settings) -> Flask:
        self.database = make_url(settings.database_url).database or ""
        self.app.config.clear()
        self.app.config.update(self.configuration, SQLALCHEMY_DATABASE_URI=settings.database_url)
        self.app.extensions["xundian"] = settings
        limiter.enabled = not settings.is_testing  # one for all applications of a process; the newest one turned it on or off
        return self.app

    def _connect(self, dialect: Any, _record: Any, words: list[Any], names: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            words[0] = self.database
        else:
            names["dbname"] = self.database


@pytest.fixture(scope="session")
def standing_apps() -> dict[str, StandingApp]:
    return {}


@pytest.fixture
def app(database_url: str, tmp_path: Path, standing_apps: dict[str, StandingApp]) -> Iterator[Flask]:
    settings = settings_for(tmp_path, database_url)
    kind = make_url(database_url).drivername
    if kind not in standing_apps:
        standing_apps[kind] = StandingApp(settings)
    app = standing_apps[kind].over(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
