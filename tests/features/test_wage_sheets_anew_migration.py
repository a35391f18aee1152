"""To 0032 and 0040: phones are sent the wage sheets anew."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from server.db import db
from tests.features.test_evidence_migration import old_app, put  # noqa: F401


@pytest.fixture(params=[("0031", "0032"), ("0039", "0040")])
def revisions(request) -> tuple[str, str]:
    """Before, and of the migration."""
    return request.param


@pytest.fixture
def app_before(old_app, revisions):
    upgrade(revision=revisions[0])
    put("sync_clock", id=1, seq=7)
    put("sync_meta", id=1)
    return old_app


def feed(entity_type, entity_id, seq, deleted=False):
    put("sync_feed", entity_type=entity_type, entity_id=entity_id, scope_id="user:p1", seq=seq, deleted=deleted)


def stamped():
    rows = db.metadata.tables["sync_feed"]
    return {(kind, entity_id): seq for kind, entity_id, seq in db.session.execute(select(rows.c.entity_type, rows.c.entity_id, rows.c.seq))}


def numbers():
    clock, commit = db.metadata.tables["sync_clock"], db.metadata.tables["sync_commit"]
    return db.session.scalar(select(clock.c.seq)), db.session.scalar(select(func.count()).select_from(commit).where(commit.c.seq == 8))


def test_every_sheet_is_sent_anew_under_one_number_and_nothing_else(app_before, revisions):
    feed("wage_sheet", "p1:2026-09", 3)
    feed("wage_sheet", "p1:2026-10", 4)
    feed("wage_sheet", "p1:2026-08", 2, deleted=True)
    feed("visit", "v1", 5)
    upgrade(revision=revisions[1])
    assert stamped() == {("wage_sheet", "p1:2026-09"): 8, ("wage_sheet", "p1:2026-10"): 8, ("wage_sheet", "p1:2026-08"): 2, ("visit", "v1"): 5}
    assert numbers() == (8, 1)


def test_where_there_are_no_sheets_no_number_is_spent(app_before, revisions):
    feed("visit", "v1", 5)
    upgrade(revision=revisions[1])
    assert (stamped(), numbers()) == ({("visit", "v1"): 5}, (7, 0))


def test_it_goes_back_and_comes_again(app_before, revisions):
    feed("wage_sheet", "p1:2026-09", 3)
    upgrade(revision=revisions[1])
    downgrade(revision=revisions[0])
    db.session.remove()
    upgrade(revision=revisions[1])
    assert stamped() == {("wage_sheet", "p1:2026-09"): 9}
