"""To 0034: some indexes hold more columns, and fewer again on the way back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from server.db import db
from tests.features.test_evidence_migration import old_app  # noqa: F401

NAMES = {"visit_plan": "ix_visit_plan_on", "visit": "ix_visit_outlet_on", "churn_case": "ix_churn_case_state"}
NAMES |= {"follow_up": "ix_follow_up_open", "material_request": "ix_material_request_open"}
BEFORE = [["planned_on"], ["outlet_id", "visited_on"], ["state", "due_on", "id"], ["due_on", "id"], ["due_on", "id"]]
SINCE = [
    ["planned_on", "outlet_id"],
    ["outlet_id", "visited_on", "counts", "needs_review", "fix_lat"],
    ["state", "due_on", "id", "outlet_id"],
    ["due_on", "id", "outlet_id", "solved_on"],
    ["due_on", "id", "outlet_id", "delivered_on"],
]
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0033")
    return old_app


def columns() -> list[list[str]]:
    """Of each of the indexes."""
    kept = inspect(db.engine)
    return [next(index["column_names"] for index in kept.get_indexes(table) if index["name"] == name) for table, name in NAMES.items()]


def test_the_indexes_hold_more_and_go_back(app_before):
    assert columns() == BEFORE
    upgrade(revision="0034")
    assert columns() == SINCE
    downgrade(revision="0033")
    assert columns() == BEFORE
