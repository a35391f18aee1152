"""Objections to findings: by the person concerned, in time, once per step; the manager's answer changes the wage."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.findings.actions import Proposal, decide_finding, propose_findings, withdraw_findings
from server.findings.models import Finding, FindingObjection, FindingStep
from server.findings.objections import Objection, answer_objection, object_to_finding
from server.payroll.actions import draft_month
from server.payroll.closing import close_month, counted_checks
from server.policy.actions import set_policy
from server.visits.models import OutletMonth
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.closed_months import NOV, OCT, chief, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.wages import DECEMBER_2, NOVEMBER, NOVEMBER_2, OCTOBER, lines_of, total_of, upheld

NOVEMBER_9 = date(2026, 11, 9)


def proposed(company, kind="missed_visit", on=NOVEMBER_2):
    """A finding about the first rep that waits for the manager."""
    proposal = Proposal(f"{kind}:test", kind, NOVEMBER, company.rep_id, company.outlet_id, 20, "-", (("outlet", company.outlet_id),))
    propose_findings([proposal], noon(on))
    db.session.commit()
    return db.session.scalars(select(Finding.id).where(Finding.source_key == proposal.source_key)).one()


@pytest.fixture
def owed_visit(company):
    """One visit owed in November at the first outlet and not made."""
    month = OutletMonth(outlet_id=company.outlet_id, month=NOVEMBER, rep_id=company.rep_id, outlet_class="C", owed=1, planned=1, counted=0, waiting=0)
    month.state, month.visit_ids, month.policy_version = "missed", [], "-"
    db.session.add(month)
    db.session.commit()


def object_to(finding_id, by_id, at, text="门头在修，拍不到招牌。"):
    """Object at an instant; answers with the objection's id."""
    objection = Objection(uuid7(), text, (), at)
    object_to_finding(finding_id, objection, by_id, at)
    return objection.id


def refusal_of(refused):
    return refused.value.refusal.code, {key: str(value) for key, value in refused.value.extras.items() if key != "fields"}


def state_of(finding_id):
    db.session.expire_all()
    return db.session.get_one(Finding, finding_id).state


def objection_of(objection_id):
    db.session.expire_all()
    return db.session.get_one(FindingObjection, objection_id)


def steps_of(finding_id):
    query = select(FindingStep.state, FindingStep.reason).where(FindingStep.finding_id == finding_id)
    return [tuple(row) for row in db.session.execute(query.order_by(FindingStep.at, FindingStep.id))]


def audited():
    return list(db.session.scalars(select(AuditRow.action).where(AuditRow.action.like("finding.%")).order_by(AuditRow.id)))


def test_an_objection_to_a_proposed_finding_leaves_it_proposed(company, chief):
    finding_id = proposed(company)
    objection = objection_of(object_to(finding_id, company.rep_id, noon(NOVEMBER_2)))
    assert (objection.by_id, objection.text, objection.photos, objection.answer) == (company.rep_id, "门头在修，拍不到招牌。", [], "")
    assert state_of(finding_id) == "proposed"
    assert audited() == ["finding.objected"]


def test_an_accepted_objection_dismisses_what_was_upheld(company, chief):
    finding_id = upheld(company.rep_id, chief)
    objection_id = object_to(finding_id, company.rep_id, noon(NOVEMBER_9))
    answer_objection(objection_id, "accepted", " 确有其事 ", chief, noon(NOVEMBER_9) + timedelta(hours=1))
    objection = objection_of(objection_id)
    assert (objection.answer, objection.answer_reason, objection.answered_by_id) == ("accepted", "确有其事", chief)
    assert state_of(finding_id) == "dismissed"
    assert steps_of(finding_id)[-2:] == [("upheld", "核实属实"), ("dismissed", "确有其事")]
    assert audited() == ["finding.upheld", "finding.objected", "finding.objection_accepted", "finding.dismissed"]


def test_a_rejected_objection_leaves_the_finding_as_it_is(company, chief):
    finding_id = upheld(company.rep_id, chief)
    objection_id = object_to(finding_id, company.rep_id, noon(NOVEMBER_9))
    answer_objection(objection_id, "rejected", "照片是上个月的", chief, noon(NOVEMBER_9))
    assert objection_of(objection_id).answer == "rejected"
    assert state_of(finding_id) == "upheld"
    assert len(steps_of(finding_id)) == 2
    assert audited()[-1] == "finding.objection_rejected"


@pytest.mark.parametrize(("decision", "answer"), [("upheld", "rejected"), ("dismissed", "accepted")])
def test_a_decision_answers_the_objection_that_waits(company, chief, decision, answer):
    finding_id = proposed(company)
    objection_id = object_to(finding_id, company.rep_id, noon(NOVEMBER_2))
    decide_finding(finding_id, decision, "看过照片", chief, noon(NOVEMBER_9))
    objection = objection_of(objection_id)
    assert (objection.answer, objection.answer_reason, objection.answered_by_id) == (answer, "看过照片", chief)
    assert f"finding.objection_{answer}" in audited()


def test_facts_that_settle_a_finding_answer_its_objection(company, chief):
    objection_id = object_to(proposed(company), company.rep_id, noon(NOVEMBER_2))
    assert withdraw_findings(Finding.kind == "missed_visit", "补到的巡检已计入", noon(NOVEMBER_9)) == 1
    db.session.commit()
    objection = objection_of(objection_id)
    assert (objection.answer, objection.answered_by_id) == ("accepted", None)


@pytest.mark.parametrize(
    ("at", "fault"),
    [
        (datetime(2026, 11, 9, 15, 59, 59, tzinfo=UTC), None),  # 23:59:59 of the last day in Shanghai
        (datetime(2026, 11, 9, 16, 0, tzinfo=UTC), "late"),
    ],
)
def test_an_objection_counts_until_the_end_of_the_seventh_day(company, chief, at, fault):
    finding_id = upheld(company.rep_id, chief)
    if fault is None:
        object_to(finding_id, company.rep_id, at)
        return
    with pytest.raises(Problem) as refused:
        object_to(finding_id, company.rep_id, at)
    assert refusal_of(refused) == ("stale", {"why": fault})


def test_a_decision_opens_the_days_again(company, chief):
    finding_id = proposed(company)
    decide_finding(finding_id, "upheld", "核实属实", chief, noon(date(2026, 11, 20)))
    object_to(finding_id, company.rep_id, noon(date(2026, 11, 27)))
    assert state_of(finding_id) == "upheld"


def test_the_days_are_those_of_the_month_of_the_step(company, chief):
    set_policy("finding.objection_days", "2", date(2026, 11, 1), "缩短", chief, noon(date(2026, 10, 20)))
    finding_id = upheld(company.rep_id, chief)
    object_to(finding_id, company.rep_id, noon(date(2026, 11, 4)))
    other_id = upheld(company.rep_id, chief, kind="inaccurate_file")
    with pytest.raises(Problem) as refused:
        object_to(other_id, company.rep_id, noon(date(2026, 11, 5)))
    assert refusal_of(refused) == ("stale", {"why": "late"})


def test_a_step_is_objected_to_once(company, chief):
    finding_id = proposed(company)
    objection_id = object_to(finding_id, company.rep_id, noon(NOVEMBER_2))
    answer_objection(objection_id, "rejected", "看不清", chief, noon(NOVEMBER_2))
    with pytest.raises(Problem) as refused:
        object_to(finding_id, company.rep_id, noon(NOVEMBER_9))
    assert refusal_of(refused) == ("stale", {"why": "known"})


def test_the_next_step_may_be_objected_to_once_more(company, chief):
    finding_id = proposed(company)
    object_to(finding_id, company.rep_id, noon(NOVEMBER_2))
    decide_finding(finding_id, "upheld", "核实属实", chief, noon(date(2026, 11, 3)))
    object_to(finding_id, company.rep_id, noon(date(2026, 11, 4)), "还有一张照片。")
    assert db.session.query(FindingObjection).count() == 2


def test_nothing_is_objected_to_once_it_is_dismissed(company, chief):
    finding_id = proposed(company)
    decide_finding(finding_id, "dismissed", "确在装修", chief, noon(NOVEMBER_2))
    with pytest.raises(Problem) as refused:
        object_to(finding_id, company.rep_id, noon(NOVEMBER_2))
    assert refusal_of(refused) == ("stale", {"why": "settled"})


def test_the_same_objection_sent_twice_is_one(company, chief):
    finding_id, objection = proposed(company), Objection(uuid7(), "拍不到招牌", (), noon(NOVEMBER_2))
    for _ in range(2):
        object_to_finding(finding_id, objection, company.rep_id, noon(NOVEMBER_2))
    assert db.session.query(FindingObjection).count() == 1


def test_only_the_person_concerned_objects(company, chief):
    finding_id = proposed(company)
    for other in (company.other_rep_id, company.supervisor_id, chief):
        with pytest.raises(Problem) as refused:
            object_to(finding_id, other, noon(NOVEMBER_2))
        assert refusal_of(refused) == ("forbidden", {})
        db.session.rollback()


def test_nobody_decides_or_answers_what_is_about_oneself(company, chief):
    for deed in (
        lambda: decide_finding(proposed(company), "dismissed", "我没错", company.rep_id, noon(NOVEMBER_2)),
        lambda: answer_objection(
            object_to(upheld(company.rep_id, chief), company.rep_id, noon(NOVEMBER_9)), "accepted", "我没错", company.rep_id, noon(NOVEMBER_9)
        ),
    ):
        with pytest.raises(Problem) as refused:
            deed()
        assert refusal_of(refused) == ("forbidden", {})
        db.session.rollback()
    assert [finding.state for finding in db.session.scalars(select(Finding).order_by(Finding.kind))] == ["upheld", "proposed"]


def test_an_objection_is_answered_once(company, chief):
    objection_id = object_to(upheld(company.rep_id, chief), company.rep_id, noon(NOVEMBER_9))
    answer_objection(objection_id, "rejected", "看不清", chief, noon(NOVEMBER_9))
    with pytest.raises(Problem) as refused:
        answer_objection(objection_id, "accepted", "看清了", chief, noon(NOVEMBER_9))
    assert refusal_of(refused) == ("stale", {})


@pytest.mark.parametrize(("answer", "reason", "field"), [("accepted", "  ", "reason"), ("perhaps", "看过", "answer")])
def test_an_answer_wants_a_reason_and_a_side(company, chief, answer, reason, field):
    finding_id = upheld(company.rep_id, chief)
    objection_id = object_to(finding_id, company.rep_id, noon(NOVEMBER_9))
    with pytest.raises(Problem) as refused:
        answer_objection(objection_id, answer, reason, chief, noon(NOVEMBER_9))
    assert list(refused.value.extras["fields"]) == [field]
    assert state_of(finding_id) == "upheld"


def test_an_accepted_objection_takes_the_deduction_off_the_draft(company, chief):
    finding_id = upheld(company.rep_id, chief)
    draft_month(NOV, noon(NOVEMBER_2))
    assert lines_of(company.rep_id)["deduct_churned"] == "-30.00"
    answer_objection(object_to(finding_id, company.rep_id, noon(NOVEMBER_9)), "accepted", "还在营业", chief, noon(NOVEMBER_9))
    draft_month(NOV, noon(NOVEMBER_9))
    assert "deduct_churned" not in lines_of(company.rep_id)


def test_an_accepted_objection_to_a_missed_visit_gives_the_award_back(company, chief, owed_visit):
    finding_id = upheld(company.rep_id, chief, kind="missed_visit", on=DECEMBER_2, outlet_id=company.outlet_id)
    draft_month(NOV, noon(DECEMBER_2))
    before = lines_of(company.rep_id)
    assert (before["deduct_missed_visit"], "award_visits" in before) == ("-20.00", False)
    objection_id = object_to(finding_id, company.rep_id, noon(DECEMBER_2) + timedelta(hours=1))
    answer_objection(objection_id, "accepted", "门头在修", chief, noon(DECEMBER_2) + timedelta(hours=2))
    draft_month(NOV, noon(DECEMBER_2) + timedelta(hours=3))
    after = lines_of(company.rep_id)
    assert ("deduct_missed_visit" in after, after["award_visits"]) == (False, "100.00")


def test_an_accepted_objection_to_a_closed_month_becomes_an_adjustment(company, chief):
    finding_id = upheld(company.rep_id, chief, OCTOBER)
    draft_month(OCT, noon(NOVEMBER_2))
    close_month(OCT, "清单里的都看过", chief, noon(NOVEMBER_2))
    closed_total = total_of(company.rep_id, OCTOBER)
    answer_objection(object_to(finding_id, company.rep_id, noon(NOVEMBER_9)), "accepted", "还在营业", chief, noon(NOVEMBER_9))
    draft_month(NOV, noon(NOVEMBER_9))
    assert lines_of(company.rep_id)["2026-10 deduct_churned"] == "30.00"
    assert total_of(company.rep_id, OCTOBER) == closed_total


def test_the_list_before_closing_counts_objections_without_an_answer(company, chief):
    finding_id = upheld(company.rep_id, chief)
    objection_id = object_to(finding_id, company.rep_id, noon(NOVEMBER_9))
    assert {check.code: check.left for check in counted_checks(NOV)}["objections"] == 1
    answer_objection(objection_id, "rejected", "看不清", chief, noon(NOVEMBER_9))
    assert {check.code: check.left for check in counted_checks(NOV)}["objections"] == 0
