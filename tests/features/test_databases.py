"""The PostgreSQL of the tests is real, survives being stopped when durable, and its absence is a failure that says what to do."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests import databases
from tests.databases import Cluster, NoPostgres


def test_create_database_gives_an_empty_database_of_its_own(cluster: Cluster) -> None:
    urls = [cluster.create_database(), cluster.create_database()]

    assert urls[0] != urls[1]
    engine = create_engine(urls[0])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one() == 0
    engine.dispose()
    for url in urls:
        cluster.drop_database(url)


def test_durable_cluster_keeps_what_was_committed_when_killed() -> None:
    cluster = Cluster(is_durable=True)
    try:
        url = cluster.create_database().replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        cluster.stop()
        cluster.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    finally:
        cluster.remove()


def test_missing_postgresql_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr(databases.shutil, "which", lambda name: None)
    monkeypatch.setattr(databases.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(NoPostgres, match="apt-get install postgresql"):
        Cluster()
