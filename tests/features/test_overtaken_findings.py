"""Upheld findings that later facts speak against: the night says so once, the manager keeps them or takes them back (RULEBOOK §10)."""

from datetime import date

import pytest
from sqlalchemy import inspect, select

from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence, FindingStep
from server.findings.windows import objection_windows
from server.materials.actions import Delivery, Wanted, deliver_materials, request_materials
from server.materials.proposals import propose_late_materials
from server.payroll.actions import draft_month
from server.payroll.closing import counted_checks
from server.visits.compliance import refresh_outlet_months
from server.visits.missed import propose_missed_visits
from server.visits.verdicts import review_visit
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.closed_months import NOV, OCT, chief, close, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.wages import NOVEMBER_2, OCTOBER, lines_of
from tests.statements import statements

NOVEMBER_21 = date(2026, 11, 21)


def night(day, *months):
    for month in months or (OCT,):
        refresh_outlet_months(month, noon(day))
        propose_missed_visits(month, noon(day))
        db.session.commit()
        draft_month(month, noon(day))


@pytest.fixture
def missed(company, add_visit, chief):
    """October's miss at the first outlet, upheld on November 2nd."""
    return upheld_miss(company, add_visit, chief)


def upheld_miss(company, add_visit, by_id):
    add_visit(company.second_outlet_id, company.rep_id, "2026-10-09T02:00:00+00:00")
    night(NOVEMBER_2)
    finding_id = db.session.scalars(select(Finding.id).where(Finding.outlet_id == company.outlet_id)).one()
    decide_finding(finding_id, "upheld", "没有去", by_id, noon(NOVEMBER_2))
    return finding_id


def late_visit(company, add_visit):
    """The visit of October 28th, which the phone sent on November 20th."""
    return add_visit(company.outlet_id, company.rep_id, "2026-10-28T02:00:00+00:00", received=noon(date(2026, 11, 20)))


def steps_of(finding_id):
    query = select(FindingStep.state).where(FindingStep.finding_id == finding_id)
    return list(db.session.scalars(query.order_by(FindingStep.at, FindingStep.id)))


def listed(month=NOV):
    return {check.code: check.left for check in counted_checks(month)}["overtaken"]


def test_a_miss_of_a_closed_month_is_taken_back_by_adjustment_when_the_visit_arrives(company, chief, missed, add_visit):
    night(NOVEMBER_2)
    close(OCT, chief, date(2026, 11, 3))
    closed = lines_of(company.rep_id, OCTOBER)
    assert (closed["deduct_missed_visit"], "award_visits" in closed) == ("-20.00", False)
    assert objection_windows([missed])[missed].until == date(2026, 11, 9)
    late_visit(company, add_visit)
    night(NOVEMBER_21, OCT, NOV)
    assert steps_of(missed) == ["proposed", "upheld", "overtaken"]
    assert objection_windows([missed])[missed].until == date(2026, 11, 28)
    assert (listed(OCT), listed(NOV)) == (1, 1)
    decide_finding(missed, "dismissed", "巡检补到了", chief, noon(NOVEMBER_21))
    night(NOVEMBER_21, OCT, NOV)
    november = lines_of(company.rep_id, "2026-11")
    assert (november["2026-10 deduct_missed_visit"], november["2026-10 award_visits"]) == ("20.00", "100.00")
    assert (steps_of(missed)[-1], listed()) == ("dismissed", 0)
    assert lines_of(company.rep_id, OCTOBER) == closed


def test_what_the_manager_keeps_stays_and_is_not_said_again(company, chief, missed, add_visit):
    late_visit(company, add_visit)
    for _ in range(2):
        night(NOVEMBER_21)
    assert steps_of(missed) == ["proposed", "upheld", "overtaken"]
    decide_finding(missed, "upheld", "照片是别的店", chief, noon(NOVEMBER_21))
    night(date(2026, 11, 22))
    assert (steps_of(missed), listed()) == (["proposed", "upheld", "overtaken", "upheld"], 0)
    with pytest.raises(Problem) as refused:
        decide_finding(missed, "dismissed", "再想想", chief, noon(date(2026, 11, 22)))
    assert refused.value.refusal.code == "stale"


def test_a_night_with_nothing_to_propose_reads_no_visits(app, company, chief, missed):
    with statements(app) as asked:
        assert propose_missed_visits(OCT, noon(NOVEMBER_21)) == 0
    assert [statement for statement in asked if "FROM visit" in statement] == []


def test_a_rejected_visit_lets_the_miss_stand_and_an_accepted_one_overtakes_it_again(company, chief, missed, add_visit):
    visit_id = late_visit(company, add_visit)
    night(NOVEMBER_21)
    review_visit(visit_id, "rejected", "照片不是这个店", company.supervisor_id, noon(date(2026, 11, 22)))
    night(date(2026, 11, 22))
    assert (steps_of(missed)[-1], listed()) == ("standing", 0)
    review_visit(visit_id, "accepted", "看错了", company.supervisor_id, noon(date(2026, 11, 23)))
    night(date(2026, 11, 23))
    assert (steps_of(missed)[2:], listed()) == (["overtaken", "standing", "overtaken"], 1)


def test_late_materials_that_were_delivered_in_time_after_all_are_said_to_be_overtaken(company, chief):
    request_materials(Wanted(uuid7(), company.outlet_id, "凭条纸", date(2026, 11, 18)), company.supervisor_id, noon(date(2026, 11, 18)))
    propose_late_materials(noon(date(2026, 11, 24)))
    db.session.commit()
    finding = db.session.scalars(select(Finding)).one()
    decide_finding(finding.id, "upheld", "属实", chief, noon(date(2026, 11, 24)))
    propose_late_materials(noon(date(2026, 11, 25)))
    assert steps_of(finding.id) == ["proposed", "upheld"]
    request_id = finding_request(finding.id)
    deliver_materials(request_id, Delivery(date(2026, 11, 23), "a" * 64, "b" * 64, "王秀兰", ""), company.rep_id, noon(date(2026, 11, 25)))
    for _ in range(2):
        propose_late_materials(noon(date(2026, 11, 26)))
    assert steps_of(finding.id) == ["proposed", "upheld", "overtaken"]


def finding_request(finding_id):
    return db.session.scalars(select(FindingEvidence.ref_id).where(FindingEvidence.finding_id == finding_id)).one()


def test_a_complaint_that_was_resolved_in_time_after_all_overtakes_its_finding(company, chief):
    day = date(2026, 11, 18)
    facts = (uuid7(), company.outlet_id, "settlement", False, True, day, "王秀兰", "", "到账慢", "")
    receive_complaint(Intake(*facts), company.supervisor_id, noon(day))
    propose_unhandled(noon(date(2026, 11, 24)))
    db.session.commit()
    finding_id = db.session.scalars(select(Finding.id)).one()
    decide_finding(finding_id, "upheld", "属实", chief, noon(date(2026, 11, 24)))
    propose_unhandled(noon(date(2026, 11, 25)))
    assert steps_of(finding_id) == ["proposed", "upheld"]
    complaint = db.session.scalars(select(Complaint)).one()
    complaint.resolved_on = date(2026, 11, 23)
    for _ in range(2):
        propose_unhandled(noon(date(2026, 11, 25)))
    assert steps_of(finding_id) == ["proposed", "upheld", "overtaken"]
    complaint.resolved_on = date(2026, 11, 24)
    propose_unhandled(noon(date(2026, 11, 26)))
    assert steps_of(finding_id)[-1] == "standing"


def test_the_person_concerned_objects_anew_from_the_day_it_was_overtaken(company, chief, missed, add_visit):
    late_visit(company, add_visit)
    night(NOVEMBER_21)
    window = objection_windows([missed])[missed]
    assert (window.is_open(date(2026, 11, 28)), window.is_open(date(2026, 11, 29))) == (True, False)


def test_an_index_finds_what_was_overtaken(company):
    indexes = {index["name"]: index["column_names"] for index in inspect(db.engine).get_indexes("finding_step")}
    assert indexes["ix_finding_step_overtaken"] == ["finding_id"]
