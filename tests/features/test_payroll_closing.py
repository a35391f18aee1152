"""Closing a month: once, in order, sealed; what comes later is an adjustment of the next month."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from server.cli import main
from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.payroll.actions import draft_month
from server.payroll.closing import close_month, closing_of
from server.payroll.models import PayslipStep, WageLine, WageMonth, WageSheet
from server.payroll.verifying import verify_month
from server.people.models import Role
from server.policy.actions import set_policy
from server.policy.models import CalendarYear
from server.visits.models import Visit
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.test_payroll_facts import complaint, complete
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, OCTOBER, add_office, lines_of, moved, sheet_of, total_of, upheld

OCT, NOV = Month(2026, 10), Month(2026, 11)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def chief(company):
    return add_office("chief", Role.MANAGER)


def close(month, chief, on, reason="清单里的都看过"):
    return close_month(month, reason, chief, noon(on))


def closed_october(company, chief):
    """October closed on November 2nd, then November's drafts."""
    draft_month(OCT, noon(NOVEMBER_2))
    return close(OCT, chief, NOVEMBER_2)


def draft_november():
    draft_month(NOV, noon(DECEMBER_2))


def code_of(refused):
    return refused.value.refusal.code, refused.value.extras.get("fields", {})


def test_a_closed_month_keeps_policy_kinds_facts_and_seals(company, chief):
    row = closed_october(company, chief)
    assert json.loads(row.policy_values)["wage.base_yuan"] == "1100.00"
    assert [kind["code"] for kind in json.loads(row.kinds)][:2] == ["base", "new_customers"]
    [sheet] = db.session.scalars(select(WageSheet).where(WageSheet.month == OCTOBER))
    assert (sheet.person_id, sheet.state, len(sheet.seal)) == (company.rep_id, "closed", 64)
    assert json.loads(sheet.facts)["facts"]["person_id"] == company.rep_id
    assert verify_month(OCT) == []


def test_a_month_is_closed_once(company, chief):
    closed_october(company, chief)
    with pytest.raises(Problem) as refused:
        close(OCT, chief, NOVEMBER_2)
    assert code_of(refused)[0] == "stale"


def test_the_list_of_sheets_leads_to_closing_until_the_month_is_closed(app, company, chief):
    draft_month(OCT, noon(NOVEMBER_2))
    manager = console(app, "chief")
    assert "去关账" in manager.get(f"/payroll/{OCT}").text
    close(OCT, chief, NOVEMBER_2)
    page = manager.get(f"/payroll/{OCT}").text
    assert "去关账" not in page and "关账清单" in page


def test_a_running_month_is_not_closed(company, chief):
    with pytest.raises(Problem) as refused:
        close(NOV, chief, date(2026, 11, 30))
    assert code_of(refused) == ("invalid", {"month": "running"})
    db.session.rollback()
    assert close(NOV, chief, date(2026, 12, 1)).month == NOVEMBER


def test_months_are_closed_in_order(company, chief):
    closed_october(company, chief)
    with pytest.raises(Problem) as refused:
        close(Month(2026, 12), chief, date(2027, 1, 1))
    assert code_of(refused) == ("invalid", {"month": "order"})
    db.session.rollback()
    close(NOV, chief, date(2027, 1, 1))
    close(Month(2026, 12), chief, date(2027, 1, 1))
    assert db.session.query(WageMonth).count() == 3


def settle_everything(company, add_visit):
    """Nothing of November is left to settle."""
    db.session.get_one(CalendarYear, 2026).is_provisional = False
    moved(company.outlet_id, date(2026, 11, 30), "1.00")
    return {check.code: check.left for check in closing_of(NOV, noon(DECEMBER_2)).checks}


def test_a_month_with_nothing_open_is_closed_without_a_reason(company, chief, add_visit):
    left = settle_everything(company, add_visit)
    assert {code for code, count in left.items() if count} == {"unseen"} - {code for code, count in left.items() if not count}
    assert close(NOV, chief, DECEMBER_2, reason="").reason == ""


def test_open_items_want_a_reason(company, chief):
    draft_november()
    with pytest.raises(Problem) as refused:
        close(NOV, chief, DECEMBER_2, reason="  ")
    assert code_of(refused) == ("invalid", {"reason": "required"})
    db.session.rollback()
    row = close(NOV, chief, DECEMBER_2, reason="交易明细下周才到")
    assert row.reason == "交易明细下周才到"
    assert {"code": "transactions", "left": 1, "is_needed": True} in row.checks


def test_policy_may_want_every_item_done_first(company, chief):
    set_policy("wage.close_needs_all", "true", date(2026, 11, 1), "从严", chief, noon(NOVEMBER_2))
    with pytest.raises(Problem) as refused:
        close(NOV, chief, DECEMBER_2)
    assert code_of(refused) == ("invalid", {"checks": "open"})
    db.session.rollback()
    moved(company.outlet_id, date(2026, 11, 30), "1.00")
    close(NOV, chief, DECEMBER_2)


def test_the_list_counts_what_is_left(company, chief, add_visit):
    from server.findings.actions import Proposal, propose_findings

    add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", distance_m=640.0)
    bare = Proposal("x", "churned", NOVEMBER, company.rep_id, None, 30, "-", ())
    propose_findings([bare], noon(NOVEMBER_2))
    db.session.get_one(CalendarYear, 2026).is_provisional = True
    db.session.commit()
    draft_november()
    left = {check.code: check.left for check in closing_of(NOV, noon(DECEMBER_2)).checks}
    assert closing_of(NOV, noon(DECEMBER_2)).needs_reason
    expected = {"transactions": 1, "reviews": 1, "findings": 1, "calendar": 1, "unseen": 2, "evidence": 0, "phones": 0, "churn": 0, "calls": 0}
    assert {code: left[code] for code in expected} == expected


def test_the_list_counts_reps_whose_phone_holds_unsent_records(company, chief, phone):
    phone.push(phone.op(company.outlet_id), status={"queue": 3})
    assert reps_with_unsent_records() == 1


def test_a_phone_that_was_put_in_order_again_is_not_counted(company, chief, phone):
    phone.push(phone.op(company.outlet_id), status={"queue": 3})
    phone.client_id, phone.n = uuid7(), 0
    phone.push(status={"queue": 0, "photos": 0})
    assert reps_with_unsent_records() == 0


def test_a_client_that_tells_nothing_hides_no_phone(company, chief, phone):
    """A rescue file comes in as a client of its own, which never says how the phone stands."""
    phone.push(phone.op(company.outlet_id), status={"photos": 2})
    phone.client_id, phone.n = uuid7(), 0
    phone.push(phone.op(company.outlet_id))
    assert reps_with_unsent_records() == 1


def reps_with_unsent_records():
    return next(check.left for check in closing_of(NOV, noon(DECEMBER_2)).checks if check.code == "phones")


@pytest.mark.parametrize(("oldest", "count"), [("2026-11-30T15:59:59.000Z", 1), ("2026-11-30T16:00:00.000Z", 0)])
def test_a_phone_whose_records_are_later_than_the_month_is_no_hindrance(company, chief, phone, oldest, count):
    phone.push(phone.op(company.outlet_id), status={"queue": 3, "oldest": oldest})
    assert reps_with_unsent_records() == count


@pytest.mark.parametrize(
    "change",
    [
        update(WageSheet).values(total_yuan=1),
        update(WageSheet).values(state="draft"),
        delete(WageLine),
        update(WageLine).values(amount_yuan=1),
        delete(WageMonth),
        update(WageMonth).values(seal="0" * 64),
    ],
    ids=str,
)
def test_the_database_refuses_to_change_a_closed_month(company, chief, change):
    closed_october(company, chief)
    with pytest.raises(DBAPIError, match="a closed wage month never changes"):
        db.session.execute(change)
    db.session.rollback()
    assert verify_month(OCT) == []


def test_the_database_refuses_a_new_line_on_a_closed_sheet(company, chief):
    closed_october(company, chief)
    sheet = sheet_of(company.rep_id, OCTOBER)
    db.session.add(WageLine(sheet_id=sheet.id, position=99, kind="base", quantity=1, unit_yuan=None, amount_yuan=1, rule_key=""))
    with pytest.raises(DBAPIError, match="a closed wage month never changes"):
        db.session.flush()
    db.session.rollback()


def test_the_database_refuses_to_rewrite_what_a_person_answered(company, chief):
    closed_october(company, chief)
    step = PayslipStep(id=uuid7(), sheet_id=sheet_of(company.rep_id, OCTOBER).id, action="seen", by_id=company.rep_id, at=noon(NOVEMBER_2))
    db.session.add(step)
    db.session.commit()
    with pytest.raises(DBAPIError, match="a closed wage month never changes"):
        db.session.execute(update(PayslipStep).values(action="confirmed"))
    db.session.rollback()


def tampered(statement):
    """Change a row behind the software's back, as somebody with the database could."""
    name = str(statement).split()[1]
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text(f"DROP TRIGGER locked_{name}_update"))
    else:
        db.session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER ALL"))
    db.session.connection().exec_driver_sql(statement)
    db.session.commit()
    db.session.expire_all()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE wage_line SET amount_yuan = 999999 WHERE kind = 'base'",
            "line 1 is base 1 × 1100 = 9999.99 with 0 records, recomputed base",
        ),
        ("UPDATE wage_line SET evidence = '[]' WHERE kind = 'award_visits'", "award_visits"),
        ("UPDATE wage_sheet SET total_yuan = 1", "total is 0.01, recomputed"),
        ("UPDATE wage_sheet SET facts = replace(facts, '\"has_any\":true', '\"has_any\":false')", "recomputed missing"),
        ("UPDATE wage_sheet SET seal = substr(seal, 1, 63) || 'x'", "its seal differs"),
        ("UPDATE wage_month SET policy_values = replace(policy_values, '1100.00', '1200.00')", "recomputed base 1 × 1200"),
        ("UPDATE wage_month SET reason = 'x'", "the seal of 2026-11 differs"),
    ],
)
def test_whatever_was_changed_behind_our_back_is_named(company, chief, add_visit, statement, words):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    close(NOV, chief, DECEMBER_2)
    assert verify_month(NOV) == []
    tampered(statement)
    assert words in "\n".join(verify_month(NOV))


def test_a_visit_with_another_seal_is_named(company, chief, add_visit):
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    close(NOV, chief, DECEMBER_2)
    db.session.get_one(Visit, visit_id).seal = "f" * 64
    db.session.commit()
    difference, *others = verify_month(NOV)
    assert all(f"visit {visit_id}: " in other for other in others) and len(others) == 2  # nor is it what it says, nor where its chain ends
    assert difference.startswith(f"rep1: visit {visit_id} has seal {'f' * 64}, closed with ")


def test_months_are_chained(company, chief):
    closed_october(company, chief)
    close(NOV, chief, DECEMBER_2)
    assert verify_month(NOV) == []
    tampered("UPDATE wage_month SET seal = substr(seal, 1, 63) || 'x' WHERE month = '2026-10'")
    assert any("the seal of 2026-11 differs" in difference for difference in verify_month(NOV))


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
    closed_october(company, chief)
    from server.people.models import Person

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
    assert lines_of(company.other_rep_id) == {"base": "1100.00", "2026-10 carried_over": "-80.00"}
    assert total_of(company.other_rep_id) == "1020.00"
    draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    assert lines_of(company.other_rep_id, "2026-12") == {"base": "1100.00"}


def test_policy_of_a_closed_month_stays(company, chief):
    closed_october(company, chief)
    for day, is_taken in ((date(2026, 9, 1), False), (date(2026, 10, 1), False), (date(2026, 10, 2), True)):
        if is_taken:
            set_policy("wage.base_yuan", "1200", day, "调整", chief, noon(NOVEMBER_2))
            continue
        with pytest.raises(Problem) as refused:
            set_policy("wage.base_yuan", "1200", day, "调整", chief, noon(NOVEMBER_2))
        assert code_of(refused) == ("invalid", {"valid_from": "closed"})


def run(app, *words):
    return CliRunner().invoke(main, ["--data", app.extensions["xundian"].data.as_posix(), "payroll", *words])


def test_the_command_closes_and_verifies_a_month(app, company, chief, monkeypatch):
    monkeypatch.setattr("server.cli.create_app", lambda _settings: app)
    db.session.remove()
    assert "no manager" in run(app, "close", "--month", OCTOBER, "--by", "rep1").output
    assert run(app, "verify", "--month", OCTOBER).exit_code == 1
    refused = run(app, "close", "--month", OCTOBER, "--by", "chief")
    assert refused.exit_code == 1 and "reason required; open: transactions 1" in refused.output
    closed = run(app, "close", "--month", OCTOBER, "--by", "chief", "--reason", "先关")
    assert closed.exit_code == 0 and "seal " in closed.output
    verified = run(app, "verify", "--month", OCTOBER)
    assert (verified.exit_code, verified.output) == (0, "2026-10: recomputed to the same bytes, seals hold\n")
    tampered("UPDATE wage_sheet SET total_yuan = 1")
    verified = run(app, "verify", "--month", OCTOBER)
    assert verified.exit_code == 1 and "rep1: total is 0.01, recomputed 1200.00" in verified.output
