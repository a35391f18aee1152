"""What a month is paid by (RULEBOOK §10, §11): a planned outlet, and nothing said."""

import pytest

from server.domain.months import Month
from server.domain.wage_facts import ActiveDays, PlannedOutlet, UpheldFinding, Volume, WageFacts, once_per_outlet


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


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("missed_visit", ("f1", "f3")),
        ("late_materials", ("f1", "f3")),
        ("inaccurate_file", ("f1", "f3")),
        ("inadequate_training", ("f1", "f2", "f3")),
        ("complaint_about_rep", ("f1", "f2", "f3")),
    ],
)
def test_what_costs_once_per_outlet_is_kept_once(kind, kept):
    findings = [UpheldFinding("f1", kind, "s1"), UpheldFinding("f2", kind, "s1"), UpheldFinding("f3", kind, "s2")]
    assert tuple(one.finding_id for one in once_per_outlet(findings)) == kept


def test_findings_of_other_kinds_or_at_no_outlet_cost_each():
    others = (UpheldFinding("f1", "missed_visit", "s1"), UpheldFinding("f2", "late_materials", "s1"))
    without = (UpheldFinding("f3", "missed_visit"), UpheldFinding("f4", "missed_visit"))
    assert once_per_outlet((*others, *without)) == (*others, *without)
