"""The wage of a month, worked out by hand (RULEBOOK §10)."""

from decimal import Decimal

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import ActiveDays, Adjustment, Evidence, PlannedOutlet, UpheldFinding, WageFacts
from server.domain.wage_kinds import WAGE_KINDS, WageKind
from server.domain.wage_lines import WageLine
from server.domain.wage_sheet import deduction_limit_yuan, month_correction, month_difference, wage_sheet

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


def adjusted(*adjustments, policy=None):
    return wage_sheet(WageFacts("p", NOVEMBER, ActiveDays(True), adjustments=adjustments), Policy(policy or {}), WAGE_KINDS)


OCTOBER = Month(2026, 10)


def test_an_adjustment_is_a_line_that_names_its_month_and_no_estimate():
    [_, line] = adjusted(Adjustment(OCTOBER, "volume", Decimal("1.00"), (Evidence("outlet", "s1"),))).lines
    assert (line.kind, str(line.of_month), str(line.quantity), line.unit_yuan, str(line.amount_yuan)) == ("volume", "2026-10", "1", None, "1.00")
    assert (line.is_estimate, line.evidence, line.rule_key) == (False, (Evidence("outlet", "s1"),), "")


def test_an_adjustment_of_nothing_is_no_line():
    assert len(adjusted(Adjustment(OCTOBER, "volume", Decimal("0.00"))).lines) == 1


def test_adjustments_change_the_payable_and_neither_gross_nor_limit():
    sheet = adjusted(Adjustment(OCTOBER, "volume", Decimal("-1.00")), Adjustment(OCTOBER, "base", Decimal("0.50")))
    assert (str(sheet.gross_yuan), str(sheet.limit_yuan), str(sheet.adjustments_yuan), str(sheet.total_yuan)) == (
        "1100.00",
        "220.00",
        "-0.50",
        "1099.50",
    )


def test_an_adjustment_below_zero_is_shown_as_missing():
    sheet = adjusted(Adjustment(OCTOBER, "volume", Decimal("-1100.01")))
    assert (str(sheet.total_yuan), str(sheet.shortfall_yuan)) == ("0.00", "0.01")


def line_of(kind, amount, *records):
    return WageLine(kind, Decimal(1), None, Decimal(amount), "", tuple(Evidence("finding", record) for record in records))


def differences(closed, recomputed):
    return [(one.kind, str(one.amount_yuan), [record.id for record in one.evidence]) for one in month_difference(OCTOBER, closed, recomputed)]


def test_a_closed_month_that_comes_out_the_same_has_no_difference():
    assert (
        differences([line_of("base", "1100.00"), line_of("volume", "3.00", "a")], [line_of("volume", "3.00", "b"), line_of("base", "1100.00")]) == []
    )


def test_the_difference_of_a_kind_names_the_records_that_came_and_went():
    closed = [line_of("deduct_churned", "-60.00", "a", "b")]
    assert differences(closed, [line_of("deduct_churned", "-90.00", "b", "c", "d")]) == [("deduct_churned", "-30.00", ["c", "d", "a"])]


def test_a_kind_that_came_and_one_that_went_are_differences():
    found = differences([line_of("award_visits", "100.00", "v")], [line_of("deduct_missed_visit", "-20.00", "f")])
    assert found == [("deduct_missed_visit", "-20.00", ["f"]), ("award_visits", "-100.00", ["v"])]


def test_adjustments_made_since_count_as_paid():
    closed = [line_of("volume", "3.00"), line_of("volume", "2.00")]
    assert differences(closed, [line_of("volume", "6.00")]) == [("volume", "1.00", [])]
    assert differences(closed, [line_of("volume", "5.00")]) == []


def test_a_minimum_wage_of_nothing_is_not_set():
    assert str(deduction_limit_yuan(Decimal("0.50"), Policy({}))) == "0.10"
    assert str(deduction_limit_yuan(Decimal("0.50"), Policy({"wage.minimum_yuan": "0.45"}))) == "0.05"
    assert str(deduction_limit_yuan(Decimal("-5.00"), Policy({}))) == "0.00"
    assert str(deduction_limit_yuan(Decimal("1000"), Policy({"wage.minimum_yuan": "1000.01"}))) == "0.00"


def test_what_the_cap_left_is_carried_over_only_where_policy_says_so():
    capped = {"wage.cap_deductions": "true"}
    assert str(sheet_of(findings=upheld(12), policy=capped).carried_yuan) == "0.00"
    assert str(sheet_of(findings=upheld(12), policy={**capped, "wage.carry_over": "true"}).carried_yuan) == "20.00"


def carried(amount, policy, findings=()):
    facts = WageFacts("p", NOVEMBER, ActiveDays(True), findings=tuple(findings), carried=(Adjustment(OCTOBER, "carried_over", Decimal(amount)),))
    return wage_sheet(facts, Policy({"wage.carry_over": "true", **policy}), WAGE_KINDS)


def test_what_is_carried_over_is_a_deduction_under_the_limit_and_its_rest_is_carried_again():
    sheet = carried("-100.00", {"wage.cap_deductions": "true"}, upheld(7))
    assert amounts(sheet) == {"base": "1100.00", "deduct_missed_visit": "-140.00", "carried_over": "-100.00"}
    assert (str(sheet.deductions_yuan), str(sheet.withheld_yuan), str(sheet.carried_yuan)) == ("240.00", "220.00", "20.00")
    assert (str(sheet.adjustments_yuan), str(sheet.shortfall_yuan), str(sheet.total_yuan)) == ("0.00", "20.00", "880.00")


def test_what_is_carried_over_up_to_the_limit_is_taken_whole():
    sheet = carried("-80.00", {"wage.cap_deductions": "true"}, upheld(7))
    assert (str(sheet.withheld_yuan), str(sheet.carried_yuan), str(sheet.total_yuan)) == ("220.00", "0.00", "880.00")


def test_what_is_carried_over_leaves_the_minimum_wage():
    sheet = carried("-80.00", {"wage.cap_deductions": "true", "wage.minimum_yuan": "1050"})
    assert (str(sheet.withheld_yuan), str(sheet.carried_yuan), str(sheet.total_yuan)) == ("50.00", "30.00", "1050.00")


def corrected(paid, findings, policy=None):
    """(lines put right, change of what is carried over) of an October with a base and some upheld misses."""
    facts = WageFacts("p", OCTOBER, ActiveDays(True), findings=tuple(findings))
    lines = [line_of(kind, amount) for kind, amount in paid.items()]
    found = month_correction(facts, lines, Policy(policy or {}), WAGE_KINDS)
    return {one.kind: str(one.amount_yuan) for one in found.adjustments}, str(found.carried_yuan)


CAPPED = {"wage.cap_deductions": "true"}


def test_a_correction_takes_what_the_limit_of_its_month_still_allows():
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-200.00"}, upheld(11), CAPPED) == ({"deduct_missed_visit": "-20.00"}, "0.00")
    beyond = ({"deduct_missed_visit": "-40.00", "beyond_limits": "20.00"}, "0.00")
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-200.00"}, upheld(12), CAPPED) == beyond


def test_a_correction_gives_back_no_more_than_was_withheld():
    beyond = ({"deduct_missed_visit": "60.00", "beyond_limits": "-20.00"}, "0.00")
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-240.00"}, upheld(9), CAPPED) == beyond


def test_a_correction_of_a_month_that_paid_nothing_pays_what_comes_above_nothing():
    whole = ({"deduct_missed_visit": "40.00", "beyond_limits": "-40.00"}, "0.00")
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-1140.00"}, upheld(55)) == whole
    part = ({"deduct_missed_visit": "60.00", "beyond_limits": "-40.00"}, "0.00")
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-1140.00"}, upheld(54)) == part


def test_a_correction_says_how_much_more_or_less_is_carried_over():
    policy = {**CAPPED, "wage.carry_over": "true"}
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-240.00"}, upheld(13), policy)[1] == "20.00"
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-240.00"}, upheld(11), policy)[1] == "-20.00"
    assert corrected({"base": "1100.00", "deduct_missed_visit": "-240.00"}, upheld(12), policy) == ({}, "0.00")
