"""Deadlines in working days (RULEBOOK §6, §7, §9, §11)."""

from datetime import date

import pytest

from server.domain.deadlines import churn_word_due_on, complaint_due_on, delivery_due_on, is_late
from server.domain.policy import Policy
from server.domain.working_days import WorkingYear

NATIONAL_DAY = frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7))
YEARS = {2026: WorkingYear(2026, False, NATIONAL_DAY, frozenset({date(2026, 10, 10)}))}


@pytest.mark.parametrize(
    ("day", "due_on"),
    [
        (date(2026, 11, 2), date(2026, 11, 5)),
        (date(2026, 11, 5), date(2026, 11, 10)),
        (date(2026, 11, 7), date(2026, 11, 11)),
        (date(2026, 9, 30), date(2026, 10, 10)),
    ],
)
def test_materials_and_complaints_have_three_working_days(day, due_on):
    assert delivery_due_on(day, YEARS, Policy({})) == due_on
    assert complaint_due_on(day, YEARS, Policy({})) == due_on


def test_marketing_has_six_working_days():
    assert churn_word_due_on(date(2026, 11, 2), YEARS, Policy({})) == date(2026, 11, 10)
    assert churn_word_due_on(date(2026, 9, 30), YEARS, Policy({})) == date(2026, 10, 14)


def test_policy_sets_each_deadline_alone():
    policy = Policy({"material.working_days": "1", "complaint.working_days": "2", "churn.marketing_working_days": "0"})
    day = date(2026, 11, 2)
    assert delivery_due_on(day, {}, policy) == date(2026, 11, 3)
    assert complaint_due_on(day, {}, policy) == date(2026, 11, 4)
    assert churn_word_due_on(day, {}, policy) == day


@pytest.mark.parametrize(
    ("done_on", "today", "late"),
    [
        (date(2026, 11, 5), date(2026, 12, 1), False),
        (date(2026, 11, 6), date(2026, 11, 6), True),
        (None, date(2026, 11, 5), False),
        (None, date(2026, 11, 6), True),
    ],
)
def test_the_last_working_day_still_counts(done_on, today, late):
    assert is_late(date(2026, 11, 5), done_on, today) is late
