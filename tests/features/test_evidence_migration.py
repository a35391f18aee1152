"""From release 0.1's tables to those of flags and chained seals: what was there stays as it was."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import Boolean, Date, DateTime, MetaData, Table, insert, inspect, select
from sqlalchemy.types import JSON, LargeBinary, Numeric

from server.app import create_app
from server.db import db
from server.serving import upgrade_database
from server.visits.flagging import flag_overlooked_visits
from server.visits.models import Visit
from server.visits.seal_check import chain_faults
from tests.databases import sqlite_url
from tests.settings import settings_for

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_app(request, tmp_path):
    """The application over tables of release 0.1."""
    cluster = request.getfixturevalue("cluster") if request.param == "postgresql" else None
    url = cluster.create_database() if cluster else sqlite_url(tmp_path)
    app = create_app(settings_for(tmp_path, url))
    with app.app_context():
        upgrade(revision="0003")
        yield app
        db.session.remove()
        db.engine.dispose()
    if cluster:
        cluster.drop_database(url)


def filling(column: Any) -> Any:
    """Something for a column that must not be empty."""
    kinds = ((Boolean, False), (DateTime, AT.replace(tzinfo=None)), (Date, date(2026, 11, 24)), (JSON, []), (LargeBinary, b"{}"), (Numeric, 0))
    return next((value for kind, value in kinds if isinstance(column.type, kind)), 0 if "INT" in str(column.type).upper() else "x")


def put(name: str, **values: Any) -> None:
    """A row of a table as it was then."""
    table = Table(name, MetaData(), autoload_with=db.engine)
    given = {column.name: filling(column) for column in table.columns if not column.nullable and column.server_default is None} | values
    with db.engine.begin() as connection:
        connection.execute(insert(table).values(given))


def add_visits() -> None:
    put("region", id="r1")
    put("person", id="p1", login="rep1")
    put("outlet", id="o1", region_id="r1", code="A-1")
    put("sync_client", client_id="c1", person_id="p1", device_id="phone-1")
    for number, seal in ((1, "e" * 64), (2, None)):
        put("sync_op", op_id=f"op{number}", client_id="c1", n=number)
        put("visit", id=f"v{number}", op_id=f"op{number}", outlet_id="o1", rep_id="p1", form="visit.v1", seal=seal)


def test_old_seals_stand_and_unsealed_visits_join_the_chain_of_their_phone(old_app):
    add_visits()
    upgrade_database()
    upgrade_database()
    query = select(Visit.id, Visit.seal, Visit.seal_version, Visit.seal_n, Visit.device_id).order_by(Visit.id)
    assert [tuple(row) for row in db.session.execute(query)] == [("v1", "e" * 64, None, None, None), ("v2", None, None, None, "phone-1")]
    assert list(chain_faults(["v1", "v2"])) == []


def test_the_next_night_scores_what_was_sealed_before(old_app):
    add_visits()
    upgrade_database()
    db.session.remove()
    assert flag_overlooked_visits(AT) == 1
    assert [tuple(row) for row in db.session.execute(select(Visit.id, Visit.score).order_by(Visit.id))] == [("v1", 100), ("v2", None)]


def test_the_tables_are_those_of_the_models(old_app):
    upgrade_database()
    db.session.remove()
    names = ("photo_hash", "visit", "visit_flag", "evidence_due", "seal_chain")
    there = {name: {column["name"]: column["nullable"] for column in inspect(db.engine).get_columns(name)} for name in names}
    assert there == {name: {column.name: column.nullable for column in db.metadata.tables[name].columns} for name in names}
