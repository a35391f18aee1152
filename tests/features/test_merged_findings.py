"""Merging two outlet files loses no finding: misses are proposed anew, the rest moves along (RULEBOOK §10)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.db import db
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding, FindingEvidence
from server.outlets.duplicates import merge_outlets
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
