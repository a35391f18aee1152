"""Churn: listed from transactions, decided by words, charged or not. Happy, who may not, bad input, twice."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from server.churn.actions import Said, give_word, mark_reason
from server.churn.deciding import refresh_cases
from server.churn.listing import list_churn
from server.churn.models import ChurnCase, ChurnWord
from server.clock import today
from server.db import db
from server.domain.churn import Source
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.policy.actions import set_policy
from server.transactions.models import OutletTransfer
from sync.problems import Problem
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

LISTED = date(2026, 11, 2)  # a Monday: marketing may speak until Tuesday the 10th


def moved(app, outlet_id: str, *transfers: tuple[date, str]) -> None:
    with app.app_context():
        for day, amount in transfers:
            db.session.add(OutletTransfer(outlet_id=outlet_id, on=day, amount_yuan=Decimal(amount)))
        db.session.commit()


def lists(app, day: date = LISTED, waits: bool = True) -> int:
    with app.app_context():
        made = list_churn(noon(day), waits)
        db.session.commit()
        return made


@pytest.fixture
def case(app, company: Company) -> str:
    """The first outlet moved money in September and none in October, the second in both; its case is listed on 2 November."""
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    moved(app, company.second_outlet_id, (date(2026, 9, 12), "500"), (date(2026, 10, 31), "1"))
    assert lists(app) == 1
    with app.app_context():
        return db.session.scalars(select(ChurnCase.id)).one()


def says(app, case_id: str, source: str, is_gone: bool, day: date, by_id: str) -> str:
    with app.app_context():
        return give_word(case_id, Said(Source(source), is_gone, "店门关着", day), by_id, noon(day)).state


def refresh(app, day: date) -> int:
    with app.app_context():
        changed = refresh_cases(noon(day))
        db.session.commit()
        return changed


def case_of(app, case_id: str) -> ChurnCase:
    with app.app_context():
        return db.session.get_one(ChurnCase, case_id)


def churned_on(app, outlet_id: str) -> date | None:
    with app.app_context():
        return db.session.get_one(Outlet, outlet_id).churned_on


def findings(app) -> list[tuple[str, str, str, str, str]]:
    with app.app_context():
        query = select(Finding).order_by(Finding.source_key)
        return [(one.source_key, one.month, one.person_id, str(one.amount_yuan), one.state) for one in db.session.scalars(query)]


def test_the_list_holds_who_was_active_in_the_month_before_last_but_not_last_month(app, company: Company, case):
    found = case_of(app, case)
    assert (found.outlet_id, found.month, found.listed_on, found.due_on) == (company.outlet_id, "2026-11", LISTED, date(2026, 11, 10))
    assert found.state == "open"


def test_the_list_is_made_once_however_often_it_runs(app, company: Company, case):
    assert lists(app, date(2026, 11, 3)) == 0
    assert lists(app, date(2026, 12, 1), waits=False) == 1  # the second outlet stopped in November; the first is on no list any more
    with app.app_context():
        assert {(one.outlet_id, one.month) for one in db.session.scalars(select(ChurnCase))} == {
            (company.outlet_id, "2026-11"),
            (company.second_outlet_id, "2026-12"),
        }


def test_nobody_is_listed_before_last_months_transactions_are_in(app, company: Company):
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    moved(app, company.second_outlet_id, (date(2026, 9, 12), "500"), (date(2026, 10, 20), "1"))
    assert lists(app) == 0
    moved(app, company.second_outlet_id, (date(2026, 10, 31), "1"))
    assert lists(app, date(2026, 11, 4)) == 1
    with app.app_context():
        assert db.session.scalars(select(ChurnCase)).one().listed_on == date(2026, 11, 4)


def test_refunds_that_leave_nothing_are_no_activity(app, company: Company):
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"), (date(2026, 10, 5), "80"), (date(2026, 10, 31), "-80"))
    moved(app, company.second_outlet_id, (date(2026, 9, 12), "500"), (date(2026, 9, 13), "-500"))
    assert lists(app) == 1
    with app.app_context():
        assert db.session.scalars(select(ChurnCase)).one().outlet_id == company.outlet_id


def test_who_churned_before_is_listed_no_more(app, company: Company):
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).churned_on = date(2026, 10, 8)
        db.session.commit()
    assert lists(app, waits=False) == 0


def test_one_confirmation_churns_and_proposes_in_the_month_of_the_decision(app, company: Company, case):
    assert says(app, case, "ops", True, date(2026, 12, 1), company.supervisor_id) == "churned"
    found = case_of(app, case)
    assert (found.decided_on, found.decided_by_id) == (date(2026, 12, 1), company.supervisor_id)
    assert churned_on(app, company.outlet_id) == date(2026, 12, 1)
    assert findings(app) == [(f"churned:{case}", "2026-12", company.rep_id, "30.00", "proposed")]
    with app.app_context():
        assert db.session.execute(select(FindingEvidence.kind, FindingEvidence.ref_id)).one() == ("churn_case", case)


def test_the_rep_of_the_day_it_was_listed_is_charged(app, company: Company, case):
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 3), company.supervisor_id, noon(date(2026, 11, 3)))
    says(app, case, "ops", True, date(2026, 11, 5), company.supervisor_id)
    assert [finding[2] for finding in findings(app)] == [company.rep_id]


def test_a_denial_keeps_the_customer(app, company: Company, case):
    assert says(app, case, "marketing", False, date(2026, 11, 5), company.rep_id) == "kept"
    assert churned_on(app, company.outlet_id) is None
    assert findings(app) == []


def test_a_later_denial_takes_the_finding_back_and_a_visit_decides(app, company: Company, case):
    says(app, case, "ops", True, date(2026, 11, 4), company.supervisor_id)
    assert says(app, case, "marketing", False, date(2026, 11, 5), company.rep_id) == "disputed"
    assert churned_on(app, company.outlet_id) is None
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]
    assert says(app, case, "on_site", True, date(2026, 11, 17), company.supervisor_id) == "churned"
    assert churned_on(app, company.outlet_id) == date(2026, 11, 17)
    assert [(finding[1], finding[-1]) for finding in findings(app)] == [("2026-11", "proposed")]


def test_a_visit_that_finds_the_customer_keeps_it(app, company: Company, case):
    says(app, case, "ops", True, date(2026, 11, 4), company.supervisor_id)
    assert says(app, case, "on_site", False, date(2026, 11, 6), company.supervisor_id) == "kept"
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]


@pytest.mark.parametrize(("day", "count"), [(date(2026, 11, 10), 1), (date(2026, 11, 11), 0)])
def test_marketing_speaks_until_its_sixth_working_day(app, company: Company, case, day, count):
    if not count:
        with pytest.raises(Problem) as refused:
            says(app, case, "marketing", True, day, company.rep_id)
        assert refused.value.extras["fields"] == {"source": "too_late_to_count"}
        return
    assert says(app, case, "marketing", True, day, company.rep_id) == "churned"


def test_without_a_word_ops_decides_after_the_deadline(app, company: Company, case):
    assert refresh(app, date(2026, 11, 10)) == 0
    assert refresh(app, date(2026, 11, 11)) == 1
    assert refresh(app, date(2026, 11, 12)) == 0
    assert case_of(app, case).state == "ops_decides"
    assert says(app, case, "ops", True, date(2026, 11, 12), company.supervisor_id) == "churned"


def test_a_deadline_follows_a_calendar_that_was_announced(app, company: Company, case):
    from server.policy.models import CalendarYear

    refresh(app, date(2026, 11, 11))
    with app.app_context():
        year = db.session.get_one(CalendarYear, 2026)
        year.off = [*year.off, "2026-11-06"]
        db.session.commit()
    assert refresh(app, date(2026, 11, 11)) == 1
    found = case_of(app, case)
    assert (found.due_on, found.state) == (date(2026, 11, 11), "open")


def test_policy_may_demand_all_three(app, company: Company):
    with app.app_context():
        set_policy("churn.needs_all_three", "true", date(2026, 11, 1), "试行", None, noon(date(2026, 10, 20)))
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    lists(app, waits=False)
    with app.app_context():
        case_id = db.session.scalars(select(ChurnCase.id)).one()
    states = [says(app, case_id, source, True, date(2026, 11, 5), company.supervisor_id) for source in ("marketing", "ops", "on_site")]
    assert states == ["open", "open", "churned"]


def test_normal_churn_is_charged_to_nobody(app, company: Company, case):
    says(app, case, "ops", True, date(2026, 11, 4), company.supervisor_id)
    with app.app_context():
        mark_reason(case, "closed_down", company.supervisor_id, noon(date(2026, 11, 5)))
    assert churned_on(app, company.outlet_id) == date(2026, 11, 4)
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]
    with app.app_context():
        mark_reason(case, "", company.supervisor_id, noon(date(2026, 11, 6)))
    assert [finding[-1] for finding in findings(app)] == ["proposed"]


def test_nothing_changes_once_the_manager_decided(app, company: Company, case):
    says(app, case, "ops", True, date(2026, 11, 4), company.supervisor_id)
    with app.app_context():
        decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "属实", company.supervisor_id, noon(date(2026, 11, 5)))
        with pytest.raises(Problem) as refused:
            give_word(case, Said(Source.ON_SITE, False, "又开了", date(2026, 11, 6)), company.supervisor_id, noon(date(2026, 11, 6)))
        assert refused.value.refusal.code == "stale"
        db.session.rollback()
        with pytest.raises(Problem):
            mark_reason(case, "moved", company.supervisor_id, noon(date(2026, 11, 6)))
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(ChurnWord)) == 1
    assert churned_on(app, company.outlet_id) == date(2026, 11, 4)


def test_nobody_is_charged_for_an_outlet_of_the_pool(app, company: Company):
    with app.app_context():
        assign_outlets([company.outlet_id], None, date(2026, 11, 1), company.supervisor_id, noon(date(2026, 11, 1)))
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    lists(app, waits=False)
    with app.app_context():
        case_id = db.session.scalars(select(ChurnCase.id)).one()
    assert says(app, case_id, "ops", True, date(2026, 11, 4), company.supervisor_id) == "churned"
    assert findings(app) == []


def test_a_merged_outlets_customer_left_for_a_normal_reason(app, company: Company, case):
    says(app, case, "ops", True, date(2026, 11, 4), company.supervisor_id)
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(date(2026, 11, 5)))
    assert case_of(app, case).reason == "merged"
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]


@pytest.fixture
def running(app, company: Company) -> str:
    """The address of a case listed today."""
    with app.app_context():
        case = ChurnCase(id="0" * 36, outlet_id=company.outlet_id, month="2026-11", listed_on=today(), due_on=today(), state="open")
        case.made_at = noon(today())
        db.session.add(case)
        db.session.commit()
    return "/churn/" + "0" * 36


def test_the_list_opens_with_what_waits(app, company: Company, staff: Staff, running):
    ops = console(app, "ops")
    assert "网点 CD-1" in ops.get("/churn").text
    with app.app_context():
        db.session.get_one(ChurnCase, "0" * 36).state = "disputed"
        db.session.commit()
    assert "网点 CD-1" in ops.get("/churn").text and "网点 CD-1" not in ops.get("/churn?state=open").text
    with app.app_context():
        db.session.get_one(ChurnCase, "0" * 36).state = "kept"
        db.session.commit()
    assert "网点 CD-1" not in ops.get("/churn").text


def test_words_are_given_in_the_console(app, company: Company, staff: Staff, running):
    rep, ops, boss = console(app, "rep1"), console(app, "ops"), console(app, "boss")
    assert ops.post(f"{running}/words", data={"source": "ops", "said": "gone", "note": "电话说不用了"}).status_code == 302
    assert rep.post(f"{running}/words", data={"source": "marketing", "said": "here", "note": "昨天还在收费"}).status_code == 302
    assert "说法不一" in ops.get("/churn?state=disputed").text and "网点 CD-1" in ops.get("/churn?state=disputed").text
    assert boss.post(f"{running}/words", data={"source": "on_site", "said": "gone", "note": "卷帘门贴了转让"}).status_code == 302
    page = rep.get(running).text
    assert all(text in page for text in ("电话说不用了", "昨天还在收费", "卷帘门贴了转让", "已离网", "等经理认定"))
    assert ops.post(f"{running}/reason", data={"reason": "moved"}).status_code == 302
    assert "搬走" in ops.get(running).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"said": "gone", "note": "x"}, "要选一个"),
        ({"source": "marketing", "said": "gone", "note": "x"}, "要选一个"),
        ({"source": "ops", "said": "maybe", "note": "x"}, "要选一个"),
        ({"source": "ops", "said": "gone", "note": " "}, "这里要填"),
    ],
)
def test_a_word_with_a_fault_says_where(app, company: Company, staff: Staff, running, data, words):
    answer = console(app, "ops").post(f"{running}/words", data=data)
    assert answer.status_code == 422 and words in answer.text
    assert console(app, "ops").post(f"{running}/reason", data={"reason": "bored"}).status_code == 422


def test_who_says_and_who_sees(app, company: Company, staff: Staff, running):
    word = {"source": "marketing", "said": "gone", "note": "x"}
    for login, status in (("rep2", 404), ("farboss", 404), ("farrep", 404), ("payer", 403), ("root", 403)):
        assert console(app, login).post(f"{running}/words", data=word).status_code == status, login
    for login, status in (("ops", 200), ("chief", 200), ("payer", 200), ("boss", 200), ("rep1", 200), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).get(running).status_code == status, login
    for login in ("rep1", "boss", "chief"):
        assert console(app, login).post(f"{running}/reason", data={"reason": "moved"}).status_code == 403, login
        assert console(app, login).post("/churn/list").status_code == 403, login
    on_site = {"source": "on_site", "said": "here", "note": "x"}
    assert console(app, "rep1").post(f"{running}/words", data=on_site).status_code == 422
    assert console(app, "chief").post(f"{running}/words", data=on_site).status_code == 302


def test_a_word_after_the_managers_decision_is_stale(app, company: Company, staff: Staff, running):
    ops = console(app, "ops")
    ops.post(f"{running}/words", data={"source": "ops", "said": "gone", "note": "不用了"})
    with app.app_context():
        decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "属实", staff.ids["chief"], noon(today()))
    assert ops.post(f"{running}/words", data={"source": "ops", "said": "here", "note": "又用了"}).status_code == 409
    assert ops.post(f"{running}/reason", data={"reason": "moved"}).status_code == 409
    assert "经理已经认定" in ops.get(running).text


def test_ops_makes_the_list_when_the_data_are_in(app, company: Company, staff: Staff):
    last = today().replace(day=1)
    before_last = date(last.year, last.month - 2, 5) if last.month > 2 else date(last.year - 1, last.month + 10, 5)
    moved(app, company.outlet_id, (before_last, "500"))
    ops = console(app, "ops")
    assert "新列出 1 户" in ops.post("/churn/list", follow_redirects=True).text
    assert "新列出 0 户" in ops.post("/churn/list", follow_redirects=True).text


def test_the_pages_have_english(app, company: Company, staff: Staff, running):
    ops = console(app, "ops", "en")
    for path in ("/churn", running):
        assert untranslated(ops.get(path).text) == [], path
    ops.post(f"{running}/words", data={"source": "ops", "said": "gone", "note": "不用了"})
    for path in ("/churn?state=churned", running):
        assert untranslated(ops.get(path).text) == [], path
