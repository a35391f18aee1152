"""What each rep's month is paid by, from the facts of the company (RULEBOOK §10, §11)."""

from dataclasses import replace
from datetime import date

import pytest

from server.domain.assignments import AssignmentPeriod
from server.domain.company_facts import (
    CallBackRecord,
    CompanyFacts,
    ComplaintRecord,
    MaterialRecord,
    PersonRecord,
    PlannedTraining,
    PlannedVisits,
    TrainingRecord,
)
from server.domain.company_month import active_days, wage_facts
from server.domain.months import Month
from server.domain.wage_facts import ActiveDays, Evidence, PlannedOutlet, UpheldFinding
from server.domain.working_days import WorkingYear
from tests.domain.companies import AFTER, ALWAYS, NOVEMBER, company, day, dismissed, outlet, policy_of, transfers, upheld, visit

HANDED_OVER = (AssignmentPeriod("s1", "li", ALWAYS, day(29)), AssignmentPeriod("s1", "wang", day(30)))


def facts_of(facts, person="li", today=AFTER, month=NOVEMBER):
    return wage_facts(facts, month, today, policy_of)[person]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "days"),
    [
        (None, None, ActiveDays(True, 21, 21)),
        (day(16), None, ActiveDays(True, 11, 21)),
        (None, day(13), ActiveDays(True, 10, 21)),
        (day(14), day(15), ActiveDays(True, 0, 21)),
        (day(30), None, ActiveDays(True, 1, 21)),
        (None, day(1), ActiveDays(True, 0, 21)),
        (date(2026, 12, 1), None, ActiveDays(False, 0, 21)),
        (None, day(31, 10), ActiveDays(False, 0, 21)),
    ],
)
def test_active_days_are_those_at_work_in_the_month(starts_on, ends_on, days):
    assert active_days(PersonRecord("li", starts_on, ends_on), CompanyFacts(), NOVEMBER) == days


@pytest.mark.parametrize(
    ("breaks", "days"),
    [
        (((day(3), day(27)),), ActiveDays(True, 2, 21)),
        (((day(1), day(29)),), ActiveDays(True, 1, 21)),
        (((day(1), day(30)),), ActiveDays(False, 0, 21)),
        (((day(31, 10), day(1)), (day(30), day(30))), ActiveDays(True, 20, 21)),
    ],
)
def test_days_away_between_leaving_and_returning_are_not_at_work(breaks, days):
    assert active_days(PersonRecord("li", breaks=breaks), CompanyFacts(), NOVEMBER) == days


def test_working_days_follow_the_calendar():
    years = {2026: WorkingYear(2026, False, frozenset({day(2)}), frozenset({day(7), day(8)}))}
    assert active_days(PersonRecord("li", ends_on=day(8)), CompanyFacts(years=years), NOVEMBER) == ActiveDays(True, 6, 22)


def test_a_new_customer_belongs_to_the_rep_of_the_day_the_account_was_made():
    new = outlet(approved_on=None, account_made_on=day(29), transfers=transfers(d1129=300))
    facts = company(new, holders=HANDED_OVER)
    assert facts_of(facts).new_customers == (Evidence("outlet", "s1"),)
    assert facts_of(facts, "wang").new_customers == ()
    assert facts_of(company(replace(new, account_made_on=None))).new_customers == ()
    assert facts_of(company(new), month=Month(2026, 12)).new_customers == ()


def test_a_struck_out_customer_does_not_count_and_a_good_call_changes_nothing():
    new = outlet(approved_on=None, account_made_on=day(5), transfers=transfers(d1106=300))
    struck = CallBackRecord("c1", "s1", "new_customer", "unreachable", day(16))
    assert facts_of(company(new, callbacks=(struck,))).new_customers == ()
    assert facts_of(company(new, callbacks=(replace(struck, outcome="good"),))).new_customers == (Evidence("outlet", "s1"),)


def test_volume_is_of_the_outlets_of_the_last_day_both_months():
    facts = company(outlet(approved_on=None, transfers=transfers(d1005=100, d1105=300)), holders=HANDED_OVER)
    assert [str(facts_of(facts, person).volume.this_yuan) for person in ("li", "wang")] == ["0.00", "300.00"]
    assert str(facts_of(facts, "wang").volume.last_yuan) == "100.00"


@pytest.mark.parametrize(("today", "this_yuan", "is_estimate"), [(day(30), "1.00", True), (AFTER, "11.00", False), (day(29), "0.00", True)])
def test_a_running_months_volume_goes_up_to_yesterday(today, this_yuan, is_estimate):
    facts = company(outlet(approved_on=None, transfers=transfers(d1129=1, d1130=10)))
    volume = facts_of(facts, today=today).volume
    assert (str(volume.this_yuan), volume.is_estimate) == (this_yuan, is_estimate)


def test_a_rep_has_outlets_by_any_day_of_the_month():
    facts = company(outlet(), holders=(AssignmentPeriod("s1", "li", ALWAYS, day(1)), AssignmentPeriod("s1", "wang", ALWAYS, day(31, 10))))
    assert [facts_of(facts, person).has_outlets for person in ("li", "wang")] == [True, False]


def test_complaints_are_the_months_and_the_reps_of_the_day_and_not_unfounded():
    rows = (("k1", day(29), None), ("k2", day(30), None), ("k3", day(3), "unfounded"), ("k4", day(31, 10), None), ("k5", day(2), "founded"))
    records = tuple(ComplaintRecord(name, "s1", on, verdict=verdict) for name, on, verdict in rows)
    facts = company(outlet(approved_on=None), holders=HANDED_OVER, complaints=records)
    assert facts_of(facts).complaints == (Evidence("complaint", "k1"), Evidence("complaint", "k5"))
    assert facts_of(facts, "wang").complaints == (Evidence("complaint", "k2"),)


def test_the_visit_plan_holds_what_is_owed_or_planned_by_the_last_days_rep():
    facts = company(
        outlet("s1", "A"),
        outlet("s2", approved_on=None),
        outlet("s3", approved_on=None),
        visits=(visit(day(3)),),
        planned_visits=(PlannedVisits("s3", "2026-11", 1),),
    )
    assert facts_of(facts).visit_plan == (PlannedOutlet("s1", 2, 1, ("v1103",)), PlannedOutlet("s3", 1, 0))
    assert facts_of(company(outlet(), holders=HANDED_OVER)).visit_plan == ()


def test_a_dismissed_miss_excuses_its_own_outlet_and_month():
    both = company(outlet("s1"), outlet("s2"))

    def excused(*decisions):
        return [one.is_excused for one in facts_of(replace(both, decisions=decisions), today=date(2027, 1, 1)).visit_plan]

    assert excused(dismissed("missed_visit:s1:2026-11")) == [True, False]
    assert excused(dismissed("missed_visit:s1:2026-12")) == [False, False]
    assert excused(upheld("missed_visit:s2:2026-11")) == [False, False]
    assert excused(dismissed("missed_visit:s9:2026-11")) == [False, False]


def test_another_kind_of_finding_dismissed_excuses_no_visit():
    facts = company(outlet(), materials=(MaterialRecord("m1", "s1", day(2)),), decisions=(dismissed("late_materials:s1:2026-11"),))
    assert [one.is_excused for one in facts_of(facts).visit_plan] == [False]


def test_the_training_plan_moves_with_the_outlet_and_new_customers_are_no_part_of_it():
    trainings = (
        TrainingRecord("t1", "s1", day(12)),
        TrainingRecord("t2", "s1", day(13), is_new_customer=True),
        TrainingRecord("t3", "s1", day(1, 12)),
        TrainingRecord("t4", "s2", day(12)),
    )
    plan = (PlannedTraining("s1", "2026-11"), PlannedTraining("s1", "2026-11"), PlannedTraining("s2", "2026-12"))
    facts = company(outlet("s1"), outlet("s2"), trainings=trainings, planned_trainings=plan, holders=HANDED_OVER)
    assert facts_of(facts, "wang").training_plan == (PlannedOutlet("s1", 1, 1, ("t1",)),)
    assert facts_of(facts).training_plan == ()


def test_upheld_findings_are_the_months_and_the_reps():
    facts = company(outlet("s1"), outlet("s2"), decisions=(upheld("missed_visit:s1:2026-11"), upheld("missed_visit:s2:2026-12"), upheld("unknown")))
    assert facts_of(facts, today=date(2027, 1, 1)).findings == (UpheldFinding("missed_visit:s1:2026-11", "missed_visit", "s1"),)
    assert facts_of(facts, "wang", today=date(2027, 1, 1)).findings == ()
    assert facts_of(company(outlet(), decisions=(dismissed("missed_visit:s1:2026-11"),))).findings == ()


def test_a_miss_upheld_twice_costs_once():
    word = "missed_visit:s1:2026-11"
    facts = company(outlet("s1"), decisions=(upheld(word), upheld(word, date(2026, 12, 2))))
    assert facts_of(facts).findings == (UpheldFinding(word, "missed_visit", "s1"),)


def test_a_visit_that_arrives_after_its_miss_was_upheld_pays_the_award_and_deducts_nothing():
    word = upheld("missed_visit:s1:2026-11")
    before, after = (facts_of(company(outlet(), visits=visits, decisions=(word,))) for visits in ((), (visit(day(28)),)))
    assert (len(before.findings), before.visit_plan[0].is_done) == (1, False)
    assert (after.findings, after.visit_plan[0].is_done) == ((), True)


def test_an_outlet_lost_in_the_month_is_gone_from_all_of_it():
    facts = company(
        outlet(transfers=transfers(d1105=300)),
        materials=(MaterialRecord("m1", "s1", day(2)),),
        decisions=(upheld("late_materials:s1:2026-11", day(30)),),
    )
    found = facts_of(facts)
    assert (str(found.volume.this_yuan), found.visit_plan) == ("0.00", ())
    assert found.findings == (UpheldFinding("late_materials:s1:2026-11", "late_materials", "s1"),)
