"""What must be done before somebody's data may go: each obstacle by itself, on the page, by the form and in the deed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.complaints.actions import Intake, assign_complaint, receive_complaint
from server.db import db
from server.findings.models import FindingObjection
from server.intake.models import SyncOp
from server.outlets.models import Assignment
from server.payroll.models import PayslipStep, WageSheet
from server.people.models import Person
from server.privacy.people import erase_person
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.browsing import console
from tests.features.erasing import LOGIN, REASON, add_finding, asked, close_october, left, let_go, revive_phone  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


def objection(company: Company, staff: Staff, person_id: str) -> None:
    finding_id = add_finding(company, person_id, "upheld")
    row = FindingObjection(id=uuid7(), finding_id=finding_id, by_id=person_id, at=now(), text="不对", photos=[], answer="", answer_reason="")
    db.session.add(row)


def complaint(company: Company, staff: Staff, person_id: str) -> None:
    """Received from an outlet of the person's, and about them."""
    intake = Intake(uuid7(), company.outlet_id, "attitude", True, False, date(2026, 10, 9), "投诉人甲", "", "态度不好", "")
    receive_complaint(intake, staff.ids["ops"], now())


def task(company: Company, staff: Staff, person_id: str) -> None:
    """A complaint to see to, given before the leaving."""
    intake = Intake(uuid7(), company.second_outlet_id, "other", False, True, today(), "投诉人甲", "", "到账晚了", "")
    found = receive_complaint(intake, staff.ids["ops"], now())
    assign_complaint(found.id, company.other_rep_id, "", staff.ids["ops"], now())
    found.assigned_to_id = person_id


def outlet_again(company: Company, staff: Staff, person_id: str) -> None:
    db.session.add(
        Assignment(id=uuid7(), outlet_id=staff.far_outlet_id, person_id=person_id, starts_on=date(2026, 1, 1), ends_on=today(), made_at=now())
    )


def payslip(company: Company, staff: Staff, person_id: str) -> None:
    sheet_id = db.session.scalars(select(WageSheet.id).where(WageSheet.person_id == person_id, WageSheet.month == "2026-10")).one()
    for action, minutes in (("confirmed", 1), ("objected", 2)):
        at = now() + timedelta(minutes=minutes)
        db.session.add(PayslipStep(id=uuid7(), sheet_id=sheet_id, action=action, text="少了", by_id=person_id, at=at))


def waiting(company: Company, staff: Staff, person_id: str) -> None:
    op = db.session.scalars(select(SyncOp).where(SyncOp.person_id == person_id)).first()
    op.code = "quarantined"


def draft(company: Company, staff: Staff, person_id: str) -> None:
    money = dict.fromkeys(("gross_yuan", "deductions_yuan", "limit_yuan", "shortfall_yuan", "total_yuan"), 0)
    seen = {"state": "draft", "policy_version": "x", "content_sha256": "x", "computed_at": now(), "facts": ""}
    db.session.add(WageSheet(id=uuid7(), person_id=person_id, month="2026-11", **seen, **money))


OBSTACLES = {
    "works_here": lambda company, staff, person_id: setattr(db.session.get_one(Person, person_id), "ends_on", today()),
    "has_outlets": outlet_again,
    "has_phones": lambda company, staff, person_id: revive_phone(person_id),
    "wages_open": draft,
    "payslips_open": payslip,
    "findings_open": lambda company, staff, person_id: add_finding(company, person_id) and None,
    "objections_open": objection,
    "complaints_open": complaint,
    "records_waiting": waiting,
}


@pytest.mark.parametrize("code", [*OBSTACLES, "complaints_open to see to"])
def test_nothing_goes_while_work_needs_the_person_and_the_page_says_what_to_do(app, company: Company, staff: Staff, left, code):
    with app.app_context():
        OBSTACLES.get(code, task)(company, staff, left)
        db.session.commit()
    code = code.partition(" ")[0]
    root = console(app, "root")
    page = root.get(f"/people/{left}/erasure").text
    assert page.count("data-code=") == 1 and f'data-code="{code}"' in page and 'name="reason"' not in page
    answer = asked(root, left)
    assert answer.status_code == 422 and f'data-code="{code}"' in answer.text
    with app.app_context():
        with pytest.raises(Problem) as refused:
            erase_person(left, REASON, staff.ids["root"], now())
        assert (refused.value.refusal.code, refused.value.extras) == ("invalid", {"fields": {code: "obstacle"}})
        db.session.rollback()
        assert db.session.get_one(Person, left).login == LOGIN


def test_wages_of_the_last_month_are_open_until_it_is_closed(app, company: Company, staff: Staff):
    with app.app_context():
        let_go(company.other_rep_id, None, staff.ids["root"], now())
    page = console(app, "root").get(f"/people/{company.other_rep_id}/erasure").text
    assert 'data-code="wages_open"' in page
    with app.app_context():
        close_october(staff.ids["chief"])
    assert "data-code=" not in console(app, "root").get(f"/people/{company.other_rep_id}/erasure").text


def test_who_earns_no_wage_here_waits_for_no_closing(app, staff: Staff):
    with app.app_context():
        let_go(staff.ids["clerk"], None, staff.ids["root"], now())
    assert asked(console(app, "root"), staff.ids["clerk"], code="clerk").status_code == 303
