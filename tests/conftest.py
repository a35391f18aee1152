"""The application over a fresh database: every test that takes `app` runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.config import Settings
from server.db import db
from server.serving import upgrade_database
from tests.databases import Cluster, sqlite_url


def settings_for(data: Path, url: str) -> Settings:
    return Settings(data=data, database_url=url, secret_key="test", base_url="", trusted_proxies=0, nightly_at="02:10", is_testing=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.remove()


def _upgraded(data: Path, url: str) -> str:
    app = create_app(settings_for(data, url))
    with app.app_context():
        upgrade_database()
        db.session.remove()
        db.engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    _upgraded(folder, sqlite_url(folder))
    return folder / "xundian.db"


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _upgraded(tmp_path_factory.mktemp("template"), cluster.create_database())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of each kind, copied from a template."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "xundian.db")
        yield sqlite_url(tmp_path)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.copy_database(request.getfixturevalue("postgres_template"))
    yield url
    cluster.drop_database(url)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings_for(tmp_path, database_url))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
