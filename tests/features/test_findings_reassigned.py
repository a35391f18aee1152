"""A proposed finding follows its outlet's rep when that is put right later: whoever was responsible is charged (RULEBOOK §4, §11)."""

from datetime import date

import pytest
from flask import current_app
from sqlalchemy import select

from server.complaints.actions import Intake, receive_complaint
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.feed.models import SyncFeed
from server.findings.actions import decide_finding
from server.findings.documents import finding_documents
from server.findings.models import Finding, FindingStep
from server.findings.objection_views import objections_to
from server.findings.objections import Objection, object_to_finding
from server.findings.windows import objection_windows
from server.findings.words import step_words
from server.materials.actions import Wanted, request_materials
from server.materials.proposals import propose_late_materials
from server.outlets.actions import assign_outlets
from server.staff.leaving import end_employment
from sync.ids import uuid7
from tests.features.closed_months import OCT, chief, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.test_overtaken_findings import night
from tests.features.wages import NOVEMBER_2, OCTOBER, lines_of

NOVEMBER_5, NOVEMBER_6, NOVEMBER_18, NOVEMBER_24 = date(2026, 11, 5), date(2026, 11, 6), date(2026, 11, 18), date(2026, 11, 24)


def finding_of(outlet_id):
    db.session.expire_all()
    return db.session.scalars(select(Finding).where(Finding.outlet_id == outlet_id)).one()


def steps_of(finding):
    query = select(FindingStep.state, FindingStep.reason).where(FindingStep.finding_id == finding.id).order_by(FindingStep.id)
    with current_app.test_request_context():
        return [(row.state, step_words(row.state, None, finding.kind, row.reason)) for row in db.session.execute(query)]


def give_to_other(company, on, told):
    assign_outlets([company.outlet_id], company.other_rep_id, on, company.supervisor_id, noon(told))


def test_the_misses_of_a_rep_who_had_left_are_the_successors(company, chief):
    night(NOVEMBER_2)
    assert finding_of(company.outlet_id).person_id == company.rep_id
    end_employment(company.rep_id, date(2026, 10, 20), company.other_rep_id, chief, noon(NOVEMBER_5))
    db.session.commit()
    for _ in range(2):
        night(NOVEMBER_5)
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        finding = finding_of(outlet_id)
        assert (finding.person_id, finding.state) == (company.other_rep_id, "proposed")
        assert [state for state, _ in steps_of(finding)] == ["proposed", "dismissed", "proposed"]
        assert steps_of(finding)[1][1] == "该由别人负责，自动撤回"
        decide_finding(finding.id, "upheld", "没有去", chief, noon(NOVEMBER_5))
    night(NOVEMBER_5)
    assert "deduct_missed_visit" not in lines_of(company.rep_id, OCTOBER)
    assert lines_of(company.other_rep_id, OCTOBER)["deduct_missed_visit"] == "-40.00"


@pytest.mark.parametrize(("starts_on", "is_others"), [(date(2026, 10, 31), True), (date(2026, 11, 1), False)])
def test_who_has_the_outlet_on_the_last_day_is_charged(company, starts_on, is_others):
    night(NOVEMBER_2)
    give_to_other(company, starts_on, NOVEMBER_5)
    night(NOVEMBER_5)
    assert (finding_of(company.outlet_id).person_id == company.other_rep_id) == is_others


def test_phones_and_objections_follow(company):
    night(NOVEMBER_2)
    finding_id = finding_of(company.outlet_id).id
    object_to_finding(finding_id, Objection(uuid7(), "十月我不在。", (), noon(NOVEMBER_2)), company.rep_id, noon(NOVEMBER_2))
    give_to_other(company, date(2026, 10, 21), NOVEMBER_5)
    night(NOVEMBER_5)
    feed = select(SyncFeed.scope_id, SyncFeed.deleted).where(SyncFeed.entity_type == "finding", SyncFeed.entity_id == finding_id)
    assert dict(db.session.execute(feed).all()) == {f"user:{company.rep_id}": True, f"user:{company.other_rep_id}": False}
    assert (finding_documents([finding_id])[finding_id]["objections"], objections_to(finding_id)) == ([], [])
    assert objection_windows([finding_id])[finding_id].is_open(date(2026, 11, 12))


def test_what_was_upheld_stays_with_whom_it_was_upheld_for(company, chief):
    night(NOVEMBER_2)
    decide_finding(finding_of(company.outlet_id).id, "upheld", "没有去", chief, noon(NOVEMBER_2))
    give_to_other(company, date(2026, 10, 21), NOVEMBER_5)
    night(NOVEMBER_5)
    assert (finding_of(company.outlet_id).person_id, finding_of(company.outlet_id).state) == (company.rep_id, "upheld")


def test_late_materials_and_complaints_follow_the_rep_of_their_day(company):
    late_papers(company)
    found = []
    for starts_on in (None, date(2026, 11, 17)):
        if starts_on is not None:
            give_to_other(company, starts_on, NOVEMBER_24)
        propose_papers(NOVEMBER_24)
        found.append({finding.kind: (finding.person_id, finding.state) for finding in db.session.scalars(select(Finding))})
    for people, person_id in zip(found, (company.rep_id, company.other_rep_id), strict=True):
        assert people == {"late_materials": (person_id, "proposed"), "complaint_unhandled": (person_id, "proposed")}


def test_an_upheld_miss_whose_outlet_was_anothers_is_taken_back_and_proposed_for_that_rep(company, chief):
    night(NOVEMBER_2)
    decide_finding(finding_of(company.outlet_id).id, "upheld", "没有去", chief, noon(NOVEMBER_2))
    decide_finding(finding_of(company.second_outlet_id).id, "dismissed", "店里装修", chief, noon(NOVEMBER_2))
    give_to_other(company, date(2026, 10, 31), NOVEMBER_5)
    for _ in range(2):
        night(NOVEMBER_5)
    first = finding_of(company.outlet_id)
    assert [state for state, _ in steps_of(first)] == ["proposed", "upheld", "overtaken"]
    assert steps_of(first)[2][1] == "后来查明该由别人负责，等经理维持或撤回"
    assert lines_of(company.rep_id, OCTOBER)["deduct_missed_visit"] == "-20.00"
    decide_finding(first.id, "dismissed", "是别人的网点", chief, noon(NOVEMBER_5))
    for _ in range(2):
        night(NOVEMBER_5)
    assert people_of(company.outlet_id) == {company.rep_id: "dismissed", company.other_rep_id: "proposed"}
    assert "deduct_missed_visit" not in lines_of(company.rep_id, OCTOBER)
    assert "award_visits" not in lines_of(company.other_rep_id, OCTOBER)
    others = db.session.scalars(select(Finding.id).where(Finding.person_id == company.other_rep_id)).one()
    decide_finding(others, "upheld", "没有去", chief, noon(NOVEMBER_5))
    night(NOVEMBER_5)
    assert lines_of(company.other_rep_id, OCTOBER)["deduct_missed_visit"] == "-20.00"


def people_of(outlet_id, kind="missed_visit"):
    db.session.expire_all()
    return dict(db.session.execute(select(Finding.person_id, Finding.state).where(Finding.outlet_id == outlet_id, Finding.kind == kind)).all())


def test_an_upheld_miss_stays_with_a_rep_who_had_the_outlet_on_the_last_day(company, chief):
    night(NOVEMBER_2)
    decide_finding(finding_of(company.outlet_id).id, "upheld", "没有去", chief, noon(NOVEMBER_2))
    give_to_other(company, date(2026, 11, 1), NOVEMBER_5)
    night(NOVEMBER_5)
    assert [state for state, _ in steps_of(finding_of(company.outlet_id))] == ["proposed", "upheld"]


def test_an_upheld_miss_stands_again_when_the_outlet_comes_back_to_its_rep(company, chief):
    night(NOVEMBER_2)
    decide_finding(finding_of(company.outlet_id).id, "upheld", "没有去", chief, noon(NOVEMBER_2))
    give_to_other(company, date(2026, 10, 31), NOVEMBER_5)
    night(NOVEMBER_5)
    assign_outlets([company.outlet_id], company.rep_id, date(2026, 10, 31), company.supervisor_id, noon(NOVEMBER_6))
    night(NOVEMBER_6)
    assert [state for state, _ in steps_of(finding_of(company.outlet_id))] == ["proposed", "upheld", "overtaken", "standing"]
    assert people_of(company.outlet_id) == {company.rep_id: "upheld"}


def test_what_a_manager_excused_is_not_proposed_for_the_next_rep(company, chief):
    night(NOVEMBER_2)
    decide_finding(finding_of(company.outlet_id).id, "dismissed", "店里装修", chief, noon(NOVEMBER_2))
    give_to_other(company, date(2026, 10, 31), NOVEMBER_5)
    night(NOVEMBER_5)
    assert people_of(company.outlet_id) == {company.rep_id: "dismissed"}


@pytest.mark.parametrize(("starts_on", "states"), [(18, ("overtaken", "overtaken")), (19, ("overtaken", "upheld")), (24, ("upheld", "upheld"))])
def test_upheld_late_materials_and_complaints_are_overtaken_when_their_day_was_anothers(company, chief, starts_on, states):
    late_papers(company)
    give_to_other(company, date(2026, 11, starts_on), NOVEMBER_24)
    for finding in db.session.scalars(select(Finding)).all():
        decide_finding(finding.id, "upheld", "属实", chief, noon(NOVEMBER_24))
    for _ in range(2):
        propose_papers(NOVEMBER_24)
    assert last_steps() == {"late_materials": states[0], "complaint_unhandled": states[1]}


def test_late_materials_and_complaints_that_were_taken_back_are_proposed_for_the_rep_of_their_day(company, chief):
    late_papers(company)
    give_to_other(company, date(2026, 11, 17), NOVEMBER_24)
    for finding in db.session.scalars(select(Finding)).all():
        decide_finding(finding.id, "upheld", "属实", chief, noon(NOVEMBER_24))
    propose_papers(NOVEMBER_24)
    for finding in db.session.scalars(select(Finding)).all():
        decide_finding(finding.id, "dismissed", "是别人的网点", chief, noon(NOVEMBER_24))
    for _ in range(2):
        propose_papers(NOVEMBER_24)
    for kind in ("late_materials", "complaint_unhandled"):
        assert people_of(company.outlet_id, kind) == {company.rep_id: "dismissed", company.other_rep_id: "proposed"}


def late_papers(company):
    request_materials(Wanted(uuid7(), company.outlet_id, "凭条纸", NOVEMBER_18), company.supervisor_id, noon(NOVEMBER_18))
    facts = (uuid7(), company.outlet_id, "settlement", False, True, NOVEMBER_18, "王秀兰", "", "到账慢", "")
    receive_complaint(Intake(*facts), company.supervisor_id, noon(NOVEMBER_18))
    propose_papers(NOVEMBER_24)


def propose_papers(day):
    propose_late_materials(noon(day))
    propose_unhandled(noon(day))
    db.session.commit()
    db.session.expire_all()


def last_steps():
    query = select(Finding.kind, FindingStep.state).join(FindingStep, FindingStep.finding_id == Finding.id)
    return dict(db.session.execute(query.order_by(FindingStep.at, FindingStep.id)).all())
