"""What each kind of wage line measures (RULEBOOK §10, §11)."""

from decimal import Decimal

import pytest

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import ActiveDays, Evidence, PlannedOutlet, UpheldFinding, Volume, WageFacts
from server.domain.wage_kinds import WAGE_KINDS
from server.domain.wage_lines import tier_yuan, wage_line

KINDS = {kind.code: kind for kind in WAGE_KINDS}
DONE, MISSED = PlannedOutlet("o1", 1, 1, ("r1",)), PlannedOutlet("o2", 1, 0)


def line(code, policy=None, active=ActiveDays(True), **facts):  # noqa: B008
    return wage_line(KINDS[code], WageFacts("li", Month(2026, 11), active, **facts), Policy(policy or {}))


def paid(code, policy=None, **facts):
    """Quantity, unit and amount as text; None where there is no line."""
    found = line(code, policy, **facts)
    return found and (str(found.quantity), found.unit_yuan and str(found.unit_yuan), str(found.amount_yuan))


def customers(count):
    return tuple(Evidence("outlet", f"s{number}") for number in range(count))


def volume(this, last="0.00"):
    return Volume(Decimal(this), Decimal(last))


def test_the_base_is_whole_for_any_active_day():
    assert paid("base") == ("1", "1100.00", "1100.00")
    assert paid("base", active=ActiveDays(False)) is None


@pytest.mark.parametrize(
    ("active", "found"),
    [
        (ActiveDays(True, 21, 21), ("21", None, "1100.00")),
        (ActiveDays(True, 11, 21), ("11", None, "576.19")),
        (ActiveDays(True, 10, 21), ("10", None, "523.81")),
        (ActiveDays(True, 0, 21), None),
        (ActiveDays(True, 0, 0), None),
    ],
)
def test_the_base_by_working_days_is_a_share_of_them(active, found):
    assert paid("base", {"wage.base_mode": "working_days"}, active=active) == found


@pytest.mark.parametrize(("count", "yuan"), [(1, "10.00"), (10, "10.00"), (11, "20.00"), (20, "20.00"), (21, "30.00"), (100, "30.00")])
def test_the_tier_is_reached_by_the_count(count, yuan):
    assert str(tier_yuan(count, Policy({}))) == yuan


@pytest.mark.parametrize(
    ("count", "whole", "marginal"),
    [(1, "10.00", "10.00"), (10, "100.00", "100.00"), (11, "220.00", "120.00"), (20, "400.00", "300.00"), (21, "630.00", "330.00")],
)
def test_new_customers_are_paid_by_tier_whole_or_marginal(count, whole, marginal):
    assert paid("new_customers", new_customers=customers(count))[2] == whole
    assert paid("new_customers", {"bonus.tier_mode": "marginal"}, new_customers=customers(count)) == (str(count), None, marginal)


def test_no_new_customer_is_no_line_and_each_is_evidence():
    assert paid("new_customers") is None
    assert paid("new_customers", {"bonus.tier_mode": "marginal"}) is None
    assert line("new_customers", new_customers=customers(2)).evidence == customers(2)


@pytest.mark.parametrize(
    ("this", "last", "found"),
    [
        ("105", "100", ("5", "0.003", "0.02")),
        ("100", "105", ("-5", "0.003", "-0.02")),
        ("104.99", "100", ("4.99", "0.003", "0.01")),
        ("100", "100", None),
    ],
)
def test_volume_pays_three_per_mille_of_its_change(this, last, found):
    assert paid("volume", volume=volume(this, last)) == found


def test_a_floored_volume_never_costs():
    floored = {"bonus.volume_floor_zero": "true"}
    assert paid("volume", floored, volume=volume("100", "105")) is None
    assert paid("volume", floored, volume=volume("105", "100"))[2] == "0.02"


def test_a_volume_line_says_whether_it_is_an_estimate_and_by_what():
    estimate = Volume(Decimal(1000), Decimal(0), True, (Evidence("outlet_volume", "s1:2026-11"),))
    found = line("volume", volume=estimate)
    assert (found.is_estimate, found.evidence, found.rule_key, found.of_month) == (True, estimate.evidence, "bonus.volume_rate", None)
    assert line("base").is_estimate is False


@pytest.mark.parametrize(
    ("has_outlets", "complaints", "is_earned"), [(True, (), True), (True, (Evidence("complaint", "k1"),), False), (False, (), False)]
)
def test_no_complaint_earns_an_award_to_who_has_outlets(has_outlets, complaints, is_earned):
    found = paid("award_complaints", has_outlets=has_outlets, complaints=complaints)
    assert found == (("1", "100.00", "100.00") if is_earned else None)


@pytest.mark.parametrize(("plan", "is_earned"), [((), False), ((DONE,), True), ((DONE, MISSED), False), ((MISSED,), False)])
@pytest.mark.parametrize(("code", "plan_name"), [("award_visits", "visit_plan"), ("award_trainings", "training_plan")])
def test_a_done_plan_earns_its_award(code, plan_name, plan, is_earned):
    assert paid(code, **{plan_name: plan}) == (("1", "100.00", "100.00") if is_earned else None)


def test_an_award_shows_the_records_behind_it():
    assert line("award_visits", visit_plan=(DONE,)).evidence == (Evidence("visit", "r1"),)
    assert line("award_trainings", training_plan=(DONE,)).evidence == (Evidence("training", "r1"),)


def test_an_upheld_miss_loses_the_visit_award_and_no_other():
    miss, other = UpheldFinding("f1", "missed_visit"), UpheldFinding("f2", "churned")
    assert paid("award_visits", visit_plan=(DONE,), findings=(other,)) is not None
    assert paid("award_visits", visit_plan=(DONE,), findings=(other, miss)) is None
    assert paid("award_trainings", training_plan=(DONE,), findings=(miss,)) is not None


def test_deductions_count_the_findings_of_their_kind():
    findings = tuple(UpheldFinding(f"f{number}", kind) for number, kind in enumerate(("churned", "missed_visit", "churned")))
    found = line("deduct_churned", findings=findings)
    assert (str(found.quantity), str(found.amount_yuan)) == ("2", "-60.00")
    assert found.evidence == (Evidence("finding", "f0"), Evidence("finding", "f2"))
    assert paid("deduct_late_materials", findings=findings) is None


def test_findings_that_a_closed_month_kept_twice_at_one_outlet_are_paid_as_they_were():
    findings = (UpheldFinding("f1", "missed_visit", "s1"), UpheldFinding("f2", "missed_visit", "s1"))
    assert paid("deduct_missed_visit", findings=findings) == ("2", "20.00", "-40.00")


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("inadequate_training", "-30.00"),
        ("churned", "-30.00"),
        ("inaccurate_file", "-30.00"),
        ("missed_visit", "-20.00"),
        ("complaint_about_rep", "-30.00"),
        ("complaint_unhandled", "-30.00"),
        ("late_materials", "-30.00"),
    ],
)
def test_each_deduction_has_its_price(kind, amount):
    assert paid(f"deduct_{kind}", findings=(UpheldFinding("f1", kind),))[2] == amount
