"""To 0036: phones in use have an index by when they were heard of last, and the list of them is read in its order."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from server.db import db
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app  # noqa: F401

NAME = "ix_device_heard"
KEPT = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'", "postgresql": "SELECT indexname FROM pg_indexes"}
LISTED = "SELECT id FROM device WHERE revoked_at IS NULL ORDER BY coalesce(last_seen_at, created_at), id LIMIT 50"


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0035")
    return old_app


def has_index() -> bool:
    found = NAME in db.session.scalars(text(KEPT[db.engine.dialect.name]))
    db.session.rollback()
    return found


def plan() -> str:
    words = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[db.engine.dialect.name]
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))  # of an empty table it would read the table
    return "\n".join(str(row[-1]) for row in db.session.execute(text(f"{words} {LISTED}")))


def test_phones_in_use_have_an_index_that_goes_back(app_before):
    assert not has_index()
    upgrade_database()
    assert has_index()
    assert NAME in plan()
    assert "sort" not in plan().lower() and "TEMP B-TREE" not in plan()
    db.session.rollback()
    downgrade(revision="0035")
    assert not has_index()
