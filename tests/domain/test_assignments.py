"""Who is responsible for an outlet on a day (RULEBOOK §11)."""

from datetime import date

import pytest

from server.domain.assignments import AssignmentPeriod, after_losses, responsible_on
from server.domain.months import Month

LI = AssignmentPeriod("s1", "li", date(2026, 11, 2), date(2026, 11, 9))
WANG = AssignmentPeriod("s1", "wang", date(2026, 11, 10))
OTHER = AssignmentPeriod("s2", "sun", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("day", "rep"),
    [
        (date(2026, 11, 1), None),
        (date(2026, 11, 2), "li"),
        (date(2026, 11, 9), "li"),
        (date(2026, 11, 10), "wang"),
        (date(2030, 1, 1), "wang"),
    ],
)
def test_a_period_holds_from_its_first_to_its_last_day(day, rep):
    assert responsible_on("s1", day, [OTHER, LI, WANG]) == rep


def test_an_outlet_without_periods_is_nobodys():
    assert responsible_on("s3", date(2026, 11, 2), [OTHER, LI, WANG]) is None


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "meets"),
    [
        (date(2026, 11, 30), None, True),
        (date(2026, 12, 1), None, False),
        (date(2026, 1, 1), date(2026, 11, 1), True),
        (date(2026, 1, 1), date(2026, 10, 31), False),
        (date(2026, 11, 10), date(2026, 11, 10), True),
    ],
)
def test_a_period_meets_a_month_by_a_single_day(starts_on, ends_on, meets):
    assert AssignmentPeriod("s1", "li", starts_on, ends_on).meets(Month(2026, 11)) is meets


def test_a_loss_ends_the_period_under_way_the_day_before():
    assert after_losses([LI, OTHER], [("s1", date(2026, 11, 5))]) == (AssignmentPeriod("s1", "li", date(2026, 11, 2), date(2026, 11, 4)), OTHER)


def test_a_loss_on_the_first_day_leaves_nothing_of_the_period():
    assert after_losses([LI, WANG], [("s1", date(2026, 11, 2))]) == (WANG,)


def test_a_loss_on_the_last_day_takes_that_day():
    assert after_losses([LI], [("s1", date(2026, 11, 9))])[0].ends_on == date(2026, 11, 8)


def test_a_loss_outside_a_period_leaves_it_and_later_assignments_stand():
    assert after_losses([LI, WANG], [("s1", date(2026, 11, 1))]) == (LI, WANG)
    assert after_losses([LI, WANG], [("s1", date(2026, 11, 8))])[1] == WANG


def test_of_two_losses_the_earlier_holds_in_any_order():
    losses = [("s1", date(2026, 11, 7)), ("s1", date(2026, 11, 4))]
    assert [period.ends_on for period in after_losses([LI], losses)] == [date(2026, 11, 3)]
    assert [period.ends_on for period in after_losses([LI], losses[::-1])] == [date(2026, 11, 3)]
