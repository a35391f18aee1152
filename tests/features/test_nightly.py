"""The nightly check: compliance, findings, wages; run twice it changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from server.db import db
from server.feed.clock import current_number
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence, FindingStep
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet, OutletClassChange
from server.payroll.models import WageLine, WageSheet
from server.policy.models import CalendarYear
from server.visits.models import OutletMonth
from server.visits.verdicts import review_visit
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.conftest import noon

DECEMBER_1 = date(2026, 12, 1)
NOVEMBER = "2026-11"


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def night(day=DECEMBER_1):
    return run_nightly(day, noon(day))


def month_of(outlet_id, month=NOVEMBER):
    db.session.expire_all()
    return db.session.get(OutletMonth, (outlet_id, month))


def findings(month=NOVEMBER):
    return list(db.session.scalars(select(Finding).where(Finding.month == month).order_by(Finding.source_key)))


def lines_of(person_id, month=NOVEMBER):
    query = select(WageLine).join(WageSheet).where(WageSheet.person_id == person_id, WageSheet.month == month)
    return {line.kind: (str(line.amount_yuan), line.evidence) for line in db.session.scalars(query)}


def test_a_counting_visit_makes_the_month_done(company, add_visit):
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    row = month_of(company.outlet_id)
    assert (row.owed, row.counted, row.state, row.visit_ids, row.rep_id) == (1, 1, "done", [visit_id], company.rep_id)


def test_the_last_second_of_november_counts_for_november_and_the_next_for_december(company, add_visit):
    add_visit(company.outlet_id, company.rep_id, "2026-11-30T15:59:59+00:00")
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-30T16:00:00+00:00")
    night()
    assert month_of(company.outlet_id).counted == 1
    assert month_of(company.second_outlet_id).counted == 0
    assert month_of(company.second_outlet_id, "2026-12").counted == 1


def test_two_visits_on_one_date_count_once_for_class_a(company, add_visit):
    outlet = db.session.get(Outlet, company.outlet_id)
    db.session.add(OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class="A", valid_from=date(2026, 11, 1)))
    db.session.commit()
    add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+00:00")
    row = month_of(company.outlet_id)
    assert (row.outlet_class, row.owed, row.counted, row.state) == ("A", 2, 1, "due")


def test_a_class_change_dated_the_second_owes_from_the_next_month(company):
    db.session.add(OutletClassChange(id=uuid7(), outlet_id=company.outlet_id, outlet_class="C", valid_from=date(2026, 1, 1)))
    db.session.add(OutletClassChange(id=uuid7(), outlet_id=company.outlet_id, outlet_class="A", valid_from=date(2026, 11, 2)))
    db.session.commit()
    night()
    assert (month_of(company.outlet_id).owed, month_of(company.outlet_id, "2026-12").owed) == (1, 2)


def test_a_visit_by_anyone_counts_for_the_outlet(company, add_visit):
    add_visit(company.outlet_id, company.other_rep_id, "2026-11-24T01:00:00+00:00")
    night()
    assert month_of(company.outlet_id).state == "done"
    assert [finding.outlet_id for finding in findings()] == [company.second_outlet_id]


def test_a_miss_is_charged_to_the_rep_of_the_months_last_day(company):
    assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 20), company.supervisor_id, noon(date(2026, 11, 24)))
    night()
    charged = {finding.outlet_id: finding.person_id for finding in findings()}
    assert charged == {company.outlet_id: company.other_rep_id, company.second_outlet_id: company.rep_id}


def test_nothing_is_proposed_while_the_month_runs(company):
    night(date(2026, 11, 30))
    assert findings() == []


def test_a_missed_month_is_proposed_once_with_its_evidence(company, add_visit):
    incomplete = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", is_checklist_complete=False)
    night()
    night()
    finding = next(one for one in findings() if one.outlet_id == company.outlet_id)
    assert (finding.kind, str(finding.amount_yuan), finding.state) == ("missed_visit", "20.00", "proposed")
    evidence = {(row.kind, row.ref_id) for row in db.session.scalars(select(FindingEvidence).where(FindingEvidence.finding_id == finding.id))}
    assert evidence == {("outlet_month", f"{company.outlet_id}:2026-11"), ("visit", incomplete)}
    assert len(findings()) == 2


def test_a_visit_waiting_for_review_holds_the_finding_back(company, add_visit):
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", distance_m=640.0)
    night()
    assert month_of(company.outlet_id).state == "waiting"
    assert [finding.outlet_id for finding in findings()] == [company.second_outlet_id]
    review_visit(visit_id, "rejected", "照片不是这个店", company.supervisor_id, noon(DECEMBER_1))
    night()
    assert len(findings()) == 2


def test_an_accepted_visit_counts_the_same_moment(company, add_visit):
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", distance_m=640.0)
    review_visit(visit_id, "accepted", "店搬了", company.supervisor_id, noon(date(2026, 11, 25)))
    assert month_of(company.outlet_id).state == "done"


def test_a_late_visit_takes_a_proposed_finding_back(company, add_visit):
    night()
    add_visit(company.outlet_id, company.rep_id, "2026-11-29T01:00:00+00:00", received=noon(DECEMBER_1))
    night()
    states = {finding.outlet_id: finding.state for finding in findings()}
    assert states == {company.outlet_id: "dismissed", company.second_outlet_id: "proposed"}


def test_running_twice_changes_nothing_and_stamps_nothing(company, add_visit):
    add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    night()
    before = current_number(db.session)
    db.session.rollback()
    night()
    assert current_number(db.session) == before


def test_an_upheld_miss_costs_twenty_and_the_award(company):
    night()
    for finding in findings():
        decide_finding(finding.id, "upheld", "核实属实", company.supervisor_id, noon(DECEMBER_1))
    night()
    lines = lines_of(company.rep_id)
    assert {kind: amount for kind, (amount, _) in lines.items()} == {"base": "1100.00", "award_complaints": "100.00", "deduct_missed_visit": "-40.00"}
    assert [evidence["kind"] for evidence in lines["deduct_missed_visit"][1]] == ["finding", "finding"]


def test_a_dismissed_miss_keeps_the_award(company, add_visit):
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    night()
    [finding] = findings()
    decide_finding(finding.id, "dismissed", "停电检修", company.supervisor_id, noon(DECEMBER_1))
    night()
    lines = lines_of(company.rep_id)
    assert {kind: amount for kind, (amount, _) in lines.items()} == {"base": "1100.00", "award_complaints": "100.00", "award_visits": "100.00"}
    assert lines["award_visits"][1] == [{"kind": "visit", "id": visit_id}]


def test_a_closed_sheet_never_changes(company, add_visit):
    night()
    sheet = db.session.scalars(select(WageSheet).where(WageSheet.person_id == company.rep_id, WageSheet.month == NOVEMBER)).one()
    sheet.state = "closed"
    db.session.commit()
    add_visit(company.outlet_id, company.rep_id, "2026-11-29T01:00:00+00:00")
    add_visit(company.second_outlet_id, company.rep_id, "2026-11-29T01:00:00+00:00")
    night()
    assert set(lines_of(company.rep_id)) == {"base", "award_complaints"}


def test_a_decision_needs_a_reason_and_is_made_once(company):
    night()
    finding = findings()[0]
    with pytest.raises(Problem) as refused:
        decide_finding(finding.id, "upheld", "  ", company.supervisor_id, noon(DECEMBER_1))
    assert refused.value.refusal.code == "invalid"
    db.session.rollback()
    decide_finding(finding.id, "upheld", "核实属实", company.supervisor_id, noon(DECEMBER_1))
    with pytest.raises(Problem) as refused:
        decide_finding(finding.id, "dismissed", "反悔", company.supervisor_id, noon(DECEMBER_1))
    assert refused.value.refusal.code == "stale"
    db.session.rollback()
    steps = list(db.session.scalars(select(FindingStep.state).where(FindingStep.finding_id == finding.id).order_by(FindingStep.at, FindingStep.id)))
    assert sorted(steps) == ["proposed", "upheld"]


def test_the_policy_of_the_months_first_day_sets_the_amount(company):
    from server.policy.actions import set_policy

    set_policy("wage.missed_visit_yuan", "25", date(2026, 11, 1), "试行", None, noon(date(2026, 11, 1)))
    set_policy("wage.missed_visit_yuan", "30", date(2026, 11, 2), "再调", None, noon(date(2026, 11, 2)))
    night()
    assert {str(finding.amount_yuan) for finding in findings()} == {"25.00"}


def test_an_outlet_takes_its_position_from_the_first_accepted_visit(company, add_visit):
    outlet = db.session.get(Outlet, company.outlet_id)
    outlet.lat = outlet.lon = None
    db.session.commit()
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00", distance_m=None)
    other = add_visit(company.outlet_id, company.rep_id, "2026-11-25T01:00:00+00:00", distance_m=None)
    review_visit(visit_id, "accepted", "新店", company.supervisor_id, noon(date(2026, 11, 26)))
    outlet = db.session.get(Outlet, company.outlet_id)
    assert (outlet.lat, outlet.lon, outlet.position_visit_id) == (30.66, 104.07, visit_id)
    assert month_of(company.outlet_id).visit_ids == [visit_id, other]  # the second is in place now, too


def test_the_night_adds_the_calendar_of_the_coming_year_once(company):
    assert (db.session.get(CalendarYear, 2028), dict(steps_of(date(2026, 12, 31)))["calendar years"]) == (None, 0)
    assert dict(steps_of(date(2027, 1, 1)))["calendar years"] == 1
    assert db.session.get_one(CalendarYear, 2028).is_provisional
    assert dict(steps_of(date(2027, 1, 2)))["calendar years"] == 0


def steps_of(day):
    return [(step, count) for step, month, count in night(day).steps if not month]


def test_a_night_reports_its_steps(company):
    lines = night().lines()
    assert lines[0] == "nightly 2026-12-01"
    assert any("2026-11" in line and "findings proposed" in line for line in lines)


def test_nights_and_visits_at_the_same_time_end_like_one_clean_night(app, company, add_visit):
    add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    db.session.remove()

    def another_night():
        with app.app_context():
            night()

    with ThreadPoolExecutor(4) as pool:
        for running in [pool.submit(another_night) for _ in range(4)]:
            running.result()
    assert [finding.outlet_id for finding in findings()] == [company.second_outlet_id]
    sheets = db.session.scalars(select(WageSheet.person_id).where(WageSheet.month == NOVEMBER))
    assert sorted(sheets) == sorted([company.rep_id, company.other_rep_id])
    before = current_number(db.session)
    db.session.rollback()
    night()
    assert current_number(db.session) == before


def test_two_phones_at_one_outlet_at_once_both_count(app, company, add_visit):
    outlet = db.session.get(Outlet, company.outlet_id)
    db.session.add(OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class="A", valid_from=date(2026, 11, 1)))
    db.session.commit()

    def visit(rep_id, at):
        with app.app_context():
            return add_visit(company.outlet_id, rep_id, at)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(visit, company.rep_id, "2026-11-24T01:00:00+00:00")
        second = pool.submit(visit, company.other_rep_id, "2026-11-25T01:00:00+00:00")
        visit_ids = [first.result(), second.result()]
    row = month_of(company.outlet_id)
    assert (row.counted, row.visit_ids) == (2, visit_ids)
