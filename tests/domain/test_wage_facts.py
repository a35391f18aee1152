"""What a month is paid by (RULEBOOK §10, §11): a planned outlet, and nothing said."""

import pytest

from server.domain.months import Month
from server.domain.wage_facts import ActiveDays, PlannedOutlet, Volume, WageFacts


@pytest.mark.parametrize(
    ("planned", "counted", "is_excused", "is_done"),
    [(2, 1, False, False), (2, 2, False, True), (2, 3, False, True), (2, 0, True, True), (1, 0, False, False)],
)
def test_an_outlet_is_done_when_visited_as_often_as_planned_or_excused(planned, counted, is_excused, is_done):
    assert PlannedOutlet("s1", planned, counted, (), is_excused).is_done is is_done


def test_where_nothing_is_said_there_is_nothing():
    facts = WageFacts("li", Month(2026, 11), ActiveDays(True))
    assert (facts.active.working, facts.active.of_working, facts.has_outlets) == (0, 0, False)
    assert facts.volume == Volume()
    assert (str(Volume().this_yuan), str(Volume().last_yuan), Volume().is_estimate) == ("0.00", "0.00", False)
