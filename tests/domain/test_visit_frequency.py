"""Visits owed and counted (RULEBOOK §4, §11); most cases are the shared vectors visits_owed, counted_dates and month_state."""

from datetime import date

import pytest

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.visit_frequency import counted_dates, month_state, visits_owed

NOVEMBER = Month(2026, 11)


@pytest.mark.parametrize(("letter", "owed"), [("A", 2), ("B", 1), ("C", 1)])
def test_the_class_sets_the_number(letter, owed):
    assert visits_owed(letter, date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 1), NOVEMBER, Policy({})) == owed


@pytest.mark.parametrize(
    ("approved_on", "account_made_on", "churned_on"),
    [
        (date(2026, 11, 1), date(2026, 1, 1), None),
        (date(2026, 1, 1), date(2026, 11, 2), None),
        (date(2026, 1, 1), date(2026, 12, 1), None),
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 10, 31)),
        (None, date(2026, 1, 1), None),
        (date(2026, 1, 1), None, None),
    ],
)
def test_whoever_is_no_approved_customer_for_the_whole_month_owes_nothing(approved_on, account_made_on, churned_on):
    assert visits_owed("A", approved_on, account_made_on, churned_on, NOVEMBER, Policy({})) == 0


@pytest.mark.parametrize(("account_made_on", "owed"), [(date(2026, 11, 2), 2), (date(2026, 11, 30), 2), (date(2026, 12, 1), 0)])
def test_policy_may_ask_for_the_visits_of_the_month_the_account_is_made_in(account_made_on, owed):
    policy = Policy({"visit.owed_in_account_month": "true"})
    assert visits_owed("A", date(2026, 1, 1), account_made_on, None, NOVEMBER, policy) == owed


@pytest.mark.parametrize(
    ("gap_days", "days", "counted"),
    [
        (0, [3, 3, 4], [3, 4]),
        (1, [3, 4], [3, 4]),
        (2, [4, 3], [3]),
        (2, [5, 4, 3], [3, 5]),
        (10, [3, 12, 13, 22], [3, 13]),
    ],
)
def test_dates_count_when_they_are_the_gap_or_more_apart(gap_days, days, counted):
    dates = counted_dates([date(2026, 11, day) for day in days], Policy({"visit.min_gap_days": str(gap_days)}))
    assert dates == tuple(date(2026, 11, day) for day in counted)


@pytest.mark.parametrize(
    ("owed", "counted", "waiting", "today", "state"),
    [
        (0, 0, 0, date(2026, 12, 1), "none"),
        (1, 1, 0, date(2026, 12, 1), "done"),
        (2, 1, 1, date(2026, 12, 1), "waiting"),
        (2, 0, 1, date(2026, 12, 1), "overdue"),
        (2, 0, 1, date(2026, 11, 30), "due"),
    ],
)
def test_a_month_stands_by_what_counts_and_what_waits(owed, counted, waiting, today, state):
    assert month_state(owed, counted, waiting, today, NOVEMBER) == state
