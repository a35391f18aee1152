"""The wage of a month, worked out by hand (RULEBOOK §10)."""

from decimal import Decimal

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import ActiveDays, Evidence, PlannedOutlet, UpheldFinding, WageFacts
from server.domain.wage_kinds import WAGE_KINDS, WageKind
from server.domain.wage_sheet import wage_sheet

NOVEMBER = Month(2026, 11)
DONE = PlannedOutlet("o1", 2, 2, ("v1", "v2"))
MISSED = PlannedOutlet("o2", 1, 0)


def sheet_of(plan=(), findings=(), policy=None, has_active_day=True, kinds=WAGE_KINDS):
    facts = WageFacts("p", NOVEMBER, ActiveDays(has_active_day), visit_plan=tuple(plan), findings=tuple(findings))
    return wage_sheet(facts, Policy(policy or {}), kinds)


def amounts(sheet):
    return {line.kind: str(line.amount_yuan) for line in sheet.lines}


def upheld(count, kind="missed_visit"):
    return [UpheldFinding(f"f{number}", kind, f"o{number}") for number in range(count)]


def test_a_done_plan_earns_base_and_award():
    sheet = sheet_of(plan=[DONE])
    assert amounts(sheet) == {"base": "1100.00", "award_visits": "100.00"}
    assert str(sheet.total_yuan) == "1200.00"


def test_the_award_shows_the_visits_behind_it():
    award = sheet_of(plan=[DONE]).lines[1]
    assert award.evidence == (Evidence("visit", "v1"), Evidence("visit", "v2"))


def test_an_unfinished_plan_earns_no_award():
    assert amounts(sheet_of(plan=[DONE, MISSED])) == {"base": "1100.00"}


def test_a_plan_with_nothing_in_it_earns_no_award():
    assert amounts(sheet_of()) == {"base": "1100.00"}


def test_an_upheld_miss_costs_twenty_and_the_award():
    sheet = sheet_of(plan=[DONE], findings=upheld(1))
    assert amounts(sheet) == {"base": "1100.00", "deduct_missed_visit": "-20.00"}
    assert str(sheet.total_yuan) == "1080.00"


def test_a_dismissed_miss_does_not_lose_the_award():
    excused = PlannedOutlet("o2", 1, 0, is_excused=True)
    assert amounts(sheet_of(plan=[DONE, excused])) == {"base": "1100.00", "award_visits": "100.00"}


def test_misses_are_counted_per_outlet_on_one_line():
    [_, line] = sheet_of(findings=upheld(3)).lines
    assert (str(line.quantity), str(line.amount_yuan)) == ("3", "-60.00")
    assert [evidence.id for evidence in line.evidence] == ["f0", "f1", "f2"]


def test_a_month_without_an_active_day_has_no_base():
    assert amounts(sheet_of(has_active_day=False)) == {}


def test_the_legal_limit_is_a_fifth_of_the_gross_wage():
    assert str(sheet_of(findings=upheld(1)).limit_yuan) == "220.00"


def test_the_limit_is_cut_to_the_fen():
    sheet = sheet_of(policy={"wage.base_yuan": "1100.04"})
    assert str(sheet.limit_yuan) == "220.00"


def test_a_minimum_wage_leaves_only_what_lies_above_it():
    assert str(sheet_of(policy={"wage.minimum_yuan": "1000"}).limit_yuan) == "100.00"
    assert str(sheet_of(policy={"wage.minimum_yuan": "1200"}).limit_yuan) == "0.00"


def test_deductions_past_the_limit_are_charged_in_full_by_default():
    sheet = sheet_of(findings=upheld(12))
    assert (str(sheet.deductions_yuan), str(sheet.total_yuan), str(sheet.shortfall_yuan)) == ("240.00", "860.00", "0.00")


def test_capped_deductions_stop_at_the_limit_and_show_the_rest():
    sheet = sheet_of(findings=upheld(12), policy={"wage.cap_deductions": "true"})
    assert (str(sheet.total_yuan), str(sheet.shortfall_yuan)) == ("880.00", "20.00")


def test_capped_deductions_at_the_limit_are_charged_whole():
    sheet = sheet_of(findings=upheld(11), policy={"wage.cap_deductions": "true"})
    assert (str(sheet.total_yuan), str(sheet.shortfall_yuan)) == ("880.00", "0.00")


def test_the_payable_is_never_below_zero_and_what_is_missing_is_shown():
    sheet = sheet_of(findings=upheld(60))
    assert (str(sheet.total_yuan), str(sheet.shortfall_yuan)) == ("0.00", "100.00")


def test_half_a_fen_goes_away_from_zero():
    assert amounts(sheet_of(policy={"wage.base_yuan": "1100.005"}))["base"] == "1100.01"
    assert amounts(sheet_of(findings=upheld(1), policy={"wage.missed_visit_yuan": "20.005"}))["deduct_missed_visit"] == "-20.01"


def test_a_new_deduction_added_as_data_is_charged():
    late = WageKind("deduct_late", -1, "finding:late_delivery", "wage.missed_visit_yuan", "迟送", "Late", "", "", "test")
    sheet = sheet_of(findings=upheld(2, "late_delivery"), kinds=(*WAGE_KINDS, late))
    assert amounts(sheet)["deduct_late"] == "-40.00"


def test_money_is_decimal():
    assert all(isinstance(line.amount_yuan, Decimal) for line in sheet_of(plan=[DONE]).lines)
