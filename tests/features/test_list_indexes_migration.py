"""To 0031: two indexes hold more columns, and fewer again on the way back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from server.db import db
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app  # noqa: F401

BEFORE = [["planned_on"], ["outlet_id", "visited_on"]]
SINCE = [["planned_on", "outlet_id"], ["outlet_id", "visited_on", "counts", "needs_review", "fix_lat"]]


pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0030")
    return old_app


def columns() -> list[list[str]]:
    found = []
    for table, name in (("visit_plan", "ix_visit_plan_on"), ("visit", "ix_visit_outlet_on")):
        found.append(next(index["column_names"] for index in inspect(db.engine).get_indexes(table) if index["name"] == name))
    return found


def test_the_indexes_hold_more_and_go_back(app_before):
    assert columns() == BEFORE
    upgrade_database()
    assert columns() == SINCE
    downgrade(revision="0030")
    assert columns() == BEFORE
