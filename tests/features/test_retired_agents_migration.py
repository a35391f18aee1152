"""To 0035: agents may be retired; those that were there are in use."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from server.db import db
from server.outlets.models import Agent
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app  # noqa: F401


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0034")
    return old_app


def test_the_agents_that_were_there_are_in_use(app_before):
    db.session.execute(text("INSERT INTO agent (id, name, phone) VALUES ('a1', '蜀都代理商', '1')"))
    db.session.commit()
    upgrade_database()
    assert [(one.name, one.phone, one.retired_at) for one in db.session.scalars(select(Agent))] == [("蜀都代理商", "1", None)]
    db.session.rollback()
    downgrade(revision="0034")
    assert [column["name"] for column in inspect(db.engine).get_columns("agent")] == ["id", "name", "phone"]
