"""To 0037: agents may have had other names before, and outlets have an index by their agent; both go on the way back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from server.db import db
from server.outlets.models import Agent, AgentNameBefore
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0036")
    return old_app


def kept() -> tuple[bool, dict[str, list[str]]]:
    """Whether there is the table, and the columns of the index by name."""
    found = inspect(db.engine)
    indexes = {index["name"]: index["column_names"] for index in found.get_indexes("outlet") if index["name"] == "ix_outlet_agent"}
    return "agent_name_before" in found.get_table_names(), indexes


def test_names_before_and_the_index_come_and_go_back(app_before):
    db.session.execute(text("INSERT INTO agent (id, name, phone) VALUES ('a1', '蜀都代理商', '1')"))
    db.session.commit()
    assert kept() == (False, {})
    upgrade_database()
    assert kept() == (True, {"ix_outlet_agent": ["agent_id", "removed_at", "code"]})
    assert db.session.scalars(select(AgentNameBefore)).all() == []
    db.session.rollback()
    downgrade(revision="0036")
    assert kept() == (False, {})
    assert db.session.scalars(select(Agent.name)).all() == ["蜀都代理商"]
