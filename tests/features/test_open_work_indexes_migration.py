"""To 0039: the indexes of what is open leave out what is void, and reports of complaints are found by their day; both go back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from server.db import db
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app  # noqa: F401

KEPT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}
OPEN = ("ix_complaint_open", "ix_material_request_open")


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0038")
    return old_app


def indexes() -> dict[str, str]:
    found = {name: words or "" for name, words in db.session.execute(text(KEPT[db.engine.dialect.name]))}
    db.session.rollback()
    return found


def test_indexes_of_open_work_leave_out_what_is_void_and_go_back(app_before):
    before = indexes()
    assert not any("voided_at" in before[name] for name in OPEN) and "ix_complaint_step_reported" not in before
    upgrade_database()
    after = indexes()
    assert all("voided_at" in after[name] for name in OPEN)
    assert "reported" in after["ix_complaint_step_reported"]
    downgrade(revision="0038")
    assert indexes() == before
