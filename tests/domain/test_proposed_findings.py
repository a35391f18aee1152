"""Findings that the facts propose 考核事项 (RULEBOOK §10, §11): kind, month, rep, and a key that is proposed once."""

from dataclasses import replace
from datetime import date

import pytest

from server.domain.assignments import AssignmentPeriod
from server.domain.churn import Source, Word
from server.domain.company_facts import CallBackRecord, ChurnRecord, ComplaintRecord, MaterialRecord, PlannedVisits
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.proposed_findings import (
    OutletCount,
    ProposedFinding,
    outlet_count,
    periods_in_force,
    proposed_findings,
    with_known_churn,
)
from tests.domain.companies import AFTER, ALWAYS, GOOD_VISIT, NOVEMBER, company, day, outlet, policy_of, transfers, upheld, visit

BAD_VISIT = replace(GOOD_VISIT, has_signature=False)
HANDED_OVER = (AssignmentPeriod("s1", "li", ALWAYS, day(9)), AssignmentPeriod("s1", "wang", day(10)))


def proposed(facts, today=AFTER, by=policy_of):
    return proposed_findings(facts, today, by)


def keys(facts, today=AFTER):
    return list(proposed(facts, today))


def test_a_missed_visit_is_proposed_for_the_month_the_outlet_and_the_rep():
    assert proposed(company(outlet())) == {
        "missed_visit:s1:2026-11": ProposedFinding("missed_visit:s1:2026-11", "missed_visit", NOVEMBER, "li", "s1")
    }


@pytest.mark.parametrize(("today", "count"), [(day(30), 0), (AFTER, 1), (date(2026, 12, 31), 1), (date(2027, 1, 1), 2)])
def test_a_month_is_missed_when_it_is_over(today, count):
    assert len(keys(company(outlet()), today)) == count


def test_months_are_looked_at_from_the_first_approval_on():
    early = outlet("s2", approved_on=date(2026, 8, 31), account_made_on=date(2026, 8, 1))
    later = outlet("s4", account_made_on=date(2027, 1, 1))
    assert keys(company(later, early, outlet("s3", approved_on=None))) == [f"missed_visit:s2:2026-{month}" for month in ("09", "10", "11")]
    assert keys(company(outlet(approved_on=None))) == []


def test_visits_that_count_on_different_dates_are_the_months_own():
    facts = company(outlet(letter="A"), visits=(visit(day(3)), visit(day(3), name="again"), visit(day(20), facts=BAD_VISIT), visit(day(31, 10))))
    assert outlet_count(facts, facts.outlets[0], NOVEMBER, Policy({})) == OutletCount(2, 2, ("v1103",))
    assert outlet_count(facts, facts.outlets[0], Month(2026, 10), Policy({})) == OutletCount(0, 0, ("v1031",))


def test_visits_elsewhere_do_not_count_and_the_gap_does():
    facts = company(outlet(letter="A"), outlet("s2"), visits=(visit(day(3)), visit(day(12)), visit(day(20), "s2")))
    gap = Policy({"visit.min_gap_days": "10"})
    assert outlet_count(facts, facts.outlets[0], NOVEMBER, gap).visit_ids == ("v1103",)
    assert outlet_count(facts, facts.outlets[1], NOVEMBER, gap).visit_ids == ("v1120",)


@pytest.mark.parametrize(("visits", "planned"), [(0, 2), (1, 2), (2, 2), (3, 3)])
def test_a_plan_holds_at_least_the_visits_owed(visits, planned):
    facts = company(outlet(letter="A"), planned_visits=(PlannedVisits("s1", "2026-11", visits), PlannedVisits("s1", "2026-12", 9)))
    assert outlet_count(facts, facts.outlets[0], NOVEMBER, Policy({})).planned == planned


def test_a_planned_visit_to_a_prospect_is_missed_too():
    facts = company(outlet(approved_on=None), outlet("s2", approved_on=None), planned_visits=(PlannedVisits("s1", "2026-11", 1),))
    assert keys(facts) == ["missed_visit:s1:2026-11"]


def test_an_outlet_in_the_pool_is_missed_by_nobody():
    assert keys(company(outlet(), holders=())) == []


def calls(*records, holders=None, **changes):
    return company(outlet(approved_on=None, transfers=transfers(d1103=100), **changes), holders=holders, callbacks=records)


def test_a_call_back_proposes_in_the_month_of_the_call_by_the_rep_of_the_day():
    facts = calls(CallBackRecord("c1", "s1", "profile", "inaccurate", day(10)), holders=HANDED_OVER)
    assert proposed(facts) == {"inaccurate_file:s1": ProposedFinding("inaccurate_file:s1", "inaccurate_file", NOVEMBER, "wang", "s1")}


def test_an_inaccurate_file_is_proposed_once_by_the_earliest_call():
    later, earlier = (CallBackRecord("c1", "s1", "profile", "inaccurate", day(1, 12)), CallBackRecord("c2", "s1", "profile", "inaccurate", day(30)))
    assert [one.month for one in proposed(calls(later, earlier)).values()] == [NOVEMBER]


def test_each_inadequate_training_is_its_own_and_asked_on_the_day_of_the_question():
    asked = CallBackRecord("c1", "s1", "training", "inadequate", day(12), asked_on=day(10))
    late = CallBackRecord("c2", "s1", "training", "inadequate", day(12), asked_on=day(11))
    same = CallBackRecord("c3", "s1", "training", "inadequate", day(10))
    assert keys(calls(asked, late, same)) == ["inadequate_training:c3", "inadequate_training:c1"]


def test_not_visited_is_about_a_month_and_charged_by_its_last_day():
    of_october = CallBackRecord("c1", "s1", "inspection", "not_visited", day(12), "2026-10")
    of_november = CallBackRecord("c2", "s1", "inspection", "not_visited", day(2))
    found = proposed(calls(of_october, of_november, holders=HANDED_OVER))
    assert [(key, one.month, one.person_id) for key, one in found.items()] == [
        ("missed_visit:s1:2026-11", NOVEMBER, "wang"),
        ("missed_visit:s1:2026-10", Month(2026, 10), "li"),
    ]


def test_a_miss_that_the_records_and_a_call_show_is_one():
    facts = company(outlet(), callbacks=(CallBackRecord("c1", "s1", "inspection", "not_visited", day(12)),))
    assert keys(facts) == ["missed_visit:s1:2026-11"]


def test_good_calls_and_calls_to_the_pool_propose_nothing():
    assert keys(calls(CallBackRecord("c1", "s1", "profile", "good", day(10)))) == []
    assert keys(calls(CallBackRecord("c1", "s1", "profile", "inaccurate", day(10)), holders=())) == []


def complaint(received_on, name="k1", **changes):
    return ComplaintRecord(name, "s1", received_on, **changes)


def complaints(*records, holders=None):
    return company(outlet(approved_on=None), holders=holders, complaints=records)


def test_an_unhandled_complaint_belongs_to_its_deadlines_month_and_the_rep_who_had_the_outlet():
    found = proposed(complaints(complaint(day(30)), holders=(AssignmentPeriod("s1", "li", ALWAYS, day(30)),)), date(2026, 12, 4))
    assert found == {"complaint_unhandled:k1": ProposedFinding("complaint_unhandled:k1", "complaint_unhandled", Month(2026, 12), "li", "s1")}


def test_a_complaint_within_its_time_about_the_pool_or_unverified_proposes_nothing():
    assert keys(complaints(complaint(day(30))), date(2026, 12, 3)) == []
    assert keys(complaints(complaint(day(3)), holders=())) == []
    assert keys(complaints(complaint(day(3), is_about_rep=True))) == []
    assert keys(complaints(complaint(day(3), is_about_rep=True, verdict="founded"))) == ["complaint_about_rep:k1"]


def materials(*rows, **facts):
    return company(outlet(approved_on=None), materials=tuple(MaterialRecord(f"m{place}", "s1", *row) for place, row in enumerate(rows)), **facts)


def test_late_materials_are_proposed_once_per_outlet_and_month_of_the_deadline():
    found = proposed(materials((day(30, 10), day(20)), (day(9), day(20)), (day(30),)), date(2026, 12, 31))
    assert [(key, one.month) for key, one in found.items()] == [
        ("late_materials:s1:2026-11", NOVEMBER),
        ("late_materials:s1:2026-12", Month(2026, 12)),
    ]


def test_an_outlet_lost_by_late_materials_has_no_rep_from_the_decision_on():
    facts = materials((day(2), day(20)), (day(30),), decisions=(upheld("late_materials:s1:2026-11", day(20)),))
    assert keys(facts, date(2026, 12, 31)) == ["late_materials:s1:2026-11"]
    assert periods_in_force(facts, date(2026, 12, 31), policy_of) == (AssignmentPeriod("s1", "li", ALWAYS, day(19)),)


@pytest.mark.parametrize(("decided_on", "left"), [(day(19), (ALWAYS, day(18))), (day(20), (ALWAYS, day(19)))])
def test_only_the_rep_who_is_charged_loses_the_outlet(decided_on, left):
    """Handed over on the 20th: a decision of the day before takes it from the first rep, one of that day from nobody."""
    handed_over = (AssignmentPeriod("s1", "li", ALWAYS, day(19)), AssignmentPeriod("s1", "wang", day(20)))
    facts = materials((day(2), day(30)), decisions=(upheld("late_materials:s1:2026-11", decided_on),))
    left_over = periods_in_force(replace(facts, periods=handed_over), date(2026, 12, 31), policy_of)
    assert left_over == (AssignmentPeriod("s1", "li", *left), handed_over[1])


def test_deadlines_come_one_after_another_however_the_requests_are_listed():
    facts = materials((day(30),), (day(2), day(20)), decisions=(upheld("late_materials:s1:2026-11", day(20)),))
    assert keys(facts, date(2026, 12, 31)) == ["late_materials:s1:2026-11"]


def test_a_decision_after_the_next_deadline_leaves_both():
    facts = materials((day(2), day(20)), (day(30),), decisions=(upheld("late_materials:s1:2026-11", date(2026, 12, 4)),))
    assert keys(facts, date(2026, 12, 31)) == ["late_materials:s1:2026-11", "late_materials:s1:2026-12"]


def test_a_new_customer_struck_out_has_no_rep_from_that_day_on():
    struck = CallBackRecord("c1", "s1", "new_customer", "wrong_phone", day(5))
    kept = CallBackRecord("c2", "s1", "new_customer", "good", day(3))
    profile = CallBackRecord("c3", "s1", "profile", "unreached", day(2))
    facts = materials((day(2), day(20)), callbacks=(struck, kept, profile))
    assert keys(facts) == []
    assert periods_in_force(facts, AFTER, policy_of) == (AssignmentPeriod("s1", "li", ALWAYS, day(4)),)


def churn(*words, name="x1", **changes):
    return ChurnRecord(name, "s1", day(26), words=tuple(Word(Source.OPS, on, True) for on in words), **changes)


def churned(*cases, **changes):
    return company(outlet(approved_on=None, **changes), churn=cases)


def test_churn_belongs_to_the_month_of_its_decision_and_the_rep_of_the_listing():
    facts = replace(churned(churn(day(1, 12))), periods=(AssignmentPeriod("s1", "li", ALWAYS, day(26)), AssignmentPeriod("s1", "wang", day(27))))
    assert proposed(facts, date(2026, 12, 31)) == {"churned:x1": ProposedFinding("churned:x1", "churned", Month(2026, 12), "li", "s1")}


def test_a_dated_decision_goes_before_the_words():
    assert [one.month for one in proposed(churned(churn(day(1, 12), decided_on=day(30)))).values()] == [NOVEMBER]


def test_churn_for_a_normal_reason_or_undecided_is_not_proposed():
    assert keys(churned(churn(day(30), reason="moved"))) == []
    assert keys(churned(churn())) == []
    assert keys(replace(churned(churn(day(30))), periods=())) == []


def test_a_churned_outlet_knows_its_day_by_the_earliest_case():
    def day_of(*cases, **changes):
        return with_known_churn(churned(*cases, **changes), AFTER, policy_of).outlets[0].churned_on

    assert day_of(churn(day(30))) == day(30)
    assert day_of(churn(day(30), reason="moved")) == day(30)
    assert day_of(churn(day(30)), churn(day(27), name="x2")) == day(27)
    assert day_of(churn(day(27), name="x2"), churn(day(30))) == day(27)
    assert day_of(churn(day(30)), churned_on=day(28)) == day(28)
    assert day_of(churn()) is None


def test_a_churned_outlet_owes_nothing_from_the_next_month_on():
    facts = company(outlet(approved_on=date(2026, 9, 1), account_made_on=date(2026, 9, 1)), churn=(churn(day(30)),))
    assert [key for key in keys(facts, date(2027, 1, 1)) if key.startswith("missed")] == ["missed_visit:s1:2026-10", "missed_visit:s1:2026-11"]


def test_each_rule_asks_for_the_policy_of_its_month():
    def strict_in_november(month):
        return Policy({"material.working_days": "0", "complaint.working_days": "0"} if month == NOVEMBER else {})

    facts = replace(materials((day(2), day(3))), complaints=(complaint(day(2), resolved_on=day(3)),))
    assert list(proposed(facts, by=strict_in_november)) == ["complaint_unhandled:k1", "late_materials:s1:2026-11"]
    assert keys(facts) == []
