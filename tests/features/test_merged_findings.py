"""Merging two outlet files loses no finding: misses are proposed anew, the rest moves along (RULEBOOK §10)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from server.complaints.actions import Intake, assign_complaint, investigate_complaint, receive_complaint
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding, FindingEvidence
from server.materials.actions import Wanted, request_materials
from server.materials.proposals import propose_late_materials
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Assignment, Outlet
from sync.ids import uuid7
from tests.features.closed_months import chief, in_app  # noqa: F401
from tests.features.conftest import noon

NOVEMBER_10, NOVEMBER_12 = date(2026, 11, 10), date(2026, 11, 12)


def propose(company, key, kind, outlet_id, evidence=("callback", "c1")):
    proposal = Proposal(key, kind, "2026-11", company.rep_id, outlet_id, Decimal("30.00"), "-", (evidence,))
    propose_findings([proposal], noon(NOVEMBER_10), company.supervisor_id)
    db.session.commit()
    return db.session.scalars(select(Finding.id).where(Finding.source_key == key)).one()


def merge(company):
    merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(NOVEMBER_12))
    db.session.expire_all()


def found(finding_id):
    finding = db.session.get_one(Finding, finding_id)
    return finding.source_key, finding.outlet_id, finding.state


@pytest.mark.parametrize("kind", ["complaint_about_rep", "inadequate_training", "churned"])
def test_what_waits_moves_to_the_kept_outlet(company, kind):
    finding_id = propose(company, "hand:1", kind, company.outlet_id)
    merge(company)
    assert found(finding_id) == ("hand:1", company.second_outlet_id, "proposed")


def test_a_miss_is_taken_back_for_the_night_to_propose_at_the_kept_outlet(company):
    key = f"missed_visit:{company.outlet_id}:2026-10"
    finding_id = propose(company, key, "missed_visit", company.outlet_id)
    merge(company)
    assert found(finding_id) == (key, company.outlet_id, "dismissed")


def test_what_costs_once_per_outlet_is_known_by_the_kept_one(company, chief):
    late = propose(company, f"late_materials:{company.outlet_id}:2026-11", "late_materials", company.outlet_id)
    decided = propose(company, f"inaccurate_file:{company.outlet_id}", "inaccurate_file", company.outlet_id)
    decide_finding(decided, "upheld", "属实", chief, noon(NOVEMBER_10))
    merge(company)
    assert found(late) == (f"late_materials:{company.second_outlet_id}:2026-11", company.second_outlet_id, "proposed")
    assert found(decided) == (f"inaccurate_file:{company.second_outlet_id}", company.outlet_id, "upheld")


def test_the_same_at_both_becomes_one_that_rests_on_both(company):
    gone = propose(company, f"inaccurate_file:{company.outlet_id}", "inaccurate_file", company.outlet_id, ("callback", "c1"))
    kept = propose(company, f"inaccurate_file:{company.second_outlet_id}", "inaccurate_file", company.second_outlet_id, ("callback", "c2"))
    merge(company)
    assert (found(gone)[-1], found(kept)[-1]) == ("dismissed", "proposed")
    rests_on = select(FindingEvidence.ref_id).where(FindingEvidence.finding_id == kept).order_by(FindingEvidence.ref_id)
    assert list(db.session.scalars(rests_on)) == ["c1", "c2"]


def test_what_was_decided_at_both_stays_as_it_is(company, chief):
    ids = [propose(company, f"inaccurate_file:{outlet}", "inaccurate_file", outlet) for outlet in (company.outlet_id, company.second_outlet_id)]
    for finding_id, decision in zip(ids, ("dismissed", "upheld"), strict=True):
        decide_finding(finding_id, decision, "看过", chief, noon(NOVEMBER_10))
    before = [found(finding_id) for finding_id in ids]
    merge(company)
    assert [found(finding_id) for finding_id in ids] == before


NOVEMBER_18, NOVEMBER_24, NOVEMBER_25 = date(2026, 11, 18), date(2026, 11, 24), date(2026, 11, 25)


def complain(company, outlet_id, is_about_rep=False):
    """A complaint of Wednesday the 18th, due on Monday the 23rd; returns its id."""
    facts = (uuid7(), outlet_id, "settlement", is_about_rep, True, NOVEMBER_18, "王秀兰", "", "到账慢", "")
    return receive_complaint(Intake(*facts), company.supervisor_id, noon(NOVEMBER_18)).id


def ask(company, outlet_id):
    """A request of Wednesday the 18th, due on Monday the 23rd."""
    request_materials(Wanted(uuid7(), outlet_id, "凭条纸", NOVEMBER_18), company.supervisor_id, noon(NOVEMBER_18))


def night(day):
    propose_unhandled(noon(day))
    propose_late_materials(noon(day))
    db.session.commit()


def charged():
    db.session.expire_all()
    query = select(Finding.kind, Finding.person_id, Finding.outlet_id).where(Finding.state == "proposed").order_by(Finding.kind)
    return [tuple(row) for row in db.session.execute(query)]


def reassign(outlet_id, **changes):
    """Let the outlet's only assignment be otherwise."""
    db.session.execute(update(Assignment).where(Assignment.outlet_id == outlet_id).values(**changes))
    db.session.commit()


def merge_on(company, day):
    merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(day))


@pytest.mark.parametrize("is_another_reps", [False, True])
def test_what_was_late_before_stays_with_the_rep_of_the_outlet_that_is_gone(company, is_another_reps):
    changes = {"person_id": company.other_rep_id} if is_another_reps else {"starts_on": date(2026, 11, 24)}
    reassign(company.second_outlet_id, **changes)
    complain(company, company.outlet_id)
    ask(company, company.outlet_id)
    night(NOVEMBER_24)
    merge_on(company, NOVEMBER_25)
    kept = company.second_outlet_id
    for day in (NOVEMBER_25, date(2026, 11, 26)):
        night(day)
        assert charged() == [("complaint_unhandled", company.rep_id, kept), ("late_materials", company.rep_id, kept)]


def test_a_complaint_that_moved_before_it_was_due_is_charged_to_the_rep_who_had_it(company):
    reassign(company.second_outlet_id, person_id=company.other_rep_id)
    complain(company, company.outlet_id)
    merge_on(company, date(2026, 11, 19))
    night(NOVEMBER_24)
    assert charged() == [("complaint_unhandled", company.rep_id, company.second_outlet_id)]


def test_a_founded_complaint_that_moved_is_about_the_rep_who_had_it(company):
    reassign(company.second_outlet_id, person_id=company.other_rep_id)
    complaint_id, boss = complain(company, company.outlet_id, is_about_rep=True), company.supervisor_id
    merge_on(company, date(2026, 11, 19))
    assign_complaint(complaint_id, boss, "", boss, noon(date(2026, 11, 20)))
    investigate_complaint(complaint_id, "态度不好", "founded", boss, noon(date(2026, 11, 20)))
    assert charged() == [("complaint_about_rep", company.rep_id, company.second_outlet_id)]


def test_a_complaint_that_moved_twice_is_charged_to_the_first_rep(company):
    reassign(company.second_outlet_id, person_id=company.other_rep_id)
    complain(company, company.second_outlet_id)
    merge_outlets(company.second_outlet_id, company.outlet_id, company.supervisor_id, noon(date(2026, 11, 19)))
    third = Outlet(id=uuid7(), code="CD-3", name="网点 CD-3", state="approved", region_id=company.region_id, outlet_class="C")
    third.created_at = noon(NOVEMBER_18)
    db.session.add(third)
    db.session.commit()
    merge_outlets(company.outlet_id, third.id, company.supervisor_id, noon(date(2026, 11, 20)))
    night(NOVEMBER_24)
    assert charged() == [("complaint_unhandled", company.other_rep_id, third.id)]


def test_what_the_kept_outlet_had_itself_stays_with_its_own_rep_or_nobody(company):
    reassign(company.second_outlet_id, starts_on=date(2026, 11, 24))
    complain(company, company.second_outlet_id)
    ask(company, company.second_outlet_id)
    night(NOVEMBER_24)
    merge_on(company, NOVEMBER_25)
    night(NOVEMBER_25)
    assert charged() == []


@pytest.mark.parametrize(("merged_on", "is_charged"), [(NOVEMBER_24, False), (date(2026, 11, 22), True)])
def test_a_request_of_which_nobody_knows_whose_it_was_charges_nobody(company, merged_on, is_charged):
    reassign(company.second_outlet_id, person_id=company.other_rep_id)
    ask(company, company.outlet_id)
    merge_on(company, merged_on)
    night(NOVEMBER_24)
    assert charged() == [("late_materials", company.other_rep_id, company.second_outlet_id)] * is_charged
