"""Two reps with a phone each, the office that works beside them, and how many rows that made."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import func, select

from server.db import db
from server.outlets.actions import assign_outlets
from tests.sync.net import NOON, Rep, rep_of


@pytest.fixture
def rep(app, company) -> Rep:
    return rep_of(app, "rep1")


@pytest.fixture
def other_rep(app, company) -> Rep:
    return rep_of(app, "rep2")


def count(app, table) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


@contextmanager
def office(app, at=NOON):
    with app.test_request_context(environ_overrides={"xundian.now": at}):
        yield
        db.session.remove()


def hand_over(app, outlet_id, person_id, by_id, at=NOON):
    with office(app, at):
        assign_outlets([outlet_id], person_id, date(2026, 11, 24), by_id, at)
