"""What comes after a month was closed is an adjustment of the next one, once, by the policy of its own month."""

from datetime import date

from sqlalchemy import select, text

from server.complaints.actions import void_complaint
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_kinds import WAGE_KINDS
from server.domain.wage_sheet import wage_sheet
from server.outlets.models import Outlet
from server.payroll.actions import draft_month
from server.payroll.canonical import facts_document, facts_from
from server.payroll.verifying import verify_month
from server.payroll.what_if import what_if
from server.policy.actions import set_policy
from tests.features.closed_months import NOV, chief, close, closed_october, draft_november, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.test_payroll_facts import complaint, complete
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, OCTOBER, lines_of, moved, sheet_of, total_of, upheld


def test_a_finding_upheld_late_becomes_an_adjustment_naming_its_month(company, chief):
    closed_october(company, chief)
    upheld(company.rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    draft_november()
    assert lines_of(company.rep_id)["2026-10 deduct_churned"] == "-30.00"
    assert "deduct_churned" not in lines_of(company.rep_id)
    assert lines_of(company.rep_id, OCTOBER) == {"base": "1100.00", "award_complaints": "100.00"}


def test_an_adjustment_is_made_once(company, chief):
    closed_october(company, chief)
    upheld(company.rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    close(NOV, chief, DECEMBER_2)
    assert lines_of(company.rep_id)["2026-10 deduct_churned"] == "-30.00"
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert not any(kind.startswith("2026-") for kind in lines_of(company.rep_id, "2026-12"))
    assert verify_month(NOV) == []


def test_only_the_first_open_month_takes_adjustments(company, chief):
    closed_october(company, chief)
    upheld(company.rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    draft_november()
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert "2026-10 deduct_churned" in lines_of(company.rep_id)
    assert "2026-10 deduct_churned" not in lines_of(company.rep_id, "2026-12")


def test_a_complaint_found_unfounded_later_pays_the_award_after_all(company, chief):
    complaint(company.outlet_id, date(2026, 10, 20))
    closed_october(company, chief)
    assert "award_complaints" not in lines_of(company.rep_id, OCTOBER)
    db.session.execute(text("UPDATE complaint SET verdict = 'unfounded'"))
    db.session.commit()
    draft_november()
    assert lines_of(company.rep_id)["2026-10 award_complaints"] == "100.00"


def test_a_complaint_voided_later_pays_the_award_after_all(company, chief):
    complaint(company.outlet_id, date(2026, 10, 20))
    closed_october(company, chief)
    void_complaint(db.session.scalars(select(Complaint.id)).one(), "登记错了网点", chief, noon(date(2026, 11, 5)))
    draft_november()
    assert "award_complaints" not in lines_of(company.rep_id, OCTOBER)
    assert lines_of(company.rep_id)["2026-10 award_complaints"] == "100.00"


def test_late_transactions_correct_their_month_and_the_next_compares_with_them(company, chief):
    closed_october(company, chief)
    moved(company.outlet_id, date(2026, 10, 31), "1000.00")
    moved(company.outlet_id, date(2026, 11, 5), "3000.00")
    draft_november()
    lines = lines_of(company.rep_id)
    assert (lines["2026-10 volume"], lines["volume"]) == ("3.00", "6.00")


def test_a_file_completed_after_closing_pays_nothing_for_the_closed_month(company, chief):
    complete(company.outlet_id, date(2026, 10, 9), phone="")
    complete(company.second_outlet_id, date(2026, 10, 9))
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        moved(outlet_id, date(2026, 10, 10), "300.00")
    closed_october(company, chief)
    assert lines_of(company.rep_id, OCTOBER)["new_customers"] == "10.00"
    db.session.get_one(Outlet, company.outlet_id).phone = "13800000000"
    db.session.get_one(Outlet, company.second_outlet_id).phone = ""
    db.session.commit()
    draft_november()
    assert "2026-10 new_customers" not in lines_of(company.rep_id)


def test_an_adjustment_uses_the_policy_of_its_month(company, chief):
    closed_october(company, chief)
    set_policy("wage.churned_yuan", "50", date(2026, 11, 1), "调整", chief, noon(NOVEMBER_2))
    upheld(company.rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    upheld(company.rep_id, chief, NOVEMBER, on=date(2026, 11, 6))
    draft_november()
    lines = lines_of(company.rep_id)
    assert (lines["2026-10 deduct_churned"], lines["deduct_churned"]) == ("-30.00", "-50.00")


def test_somebody_who_left_has_a_sheet_for_what_is_put_right(company, chief):
    from server.people.models import Person

    db.session.get_one(Person, company.other_rep_id).starts_on = date(2026, 1, 1)
    db.session.commit()
    closed_october(company, chief)
    db.session.get_one(Person, company.other_rep_id).ends_on = date(2026, 10, 31)
    db.session.commit()
    upheld(company.other_rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    draft_november()
    assert lines_of(company.other_rep_id) == {"2026-10 deduct_churned": "-30.00"}
    sheet = sheet_of(company.other_rep_id)
    assert (str(sheet.total_yuan), str(sheet.shortfall_yuan)) == ("0.00", "30.00")


def test_a_capped_deduction_is_carried_over_where_policy_says_so(company, chief):
    for key in ("wage.cap_deductions", "wage.carry_over"):
        set_policy(key, "true", date(2026, 10, 1), "试行", chief, noon(date(2026, 10, 1)))
    for number in range(10):
        upheld(company.other_rep_id, chief, OCTOBER, on=date(2026, 10, 1 + number))
    closed_october(company, chief)
    assert str(sheet_of(company.other_rep_id, OCTOBER).carried_yuan) == "80.00"  # 300 less 20 % of 1,100
    close(NOV, chief, DECEMBER_2)
    assert lines_of(company.other_rep_id) == {"base": "1100.00", "carried_over": "-80.00"}
    assert total_of(company.other_rep_id) == "1020.00"
    assert verify_month(NOV) == []
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert lines_of(company.other_rep_id, "2026-12") == {"base": "1100.00"}


def capped(chief, **more):
    for key, value in {"wage.cap_deductions": "true", **more}.items():
        set_policy(key, value, date(2026, 10, 1), "试行", chief, noon(date(2026, 10, 1)))


def upheld_times(count, company, chief, month, since):
    for number in range(count):
        upheld(company.other_rep_id, chief, month, on=since.replace(day=since.day + number))


def test_late_transactions_of_a_month_that_still_pays_nothing_change_no_later_wage(company, chief):
    moved(company.outlet_id, date(2026, 9, 15), "700000.00")
    moved(company.outlet_id, date(2026, 10, 15), "100000.00")
    closed_october(company, chief)
    assert total_of(company.rep_id, OCTOBER) == "0.00"  # 600 less than nothing
    moved(company.outlet_id, date(2026, 10, 20), "100000.00")
    moved(company.outlet_id, date(2026, 11, 20), "200000.00")
    close(NOV, chief, DECEMBER_2)
    october = {kind: amount for kind, amount in lines_of(company.rep_id).items() if kind.startswith("2026-10")}
    assert october == {"2026-10 volume": "300.00", "2026-10 beyond_limits": "-300.00"}
    assert total_of(company.rep_id) == "1200.00"
    moved(company.outlet_id, date(2026, 10, 21), "200000.00")
    moved(company.outlet_id, date(2026, 12, 2), "400000.00")
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    later = {kind: amount for kind, amount in lines_of(company.rep_id, "2026-12").items() if kind.startswith("2026-10")}
    assert later == {"2026-10 volume": "600.00", "2026-10 beyond_limits": "-300.00"}  # October now pays 300
    assert verify_month(NOV) == []


def test_a_late_deduction_of_a_month_at_its_limit_is_not_taken_later(company, chief):
    capped(chief)
    upheld_times(8, company, chief, OCTOBER, date(2026, 10, 1))
    closed_october(company, chief)
    assert total_of(company.other_rep_id, OCTOBER) == "880.00"  # 240 upheld, 220 withheld
    upheld(company.other_rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    close(NOV, chief, DECEMBER_2)
    assert lines_of(company.other_rep_id) == {"base": "1100.00", "2026-10 deduct_churned": "-30.00", "2026-10 beyond_limits": "30.00"}
    assert total_of(company.other_rep_id) == "1100.00"
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert lines_of(company.other_rep_id, "2026-12") == {"base": "1100.00"}
    assert verify_month(NOV) == []


def test_a_late_deduction_is_taken_up_to_the_limit_of_its_month(company, chief):
    capped(chief)
    upheld_times(7, company, chief, OCTOBER, date(2026, 10, 1))
    closed_october(company, chief)
    upheld(company.other_rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    draft_november()
    assert lines_of(company.other_rep_id) == {"base": "1100.00", "2026-10 deduct_churned": "-30.00", "2026-10 beyond_limits": "20.00"}
    assert total_of(company.other_rep_id) == "1090.00"


def test_what_is_carried_over_is_held_to_the_limit_and_the_minimum_wage_of_its_month(company, chief):
    capped(chief, **{"wage.carry_over": "true", "wage.minimum_yuan": "900"})
    upheld_times(10, company, chief, OCTOBER, date(2026, 10, 1))
    closed_october(company, chief)
    assert total_of(company.other_rep_id, OCTOBER) == "900.00"
    upheld_times(10, company, chief, NOVEMBER, date(2026, 11, 3))
    close(NOV, chief, DECEMBER_2)
    assert lines_of(company.other_rep_id) == {"base": "1100.00", "deduct_churned": "-300.00", "carried_over": "-100.00"}
    sheet = sheet_of(company.other_rep_id)
    assert (str(sheet.deductions_yuan), str(sheet.withheld_yuan), str(sheet.carried_yuan)) == ("400.00", "200.00", "200.00")
    assert str(sheet.total_yuan) == "900.00"
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert lines_of(company.other_rep_id, "2026-12") == {"base": "1100.00", "carried_over": "-200.00"}
    assert verify_month(NOV) == []


def test_what_if_the_limit_were_higher_takes_more_of_what_is_carried_over(company, chief):
    capped(chief, **{"wage.carry_over": "true"})
    upheld_times(20, company, chief, OCTOBER, date(2026, 10, 1))
    closed_october(company, chief)
    draft_november()
    assert total_of(company.other_rep_id) == "880.00"
    found = what_if(NOV, "wage.deduction_limit_share", "0.30", DECEMBER_2)
    assert [(one.person_id, str(one.now_yuan), str(one.then_yuan)) for one in found.differences] == [(company.other_rep_id, "880.00", "770.00")]
    assert ("deductions", "380.00", "380.00") in [(code, str(now), str(then)) for code, now, then in found.figures]
    by_visits = what_if(NOV, "visit.fence_radius_m", "100", DECEMBER_2)
    assert [str(now) for code, now, _ in by_visits.figures if code == "deductions"] == ["380.00"]


def test_a_late_deduction_of_a_month_at_its_limit_is_carried_over_with_the_rest(company, chief):
    capped(chief, **{"wage.carry_over": "true"})
    upheld_times(8, company, chief, OCTOBER, date(2026, 10, 1))
    closed_october(company, chief)
    upheld(company.other_rep_id, chief, OCTOBER, on=date(2026, 11, 5))
    close(NOV, chief, DECEMBER_2)
    lines = {"base": "1100.00", "2026-10 deduct_churned": "-30.00", "2026-10 beyond_limits": "30.00", "carried_over": "-50.00"}
    assert lines_of(company.other_rep_id) == lines
    assert total_of(company.other_rep_id) == "1050.00"
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert lines_of(company.other_rep_id, "2026-12") == {"base": "1100.00"}


def test_a_month_closed_with_a_carried_deduction_among_its_adjustments_is_still_as_it_was(company, chief):
    facts = {
        "person_id": "p",
        "month": NOVEMBER,
        "active": {"has_any": True, "working": 21, "of_working": 21},
        "volume": {"this": "0.00", "last": "0.00", "is_estimate": False, "evidence": []},
        "has_outlets": False,
        **{key: [] for key in ("new_customers", "complaints", "visit_plan", "training_plan", "findings")},
        "adjustments": [[OCTOBER, "carried_over", "-360.00", []]],
    }
    sheet = wage_sheet(facts_from(facts), Policy({"wage.cap_deductions": "true"}), WAGE_KINDS)
    assert (str(sheet.adjustments_yuan), str(sheet.total_yuan)) == ("-360.00", "740.00")
    assert facts_document(facts_from(facts)) == facts
