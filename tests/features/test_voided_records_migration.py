"""To 0038: records may be voided; those that were there are not."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from server.db import db
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app  # noqa: F401

COLUMNS = {"voided_at", "voided_by_id", "void_reason"}


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0037")
    return old_app


def columns(table: str) -> set[str]:
    return {column["name"] for column in inspect(db.engine).get_columns(table)}


@pytest.mark.parametrize("table", ["complaint", "material_request", "training"])
def test_records_may_be_voided(app_before, table):
    before = columns(table)
    upgrade_database()
    assert columns(table) - before == COLUMNS
    db.session.execute(text(f"SELECT voided_at, voided_by_id, void_reason FROM {table}"))
    db.session.rollback()
    downgrade(revision="0037")
    assert columns(table) == before
