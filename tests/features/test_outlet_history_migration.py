"""To 0031: the findings at an outlet are found by an index, and the migration goes back again."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from server.db import db
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app  # noqa: F401


def indexes():
    db.session.rollback()
    return {one["name"]: one["column_names"] for one in inspect(db.engine).get_indexes("finding")}


def test_the_findings_of_an_outlet_have_an_index(old_app):
    upgrade(revision="0030")
    assert "ix_finding_outlet" not in indexes()
    upgrade_database()
    assert indexes()["ix_finding_outlet"] == ["outlet_id", "id"]
    downgrade(revision="0030")
    assert "ix_finding_outlet" not in indexes() and "ix_finding_no_outlet" in indexes()
