"""Findings proposed by hand: the same one as the nightly check's, seen by whom they concern, never an obstacle to closing."""

from datetime import date

import pytest
from sqlalchemy import select

from server.complaints.proposals import propose_unhandled
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence, FindingStep
from server.materials.actions import Wanted, request_materials
from server.materials.proposals import propose_late_materials
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401
from tests.features.test_overtaken_findings import night
from tests.features.wages import NOVEMBER_2, OCTOBER, lines_of

NOVEMBER_18, NOVEMBER_24 = date(2026, 11, 18), date(2026, 11, 24)


def send(client, company, **changes):
    form = {"id": uuid7(), "person_id": company.rep_id, "kind": "missed_visit", "month": OCTOBER, "outlet_code": "CD-1", "reason": "没去过"}
    return client.post("/findings", data=form | changes)


def findings():
    db.session.expire_all()
    return db.session.scalars(select(Finding).order_by(Finding.id)).all()


def test_a_miss_proposed_by_hand_is_the_nights_own_and_costs_once(app, company, staff, add_visit):
    send(console(app, "boss"), company)
    with app.app_context():
        add_visit(company.second_outlet_id, company.rep_id, "2026-10-09T02:00:00+00:00")
        night(NOVEMBER_2)
        (finding,) = [finding for finding in findings() if finding.person_id == company.rep_id]
        assert finding.source_key == f"missed_visit:{company.outlet_id}:2026-10"
        decide_finding(finding.id, "upheld", "属实", staff.ids["chief"], noon(NOVEMBER_2))
        night(NOVEMBER_2)
        assert lines_of(company.rep_id, OCTOBER)["deduct_missed_visit"] == "-20.00"


@pytest.mark.parametrize(
    ("kind", "other_month", "count"),
    [("missed_visit", "2026-11", 2), ("late_materials", "2026-11", 2), ("inaccurate_file", "2026-11", 1), ("complaint_about_rep", OCTOBER, 2)],
)
def test_what_costs_once_per_outlet_is_proposed_once(app, company, staff, kind, other_month, count):
    client = console(app, "boss")
    first = send(client, company, kind=kind)
    second = send(client, company, kind=kind, month=other_month, reason="另一次")
    assert (first.headers["Location"] == second.headers["Location"]) == (count == 1)
    send(client, company, kind=kind, outlet_code="CD-2")
    with app.app_context():
        assert len(findings()) == count + 1


def test_the_second_to_propose_is_told_and_shown_the_first(app, company, staff):
    first = send(console(app, "boss"), company).headers["Location"]
    client = console(app, "chief")
    told = send(client, company, reason="我也看到了")
    assert told.headers["Location"] == first
    page = client.get(first).text
    assert "早已提出，没有再提" in page and "没去过" in page and "我也看到了" not in page
    with app.app_context():
        assert db.session.query(FindingStep).count() == 1


def test_a_form_sent_twice_is_told_the_same_twice(app, company, staff):
    client, form_id = console(app, "boss"), uuid7()
    for _ in range(2):
        page = client.get(send(client, company, id=form_id).headers["Location"]).text
        assert "已提出，等经理认定" in page and "早已提出" not in page


def test_no_night_takes_back_what_a_person_proposed(app, company, staff):
    for kind in ("late_materials", "complaint_unhandled"):
        send(console(app, "boss"), company, kind=kind, month="2026-11")
    with app.app_context():
        propose_late_materials(noon(NOVEMBER_24))
        propose_unhandled(noon(NOVEMBER_24))
        db.session.commit()
        assert [finding.state for finding in findings()] == ["proposed", "proposed"]


def test_the_night_adds_its_records_to_what_a_person_proposed(app, company, staff):
    send(console(app, "boss"), company, kind="late_materials", month="2026-11")
    with app.app_context():
        request_materials(Wanted(uuid7(), company.outlet_id, "凭条纸", NOVEMBER_18), company.supervisor_id, noon(NOVEMBER_18))
        assert propose_late_materials(noon(NOVEMBER_24)) == 0
        db.session.commit()
        assert sorted(db.session.scalars(select(FindingEvidence.kind))) == ["material_request", "outlet"]
