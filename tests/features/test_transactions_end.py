"""What becomes of a transaction whose COMMIT fails: it is gone, and the next one finds a clean connection."""

import pytest
from sqlalchemy import event, select

from server.clock import now
from server.db import db
from server.people.actions import add_region
from server.people.models import Region


class Broken(Exception):
    """The disk was full, or the process was told to end, in the very moment of the COMMIT."""


@pytest.fixture
def breaking_commit(app):
    """The next COMMIT breaks before the database hears of it."""
    with app.app_context():
        engine = db.engine

    def strike(_connection):
        event.remove(engine, "commit", strike)
        raise Broken

    event.listen(engine, "commit", strike)


def test_a_commit_that_fails_leaves_no_transaction_behind(app, breaking_commit):
    with app.app_context():
        add_region("成都", now())
        with pytest.raises(Broken):
            db.session.commit()
        db.session.remove()  # what the end of a request does
    for _ in range(2):
        with app.app_context():
            assert db.session.scalars(select(Region.name)).all() == []
            db.session.rollback()
    with app.app_context():
        add_region("绵阳", now())
        db.session.commit()
    with app.app_context():
        assert db.session.scalars(select(Region.name)).all() == ["绵阳"]
