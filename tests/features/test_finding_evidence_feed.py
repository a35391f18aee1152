"""What a finding rests on stands in its document, so a record that is added or dropped later brings the finding to the phone again."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.db import db
from server.feed.models import SyncFeed
from server.findings.actions import Proposal, add_evidence, decide_finding, drop_evidence, propose_findings
from server.findings.documents import finding_documents
from server.findings.models import Finding
from tests.features.conftest import noon

NOVEMBER_20 = date(2026, 11, 20)
FIRST, SECOND = ("callback", "c1"), ("callback", "c2")


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def finding_id(company):
    propose_findings([proposal(company, FIRST)], noon(NOVEMBER_20))
    db.session.commit()
    return db.session.scalars(select(Finding.id)).one()


def proposal(company, *evidence):
    return Proposal("key", "missed_visit", "2026-11", company.rep_id, company.outlet_id, Decimal("20.00"), "", evidence)


def number_of(finding_id):
    query = select(SyncFeed.seq).where(SyncFeed.entity_type == "finding", SyncFeed.entity_id == finding_id)
    return db.session.scalars(query.where(SyncFeed.scope_id.like("user:%"))).one()


def evidence_of(finding_id):
    return [(one["kind"], one["id"]) for one in finding_documents([finding_id])[finding_id]["evidence"]]


def test_a_record_added_later_sends_the_finding_again_but_not_twice(company, finding_id):
    numbers = [number_of(finding_id)]
    for _ in range(2):
        add_evidence([proposal(company, FIRST, SECOND)])
        db.session.commit()
        numbers.append(number_of(finding_id))
    assert evidence_of(finding_id) == [FIRST, SECOND]
    assert numbers[0] < numbers[1] == numbers[2]


def test_a_record_dropped_sends_the_finding_again_but_not_twice(company, finding_id):
    numbers = [number_of(finding_id)]
    for _ in range(2):
        drop_evidence(*FIRST)
        db.session.commit()
        numbers.append(number_of(finding_id))
    assert evidence_of(finding_id) == []
    assert numbers[0] < numbers[1] == numbers[2]


def test_a_decided_finding_keeps_its_records_and_is_not_sent_again(company, finding_id):
    decide_finding(finding_id, "upheld", "看过了", company.supervisor_id, noon(NOVEMBER_20))
    before = number_of(finding_id)
    add_evidence([proposal(company, SECOND)])
    drop_evidence(*FIRST)
    db.session.commit()
    assert (evidence_of(finding_id), number_of(finding_id)) == ([FIRST], before)
