"""Complaints 投诉 (RULEBOOK §7, §10, §11)."""

from datetime import date

import pytest

from server.domain.complaints import ComplaintFacts, complaint_findings, counts_against_award

RECEIVED, DUE = date(2026, 11, 2), date(2026, 11, 5)


def complaint(**changes):
    return ComplaintFacts(RECEIVED, DUE, **changes)


@pytest.mark.parametrize(("verdict", "counts"), [(None, True), ("founded", True), ("unfounded", False)])
def test_all_but_unfounded_complaints_stand_against_the_award(verdict, counts):
    assert counts_against_award(complaint(verdict=verdict)) is counts


@pytest.mark.parametrize(
    ("resolved_on", "today", "findings"),
    [
        (date(2026, 11, 5), date(2026, 12, 1), ()),
        (date(2026, 11, 6), date(2026, 12, 1), ("complaint_unhandled",)),
        (None, date(2026, 11, 5), ()),
        (None, date(2026, 11, 6), ("complaint_unhandled",)),
    ],
)
def test_a_complaint_not_resolved_by_its_due_date_is_unhandled(resolved_on, today, findings):
    assert complaint_findings(complaint(resolved_on=resolved_on), today) == findings


def test_a_founded_complaint_about_something_else_proposes_nothing_when_handled():
    assert complaint_findings(complaint(resolved_on=DUE, verdict="founded"), DUE) == ()


@pytest.mark.parametrize(("verdict", "findings"), [("founded", ("complaint_about_rep",)), ("unfounded", ()), (None, ())])
def test_a_complaint_about_the_rep_costs_when_verified_and_is_not_the_reps_to_handle(verdict, findings):
    assert complaint_findings(complaint(is_about_rep=True, verdict=verdict), date(2026, 12, 1)) == findings


def test_a_complaint_that_ops_kept_is_not_left_unhandled_by_the_rep():
    late = ComplaintFacts(date(2026, 11, 18), date(2026, 11, 23), is_offices=True)
    assert complaint_findings(late, date(2026, 11, 24)) == ()
