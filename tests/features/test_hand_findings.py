"""Findings proposed by hand: the same one as the nightly check's, seen by whom they concern, never an obstacle to closing."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from server.audit.models import AuditRow
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence, FindingStep
from server.materials.actions import Wanted, request_materials
from server.materials.proposals import propose_late_materials
from server.payroll.closing import counted_checks
from server.people.models import PersonRegion
from server.reports.monthly import ReportFilter, monthly_report
from server.reports.monthly_details import problems
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.closed_months import NOV, OCT
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401
from tests.features.test_overtaken_findings import night
from tests.features.wages import NOVEMBER_2, OCTOBER, lines_of, person_of

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


def miss_of(company):
    """The finding at the first outlet, and its steps by their names: the form has the clock of the day."""
    (finding,) = [finding for finding in findings() if finding.outlet_id == company.outlet_id]
    return finding, sorted(db.session.scalars(select(FindingStep.state).where(FindingStep.finding_id == finding.id)))


@pytest.mark.parametrize("is_upheld", [False, True])
def test_no_visit_overtakes_a_miss_that_a_person_proposed(app, company, staff, add_visit, is_upheld):
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-10-09T02:00:00+00:00")
        night(NOVEMBER_2)
    send(console(app, "boss"), company)
    with app.app_context():
        finding, _ = miss_of(company)
        if is_upheld:
            decide_finding(finding.id, "upheld", "属实", staff.ids["chief"], noon(NOVEMBER_2))
        for _ in range(2):
            night(NOVEMBER_18)
        assert miss_of(company)[1] == ["proposed", "upheld"][: 1 + is_upheld]


def test_a_miss_that_a_person_proposed_stays_about_whom_they_named(app, company, staff):
    send(console(app, "boss"), company, person_id=company.other_rep_id)
    with app.app_context():
        night(NOVEMBER_2)
        finding, steps = miss_of(company)
        assert (finding.person_id, steps) == (company.other_rep_id, ["proposed"])


def test_a_miss_that_the_night_found_first_is_the_nights_to_take_back(app, company, staff, add_visit):
    with app.app_context():
        night(NOVEMBER_2)
    send(console(app, "boss"), company)
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-10-28T02:00:00+00:00", received=noon(NOVEMBER_18))
        night(NOVEMBER_18)
        assert miss_of(company)[1] == ["dismissed", "proposed"]
    send(console(app, "boss"), company, reason="照片是别的店")
    with app.app_context():
        night(NOVEMBER_24)
        assert miss_of(company)[1] == ["dismissed", "proposed", "proposed"]


def test_proposing_by_hand_what_facts_have_overtaken_leaves_it_so(app, company, staff, add_visit):
    with app.app_context():
        night(NOVEMBER_2)
        finding, _ = miss_of(company)
        decide_finding(finding.id, "upheld", "属实", staff.ids["chief"], noon(NOVEMBER_2))
        add_visit(company.outlet_id, company.rep_id, "2026-10-28T02:00:00+00:00", received=noon(NOVEMBER_18))
        night(NOVEMBER_18)
    for _ in range(2):
        send(console(app, "boss"), company)
    with app.app_context():
        assert miss_of(company)[1] == ["overtaken", "proposed", "upheld"]


def test_the_night_adds_its_records_to_what_a_person_proposed(app, company, staff):
    send(console(app, "boss"), company, kind="late_materials", month="2026-11")
    with app.app_context():
        request_materials(Wanted(uuid7(), company.outlet_id, "凭条纸", NOVEMBER_18), company.supervisor_id, noon(NOVEMBER_18))
        assert propose_late_materials(noon(NOVEMBER_24)) == 0
        db.session.commit()
        assert sorted(db.session.scalars(select(FindingEvidence.kind))) == ["material_request", "outlet"]


def test_a_finding_at_no_outlet_is_seen_by_whom_it_concerns(app, company, staff):
    client = console(app, "boss")
    sent = send(client, company, kind="complaint_about_rep", month="2026-11", outlet_code="")
    page = client.get(sent.headers["Location"])
    assert page.status_code == 200 and "由人提出" in page.text and "没去过" in page.text
    assert sent.headers["Location"] in client.get("/findings").text
    for login, status in (("chief", 200), ("rep1", 200), ("payer", 200), ("rep2", 404), ("farboss", 404), ("farrep", 404), ("ops", 403)):
        assert console(app, login).get(sent.headers["Location"]).status_code == status
    english = console(app, "chief", "en").get(sent.headers["Location"]).text
    assert untranslated(english) == []


def test_a_supervisor_sees_what_the_manager_proposed_about_an_own_rep_and_what_was_proposed_oneself(app, company, staff):
    by_chief = send(console(app, "chief"), company, kind="complaint_about_rep", month="2026-11", outlet_code="").headers["Location"]
    far = send(console(app, "farboss"), company, kind="churned", month="2026-11", outlet_code="", person_id=staff.ids["farrep"]).headers["Location"]
    with app.app_context():
        db.session.execute(delete(PersonRegion).where(PersonRegion.person_id == staff.ids["farrep"]))
        db.session.commit()
    boss, farboss = console(app, "boss"), console(app, "farboss")
    assert [boss.get(path).status_code for path in (by_chief, far)] == [200, 404]
    assert [farboss.get(path).status_code for path in (by_chief, far)] == [404, 200]


def test_a_finding_at_no_outlet_hinders_no_closing_and_is_audited_by_its_id(app, company, staff):
    finding_id = send(console(app, "boss"), company, kind="complaint_about_rep", outlet_code="").headers["Location"].rpartition("/")[2]
    with app.app_context():
        decide_finding(finding_id, "upheld", "属实", staff.ids["chief"], noon(NOVEMBER_2))
        assert {check.code: check.left for check in counted_checks(OCT)}["evidence"] == 0
        audited = select(AuditRow.subject_id).where(AuditRow.action == "finding.proposed")
        assert list(db.session.scalars(audited)) == [finding_id]


def test_the_monthly_report_counts_and_lists_findings_at_no_outlet(app, company, staff):
    send(console(app, "boss"), company, kind="complaint_about_rep", month="2026-11", outlet_code="")
    with app.app_context():
        for login, chosen, count in (
            ("chief", {}, 1),
            ("boss", {}, 1),
            ("rep1", {}, 1),
            ("chief", {"region_id": company.region_id}, 1),
            ("chief", {"region_id": "elsewhere"}, 0),
            ("chief", {"rep_id": company.other_rep_id}, 0),
            ("farboss", {}, 0),
        ):
            reader, wanted = person_of(login), ReportFilter(NOV, **chosen)
            report = monthly_report(reader, wanted, date(2026, 12, 2))
            assert (login, report.total.counts["proposed"]) == (login, count)
            with app.test_request_context():
                rows = [row for row in problems(reader, wanted, date(2026, 12, 2), 9) if row.kind == "被客户投诉"]
            assert [(row.rep, row.code, row.outlet) for row in rows] == [("赵广田", "", "")] * count
