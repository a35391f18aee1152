"""A flag of the policy within a statement is what the policy itself says."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.policy.models import PolicyValue
from server.policy.queries import flag_in, policy_of
from sync.ids import uuid7
from tests.features.conftest import noon

KEY, OTHER = "training.unsigned_counts", "material.unsigned_counts"
MONTHS = [Month(2026, number) for number in range(2, 7)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], [True] * 5),
        ([("2026-03-01", "false")], [True, False, False, False, False]),
        ([("2026-03-02", "false")], [True, True, False, False, False]),
        ([("2026-03-01", "false"), ("2026-05-01", "true")], [True, False, False, True, True]),
        ([("2026-05-01", "true"), ("2026-03-01", "false")], [True, False, False, True, True]),
        ([("2026-03-01", "false"), ("2026-03-01", "true")], [True] * 5),
        ([("2026-03-01", "true"), ("2026-03-01", "false")], [True, False, False, False, False]),
    ],
)
def test_the_newest_value_of_the_latest_day_is_in_force(app, rows, expected):
    with app.app_context():
        for number, (day, value) in enumerate(rows):
            set_at = noon(date(2026, 1, 1)) + timedelta(minutes=number)
            row = PolicyValue(id=uuid7(), key=KEY, value=value, valid_from=date.fromisoformat(day), reason="试行", set_by_id=None, set_at=set_at)
            db.session.add(row)
        db.session.commit()
        within = [bool(db.session.scalar(select(flag_in(KEY, month)))) for month in MONTHS]
        assert within == expected == [policy_of(month).flag(KEY) for month in MONTHS]
        assert db.session.scalar(select(flag_in(OTHER, MONTHS[-1])))
