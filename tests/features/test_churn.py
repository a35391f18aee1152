"""Churn: decided by words, in time or late, charged or not."""

from datetime import date

import pytest
from sqlalchemy import func, select

from server.churn.actions import Said, give_word, mark_reason
from server.churn.deciding import refresh_cases
from server.churn.models import ChurnCase, ChurnWord
from server.db import db
from server.domain.churn import Source
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.policy.actions import set_policy
from sync.problems import Problem
from tests.features.churn_cases import case, case_of, lists, moved  # noqa: F401
from tests.features.conftest import noon
from tests.sync.conftest import Company, company  # noqa: F401


def says(app, case_id: str, source: str, is_gone: bool, day: date, by_id: str) -> str:
    with app.app_context():
        return give_word(case_id, Said(Source(source), is_gone, "店门关着", day), by_id, noon(day)).state


def refresh(app, day: date) -> int:
    with app.app_context():
        changed = refresh_cases(noon(day))
        db.session.commit()
        return changed


def churned_on(app, outlet_id: str) -> date | None:
    with app.app_context():
        return db.session.get_one(Outlet, outlet_id).churned_on


def findings(app) -> list[tuple[str, str, str, str, str]]:
    with app.app_context():
        query = select(Finding).order_by(Finding.source_key)
        return [(one.source_key, one.month, one.person_id, str(one.amount_yuan), one.state) for one in db.session.scalars(query)]


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
