"""What people do with their slips on the phone (`payslip_step.v1`): kept once, shown to the office, never somebody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.payroll.models import PayslipStep, WageSheet
from server.payroll.payslips import add_step
from server.people.actions import add_person
from server.people.models import Person, Role
from sync.ids import uuid7
from sync.times import iso_instant
from tests.sheets import add_sheet
from tests.sync.conftest import PASSWORD

MONTH = "2026-10"


@pytest.fixture
def sheet_id(app, company):
    with app.app_context():
        return add_sheet(company.rep_id, MONTH, state="closed")


def step(phone, person_id, action="confirmed", text="", month=MONTH, **changes):
    op = phone.op("unused")
    body = {"month": month, "action": action, "text": text}
    op |= {"form": "payslip_step.v1", "entity": {"type": "payslip_step", "id": uuid7()}, "scope": f"user:{person_id}", "body": body, "blobs": []}
    return op | changes


def result_of(phone, op):
    [result] = phone.push(op).json["results"]
    return result["code"], (result.get("problem") or {}).get("code", "")


def steps(app):
    with app.app_context():
        query = select(PayslipStep.action, PayslipStep.text).order_by(PayslipStep.at, PayslipStep.id)
        return [tuple(row) for row in db.session.execute(query)]


def sheet_document(phone):
    events, _ = phone.pull()
    [document] = [event["doc"] for event in events if event.get("type") == "wage_sheet"]
    return document


def test_a_confirmed_slip_is_kept_and_shown_on_the_phone(app, company, phone, sheet_id):
    assert result_of(phone, step(phone, company.rep_id)) == ("applied", "")
    assert steps(app) == [("confirmed", "")]
    assert [(one["action"], one["by_name"]) for one in sheet_document(phone)["steps"]] == [("confirmed", "赵广田")]


def test_the_same_operation_twice_is_one_step(app, company, phone, sheet_id):
    op = step(phone, company.rep_id)
    phone.push(op)
    phone.push(op)
    assert len(steps(app)) == 1


def test_the_same_step_once_more_changes_nothing(app, company, phone, sheet_id):
    assert result_of(phone, step(phone, company.rep_id)) == ("applied", "")
    assert result_of(phone, step(phone, company.rep_id)) == ("noop", "")
    assert steps(app) == [("confirmed", "")]


def test_an_objection_is_answered_by_the_office_and_the_answer_reaches_the_phone(app, company, phone, sheet_id):
    phone.push(step(phone, company.rep_id, "objected", "少算一户"))
    cursor = phone.pull()[1]
    with app.app_context():
        office = add_person("pay", "何静", PASSWORD, [Role.PAYROLL], [company.region_id], now())
        db.session.commit()
        add_step(db.session.get_one(WageSheet, sheet_id), "answered", "下月补", office, now())
    [change] = [event["doc"] for event in phone.pull(cursor)[0] if event.get("type") == "wage_sheet"]
    assert [(one["action"], one["text"]) for one in change["steps"]] == [("objected", "少算一户"), ("answered", "下月补")]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"action": "answered"}, "invalid_record"),
        ({"action": "objected"}, "invalid_record"),
        ({"action": "objected", "text": "  "}, "invalid_record"),
        ({"action": "confirmed", "text": "好"}, "invalid_record"),
        ({"action": "objected", "text": "x" * 2001}, "invalid_record"),
        ({"month": "2026-13"}, "invalid_record"),
        ({"month": "2026-09"}, "unknown_sheet"),
        ({"entity": {"type": "wage_sheet", "id": "01a1f000-0000-7000-8000-000000000001"}}, "invalid_record"),
        ({"scope": "user:01a1f000-0000-7000-8000-000000000001"}, "invalid_record"),
        ({"blobs": ["b" * 64]}, "invalid_record"),
        ({"kind": "edit"}, "invalid_record"),
    ],
    ids=str,
)
def test_a_step_that_is_not_valid_is_kept_and_not_in_force(app, company, phone, sheet_id, changes, problem):
    assert result_of(phone, step(phone, company.rep_id, **changes)) == ("quarantined", problem)
    assert steps(app) == []


def test_a_sheet_that_is_not_closed_is_not_confirmed(app, company, phone):
    with app.app_context():
        add_sheet(company.rep_id, MONTH)
    assert result_of(phone, step(phone, company.rep_id)) == ("quarantined", "sheet_open")
    assert result_of(phone, step(phone, company.rep_id, "objected", "少算一户")) == ("applied", "")
    assert steps(app) == [("objected", "少算一户")]


def test_the_phone_reads_what_a_step_comes_to(app, company, phone, sheet_id):
    for action, text in (("objected", "少算一户"), ("confirmed", ""), ("objected", "少算两户")):
        phone.push(step(phone, company.rep_id, action, text))
    read = [(one["action"], one["says"]) for one in sheet_document(phone)["steps"]]
    assert read == [("objected", "objected"), ("confirmed", "withdrawn"), ("objected", "objected")]


def test_the_phone_reads_that_a_confirmation_was_of_the_trial_sheet(app, company, phone):
    with app.app_context():
        draft_id = add_sheet(company.rep_id, MONTH)
        db.session.add(PayslipStep(id=uuid7(), sheet_id=draft_id, action="confirmed", by_id=company.rep_id, at=now()))
        db.session.commit()
    assert [one["says"] for one in sheet_document(phone)["steps"]] == ["of_trial"]


def test_nobody_confirms_the_slip_of_somebody_else(app, company, other_phone, sheet_id):
    """The record names a month; it is always the author's own sheet."""
    assert result_of(other_phone, step(other_phone, company.other_rep_id)) == ("quarantined", "unknown_sheet")
    assert steps(app) == []


def test_an_id_that_is_in_use_is_not_used_again(app, company, phone, sheet_id):
    first = step(phone, company.rep_id)
    phone.push(first)
    assert result_of(phone, step(phone, company.rep_id, "seen", entity=first["entity"])) == ("quarantined", "id_taken")


def test_an_objection_that_comes_late_stands_behind_what_was_done_meanwhile_and_is_answered(app, company, phone, sheet_id):
    with app.app_context():
        rep = db.session.get_one(Person, company.rep_id)
        add_step(db.session.get_one(WageSheet, sheet_id), "seen", "", rep, now())
    before = now()
    op = step(phone, company.rep_id, "objected", "少算一户")
    op["t"] = {"wall": iso_instant(now() - timedelta(hours=2)), "mono": 0, "boot": "b", "offset_ms": 0}
    assert result_of(phone, op) == ("applied", "")
    assert steps(app) == [("seen", ""), ("objected", "少算一户")]
    with app.app_context():
        assert db.session.scalars(select(AuditRow.at).where(AuditRow.action == "payslip.objected")).one() >= before
        office = add_person("pay", "何静", PASSWORD, [Role.PAYROLL], [company.region_id], now())
        db.session.commit()
        assert add_step(db.session.get_one(WageSheet, sheet_id), "answered", "下月补", office, now())
    assert steps(app)[-1] == ("answered", "下月补")


def test_steps_of_one_push_stand_in_the_order_of_the_push(app, company, phone, sheet_id):
    ids = sorted((uuid7() for _ in range(3)), reverse=True)
    ops = [step(phone, company.rep_id, action, text) for action, text in (("seen", ""), ("objected", "少算一户"), ("objected", "少算两户"))]
    for op, step_id in zip(ops, ids, strict=True):
        op["entity"] = {"type": "payslip_step", "id": step_id}
    phone.push(*ops)
    assert steps(app) == [("seen", ""), ("objected", "少算一户"), ("objected", "少算两户")]
