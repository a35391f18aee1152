"""To 0029: closed months keep the answers they were closed by, and a complaint's last step says to whom it went."""

from datetime import UTC, datetime

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from server.clock import today
from server.db import db
from server.domain.months import Month
from server.policy.queries import policy_of
from server.serving import upgrade_database
from tests.features.test_evidence_migration import old_app, put  # noqa: F401

KEYS = ("visit.owed_in_account_month", "training.early_counts", "complaint.office_kept_charged")
BEFORE, SINCE = ["true", "false", "true"], ["false", "true", "false"]


def answers(month):
    return [policy_of(month).text(key) for key in KEYS]


@pytest.fixture
def app_before(old_app):
    upgrade(revision="0028")
    return old_app


def closed(*months):
    put("person", id="p1", login="a")
    for month in months:
        put("wage_month", month=month, closed_by_id="p1")


def test_closed_months_keep_their_answers_and_the_first_open_one_begins_with_the_new(app_before):
    closed("2026-11", "2026-12")
    upgrade_database()
    assert [answers(Month(2020, 1)), answers(Month(2026, 12))] == [BEFORE, BEFORE]
    assert [answers(Month(2027, 1)), answers(Month(2027, 9))] == [SINCE, SINCE]


def test_a_company_without_closed_months_has_the_new_answers(app_before):
    upgrade_database()
    assert [answers(Month(2020, 1)), answers(Month(2027, 1))] == [SINCE, SINCE]


@pytest.mark.parametrize(("roles", "is_of_office"), [(["rep"], False), (["supervisor"], False), (["manager"], False), (["ops"], True), ([], True)])
def test_the_last_step_says_to_whom_the_complaint_went_and_whether_they_are_of_the_office(app_before, roles, is_of_office):
    put("region", id="r1")
    put("person", id="p1", login="a")
    for role in roles:
        put("person_role", person_id="p1", role=role)
    put("outlet", id="o1", region_id="r1", code="A-1")
    put("complaint", id="c1", outlet_id="o1", received_by_id="p1", assigned_to_id="p1")
    for number, action in ((1, "assigned"), (2, "assigned"), (3, "founded")):
        put("complaint_step", id=f"s{number}", complaint_id="c1", action=action, at=datetime(2026, 11, number, tzinfo=UTC).replace(tzinfo=None))
    upgrade_database()
    step = db.metadata.tables["complaint_step"]
    rows = db.session.execute(select(step.c.id, step.c.to_id, step.c.to_office).order_by(step.c.id)).all()
    assert [tuple(row) for row in rows] == [("s1", None, None), ("s2", "p1", is_of_office), ("s3", None, None)]


def test_phones_are_sent_the_plans_of_trainings_of_this_month_and_later_anew(app_before):
    running = Month.of_date(today())
    put("region", id="r1")
    put("outlet", id="o1", region_id="r1", code="A-1")
    feed, commit = db.metadata.tables["sync_feed"], db.metadata.tables["sync_commit"]
    for month in (running.previous(), running, running.next()):
        put("planned_training", outlet_id="o1", month=str(month))
        put("sync_feed", entity_type="planned_training", entity_id=f"o1:{month}", scope_id="outlet:o1", seq=0, deleted=False)
    put("sync_feed", entity_type="outlet", entity_id="o1", scope_id="outlet:o1", seq=0, deleted=False)
    put("sync_clock", id=1, seq=7)
    put("sync_meta", id=1)
    upgrade_database()
    sent = select(feed.c.entity_id).where(feed.c.seq == 8).order_by(feed.c.entity_id)
    assert list(db.session.scalars(sent)) == [f"o1:{running}", f"o1:{running.next()}"]
    assert list(db.session.scalars(select(commit.c.seq).where(commit.c.seq == 8))) == [8]


def test_it_goes_back(app_before):
    closed("2026-11")
    upgrade_database()
    downgrade(revision="0028")
    db.session.remove()
    upgrade_database()
    assert answers(Month(2026, 11)) == BEFORE
