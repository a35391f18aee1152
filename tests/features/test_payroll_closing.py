"""Closing a month: once, in order, when its list is done or with a reason; its policy stays."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month
from server.payroll.close_checks import CountedCheck
from server.payroll.close_words import shown_checks
from server.payroll.closing import closing_of
from server.payroll.models import WageMonth, WageSheet
from server.payroll.verifying import verify_month
from server.people.models import Person, Role
from server.policy.actions import set_policy
from server.policy.models import CalendarYear
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.browsing import console
from tests.features.closed_months import NOV, OCT, chief, close, closed_october, code_of, draft_november, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.nights import add_night
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, OCTOBER, add_office, moved


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


def visit_both(company, add_visit):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")


def settle_everything(company, add_visit):
    """Nothing of November is left to settle."""
    visit_both(company, add_visit)
    db.session.get_one(CalendarYear, 2026).is_provisional = False
    moved(company.outlet_id, date(2026, 11, 30), "1.00")
    add_night(DECEMBER_2, noon(DECEMBER_2), noon(DECEMBER_2))
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


def test_policy_may_want_every_item_done_first(company, chief, add_visit):
    visit_both(company, add_visit)
    set_policy("wage.close_needs_all", "true", date(2026, 11, 1), "从严", chief, noon(NOVEMBER_2))
    with pytest.raises(Problem) as refused:
        close(NOV, chief, DECEMBER_2)
    assert code_of(refused) == ("invalid", {"checks": "open"})
    db.session.rollback()
    moved(company.outlet_id, date(2026, 11, 30), "1.00")
    with pytest.raises(Problem) as refused:
        close(NOV, chief, DECEMBER_2)
    assert code_of(refused) == ("invalid", {"checks": "open"})
    db.session.rollback()
    add_night(DECEMBER_2, noon(DECEMBER_2), noon(DECEMBER_2))
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
    expected = {
        "nights": 1,
        "transactions": 1,
        "reviews": 1,
        "findings": 1,
        "calendar": 1,
        "unseen": 2,
        "evidence": 0,
        "phones": 0,
        "churn": 0,
        "calls": 0,
    }
    assert {code: left[code] for code in expected} == expected


def addresses(app, login, *codes, month=NOV):
    with app.test_request_context():
        reader = db.session.scalars(select(Person).where(Person.login == login)).one()
        shown = shown_checks([CountedCheck(code, 1, True) for code in codes], month, reader)
        return [one.href for one in shown]


def test_each_item_leads_to_the_page_that_settles_it(app, company, chief):
    add_office("root", Role.ADMIN)
    db.session.commit()
    assert addresses(
        app, "root", "reviews", "findings", "objections", "payslip_objections", "churn", "calls", "transactions", "phones", "calendar"
    ) == [
        "/visits?verdict=waiting&month=2026-11",
        "/findings?state=proposed&month=2026-11",
        "/findings?state=objected&month=2026-11",
        "/payroll/2026-11?answer=objected",
        "/churn",
        "/callbacks",
        "/imports",
        "/devices",
        "/calendar",
    ]


def test_an_item_leads_nowhere_for_who_may_not_open_its_page(app, company, chief):
    assert addresses(app, "chief", "transactions", "phones", "churn") == ["", "", "/churn"]


def test_what_is_without_evidence_leads_to_findings_or_to_the_visits_whose_files_are_missing(app, company, chief, add_visit):
    assert addresses(app, "chief", "evidence") == ["/findings?state=upheld&month=2026-11"]
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", signature_sha256="0" * 64)
    sealed_id = add_visit(company.outlet_id, company.rep_id, "2026-11-25T01:00:00+00:00")
    assert addresses(app, "chief", "evidence") == ["/visits?verdict=pending&month=2026-11"]
    page = console(app, "chief").get("/visits?verdict=pending&month=2026-11").text
    assert visit_id in page and sealed_id not in page


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


def test_policy_of_a_closed_month_stays(company, chief):
    closed_october(company, chief)
    for day, is_taken in ((date(2026, 9, 1), False), (date(2026, 10, 1), False), (date(2026, 10, 2), True)):
        if is_taken:
            set_policy("wage.base_yuan", "1200", day, "调整", chief, noon(NOVEMBER_2))
            continue
        with pytest.raises(Problem) as refused:
            set_policy("wage.base_yuan", "1200", day, "调整", chief, noon(NOVEMBER_2))
        assert code_of(refused) == ("invalid", {"valid_from": "closed"})
