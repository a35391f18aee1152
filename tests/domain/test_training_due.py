"""Trainings due 客户培训 (RULEBOOK §5, §11)."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.training_due import TrainingCandidate, is_training_due, plan_day, training_period, training_plan

NOVEMBER = Month(2026, 11)
POLICY = Policy({})


def outlet(outlet_class="A", approved_on=date(2026, 1, 15), account_made_on=date(2026, 1, 10), outlet_id="s1", **changes):
    return TrainingCandidate(outlet_id, outlet_class, approved_on, account_made_on, **changes)


@pytest.mark.parametrize(
    ("outlet_class", "month", "first", "last"),
    [
        ("A", "2026-01", "2026-01", "2026-03"),
        ("A", "2026-03", "2026-01", "2026-03"),
        ("A", "2026-04", "2026-04", "2026-06"),
        ("A", "2026-12", "2026-10", "2026-12"),
        ("B", "2026-06", "2026-01", "2026-06"),
        ("B", "2026-07", "2026-07", "2026-12"),
        ("C", "2026-01", "2026-01", "2026-12"),
        ("C", "2026-12", "2026-01", "2026-12"),
    ],
)
def test_periods_are_calendar_quarters_half_years_and_years(outlet_class, month, first, last):
    assert tuple(map(str, training_period(outlet_class, Month.parse(month), POLICY))) == (first, last)


def test_a_period_of_five_months_ends_with_the_year():
    policy = Policy({"training.months_b": "5"})
    assert tuple(map(str, training_period("B", Month(2026, 12), policy))) == ("2026-11", "2026-12")
    assert tuple(map(str, training_period("B", Month(2026, 10), policy))) == ("2026-06", "2026-10")


@pytest.mark.parametrize(
    ("outlet_class", "trained_on", "is_due"),
    [
        ("A", date(2026, 9, 30), True),
        ("A", date(2026, 10, 1), False),
        ("A", date(2026, 12, 31), False),
        ("A", date(2027, 1, 1), True),
        ("B", date(2026, 6, 30), True),
        ("B", date(2026, 7, 1), False),
        ("C", date(2025, 12, 31), True),
        ("C", date(2026, 1, 1), False),
    ],
)
def test_an_outlet_is_due_until_it_was_trained_in_the_period(outlet_class, trained_on, is_due):
    assert is_training_due(outlet(outlet_class, trained_on=(trained_on,)), NOVEMBER, POLICY) is is_due


@pytest.mark.parametrize(
    ("outlet_class", "approved_on", "month", "is_due"),
    [
        ("A", date(2026, 11, 30), "2026-11", True),
        ("A", date(2026, 11, 30), "2026-12", True),
        ("A", date(2026, 12, 1), "2026-12", False),
        ("A", date(2026, 12, 1), "2027-01", True),
        ("C", date(2026, 12, 31), "2027-01", True),
        ("C", date(2026, 6, 30), "2026-06", True),
        ("C", date(2026, 7, 1), "2026-06", False),
        ("C", None, "2026-06", False),
    ],
)
def test_an_outlet_approved_in_a_periods_last_month_owes_from_the_next(outlet_class, approved_on, month, is_due):
    assert is_training_due(outlet(outlet_class, approved_on), Month.parse(month), POLICY) is is_due


@pytest.mark.parametrize(("account_made_on", "is_due"), [(date(2026, 11, 30), True), (date(2026, 12, 1), False), (None, False)])
def test_only_customers_with_an_account_owe(account_made_on, is_due):
    assert is_training_due(outlet(account_made_on=account_made_on), NOVEMBER, POLICY) is is_due


@pytest.mark.parametrize(("churned_on", "is_due"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True), (date(2027, 1, 1), True)])
def test_none_is_owed_from_the_month_after_churn(churned_on, is_due):
    assert is_training_due(outlet(churned_on=churned_on), NOVEMBER, POLICY) is is_due


def test_the_plan_puts_the_most_falling_volume_first_and_then_goes_by_id():
    falls = {"d": "5", "c": "-10", "b": "-100.5", "a": "-10", "e": "0"}
    outlets = [outlet(outlet_id=name, volume_change_yuan=Decimal(change)) for name, change in falls.items()]
    done = outlet(outlet_id="done", trained_on=(date(2026, 10, 1),))
    assert training_plan([*outlets, done], NOVEMBER, POLICY) == ("b", "a", "c", "e", "d")


def test_the_plan_of_a_month_is_made_on_the_28th_of_the_month_before():
    assert plan_day(NOVEMBER, POLICY) == date(2026, 10, 28)
    assert plan_day(Month(2027, 1), Policy({"training.plan_day": "1"})) == date(2026, 12, 1)


def test_an_outlet_whose_volume_is_not_known_stands_as_unchanged():
    known = [outlet(outlet_id="a", volume_change_yuan=Decimal("0.50")), outlet(outlet_id="b", volume_change_yuan=Decimal("-0.50"))]
    assert training_plan([*known, outlet(outlet_id="c")], NOVEMBER, POLICY) == ("b", "c", "a")
