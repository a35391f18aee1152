"""Objections to findings: the last day, once per step."""

from datetime import date

import pytest

from server.domain.objections import ObjectionFault, objection_fault, objection_until
from server.domain.policy import Policy, policy_on

UNTIL = date(2026, 11, 9)


def policy(*changes: tuple[str, str]) -> Policy:
    return policy_on(date(2026, 11, 1), [(key, date(2026, 1, 1), value) for key, value in changes])


def test_a_step_may_be_objected_to_for_seven_days_after_it():
    assert objection_until(date(2026, 11, 2), policy()) == UNTIL


def test_the_days_are_of_the_policy():
    assert objection_until(date(2026, 11, 2), policy(("finding.objection_days", "3"))) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("until", "has_objected", "said_on", "fault"),
    [
        (UNTIL, False, date(2026, 11, 2), None),
        (UNTIL, False, UNTIL, None),
        (UNTIL, False, date(2026, 11, 10), ObjectionFault.LATE),
        (UNTIL, True, UNTIL, ObjectionFault.KNOWN),
        (UNTIL, True, date(2026, 11, 10), ObjectionFault.KNOWN),
        (None, False, date(2026, 11, 2), ObjectionFault.SETTLED),
    ],
)
def test_an_objection_is_taken_until_its_last_day_and_once(until, has_objected, said_on, fault):
    assert objection_fault(until, has_objected, said_on) == fault
