"""A month's training plan from the facts of a company, by what is known on the plan's day (RULEBOOK §5, §11)."""

from datetime import date

import pytest

from server.domain.company_facts import OutletRecord, TrainingRecord
from server.domain.company_trainings import trainings_due
from server.domain.months import Month
from server.domain.policy import Policy
from tests.domain.companies import ALWAYS, company, day, outlet, transfers

DECEMBER = Month(2026, 12)  # planned on 28 November


def due(*outlets, **facts):
    return trainings_due(company(*outlets, **facts), DECEMBER, Policy({}))


@pytest.mark.parametrize(("approved_on", "is_due"), [(day(28), True), (day(29), False), (None, False)])
def test_an_outlet_approved_after_the_plans_day_is_not_known_to_it(approved_on, is_due):
    assert bool(due(outlet(letter="A", approved_on=approved_on))) is is_due


@pytest.mark.parametrize(("changed_on", "is_due"), [(day(28), True), (day(29), False)])
def test_the_class_is_that_of_the_plans_day(changed_on, is_due):
    changing = OutletRecord("s1", ((ALWAYS, "B"), (changed_on, "A")), approved_on=day(15, 1), account_made_on=day(10, 1))
    assert bool(due(changing, trainings=(TrainingRecord("t1", "s1", day(10, 9)),))) is is_due


@pytest.mark.parametrize(
    ("training", "is_due"),
    [
        (TrainingRecord("t1", "s1", day(28)), False),
        (TrainingRecord("t1", "s1", day(29)), True),
        (TrainingRecord("t1", "s1", day(10), is_new_customer=True), True),
        (TrainingRecord("t1", "s2", day(10)), True),
    ],
)
def test_trainings_completed_by_the_plans_day_count(training, is_due):
    assert bool(due(outlet(letter="A"), trainings=(training,))) is is_due


def test_customers_alone_are_in_the_plan():
    assert due(outlet("new", account_made_on=None), outlet("gone", churned_on=day(30)), outlet("kept", churned_on=date(2026, 12, 1))) == ("kept",)


def test_volume_is_compared_between_the_last_two_months_that_are_over():
    fell = outlet("fell", transfers=transfers(d0905=300, d1005=200, d1105=900))
    grew = outlet("grew", transfers=transfers(d0905=200, d1005=300, d1105=1))
    level = outlet("level", transfers=transfers(d1205=5))
    assert due(grew, level, fell) == ("fell", "level", "grew")
