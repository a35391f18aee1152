"""The fields of an outlet file, and what a review of the file shows of them."""

from server.db import db
from server.outlets.fields import FIELDS
from server.outlets.models import Outlet
from server.outlets.snapshots import ELSEWHERE, ORDER, snapshot_of
from tests.sync.conftest import Company, company  # noqa: F401


def test_every_field_stands_in_the_review_or_elsewhere_and_a_snapshot_holds_the_review(app, company: Company):
    assert [name for name in FIELDS if (name in ORDER) == (name in ELSEWHERE)] == []
    assert set(ELSEWHERE) <= set(FIELDS) and len(set(ORDER)) == len(ORDER)
    with app.app_context():
        assert sorted(snapshot_of(db.session.get_one(Outlet, company.outlet_id))) == sorted(ORDER)
