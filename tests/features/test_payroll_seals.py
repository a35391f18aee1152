"""Seals of closed months: the database refuses every change, and whatever was changed behind it is named."""

from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from server.cli import main
from server.db import db
from server.payroll import facts_complaints
from server.payroll.models import PayslipStep, WageLine, WageMonth, WageSheet
from server.payroll.verifying import verify_month
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.closed_months import NOV, OCT, chief, close, closed_october, draft_november, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.wages import DECEMBER_2, NOVEMBER_2, OCTOBER, lines_of, sheet_of, upheld


@pytest.mark.parametrize(
    "change",
    [
        update(WageSheet).values(total_yuan=1),
        update(WageSheet).values(state="draft"),
        delete(WageLine),
        update(WageLine).values(amount_yuan=1),
        delete(WageMonth),
        update(WageMonth).values(seal="0" * 64),
    ],
    ids=str,
)
def test_the_database_refuses_to_change_a_closed_month(company, chief, change):
    closed_october(company, chief)
    with pytest.raises(DBAPIError, match="a closed wage month never changes"):
        db.session.execute(change)
    db.session.rollback()
    assert verify_month(OCT) == []


def test_the_database_refuses_a_new_line_on_a_closed_sheet(company, chief):
    closed_october(company, chief)
    sheet = sheet_of(company.rep_id, OCTOBER)
    db.session.add(WageLine(sheet_id=sheet.id, position=99, kind="base", quantity=1, unit_yuan=None, amount_yuan=1, rule_key=""))
    with pytest.raises(DBAPIError, match="a closed wage month never changes"):
        db.session.flush()
    db.session.rollback()


def test_the_database_refuses_to_rewrite_what_a_person_answered(company, chief):
    closed_october(company, chief)
    step = PayslipStep(id=uuid7(), sheet_id=sheet_of(company.rep_id, OCTOBER).id, action="seen", by_id=company.rep_id, at=noon(NOVEMBER_2))
    db.session.add(step)
    db.session.commit()
    with pytest.raises(DBAPIError, match="a closed wage month never changes"):
        db.session.execute(update(PayslipStep).values(action="confirmed"))
    db.session.rollback()


def tampered(statement):
    """Change a row behind the software's back, as somebody with the database could."""
    name = str(statement).split()[1]
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text(f"DROP TRIGGER locked_{name}_update"))
    else:
        db.session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER ALL"))
    db.session.connection().exec_driver_sql(statement)
    db.session.commit()
    db.session.expire_all()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE wage_line SET amount_yuan = 999999 WHERE kind = 'base'",
            "line 1 is base 1 × 1100 = 9999.99 with 0 records, recomputed base",
        ),
        ("UPDATE wage_line SET evidence = '[]' WHERE kind = 'award_visits'", "award_visits"),
        ("UPDATE wage_sheet SET total_yuan = 1", "total is 0.01, recomputed"),
        ("UPDATE wage_sheet SET facts = replace(facts, '\"has_any\":true', '\"has_any\":false')", "recomputed missing"),
        ("UPDATE wage_sheet SET seal = substr(seal, 1, 63) || 'x'", "its seal differs"),
        ("UPDATE wage_month SET policy_values = replace(policy_values, '1100.00', '1200.00')", "recomputed base 1 × 1200"),
        ("UPDATE wage_month SET reason = 'x'", "the seal of 2026-11 differs"),
    ],
)
def test_whatever_was_changed_behind_our_back_is_named(company, chief, add_visit, statement, words):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        add_visit(outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    close(NOV, chief, DECEMBER_2)
    assert verify_month(NOV) == []
    tampered(statement)
    assert words in "\n".join(verify_month(NOV))


def test_a_visit_with_another_seal_is_named(company, chief, add_visit):
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T01:00:00+00:00")
    close(NOV, chief, DECEMBER_2)
    db.session.get_one(Visit, visit_id).seal = "f" * 64
    db.session.commit()
    difference, *others = verify_month(NOV)
    assert all(f"visit {visit_id}: " in other for other in others) and len(others) == 2  # nor is it what it says, nor where its chain ends
    assert difference.startswith(f"rep1: visit {visit_id} has seal {'f' * 64}, closed with ")


def missed_twice_at_one_outlet(company, chief):
    for on in (date(2026, 10, 30), NOVEMBER_2):
        upheld(company.rep_id, chief, OCTOBER, "missed_visit", on, company.outlet_id)


def test_two_misses_at_one_outlet_cost_once_and_recompute(company, chief):
    missed_twice_at_one_outlet(company, chief)
    closed_october(company, chief)
    assert lines_of(company.rep_id, OCTOBER)["deduct_missed_visit"] == "-20.00"
    assert verify_month(OCT) == []


def test_a_month_closed_when_two_misses_at_one_outlet_cost_twice_recomputes_and_is_corrected(company, chief, monkeypatch):
    missed_twice_at_one_outlet(company, chief)
    with monkeypatch.context() as before:
        before.setattr(facts_complaints, "once_per_outlet", tuple)
        closed_october(company, chief)
    assert lines_of(company.rep_id, OCTOBER)["deduct_missed_visit"] == "-40.00"
    assert verify_month(OCT) == []
    draft_november()
    assert lines_of(company.rep_id)["2026-10 deduct_missed_visit"] == "20.00"


def test_months_are_chained(company, chief):
    closed_october(company, chief)
    close(NOV, chief, DECEMBER_2)
    assert verify_month(NOV) == []
    tampered("UPDATE wage_month SET seal = substr(seal, 1, 63) || 'x' WHERE month = '2026-10'")
    assert any("the seal of 2026-11 differs" in difference for difference in verify_month(NOV))


def run(app, *words):
    return CliRunner().invoke(main, ["--data", app.extensions["xundian"].data.as_posix(), "payroll", *words])


def test_the_command_closes_and_verifies_a_month(app, company, chief, monkeypatch):
    monkeypatch.setattr("server.cli.create_app", lambda _settings: app)
    db.session.remove()
    assert "no manager" in run(app, "close", "--month", OCTOBER, "--by", "rep1").output
    assert run(app, "verify", "--month", OCTOBER).exit_code == 1
    refused = run(app, "close", "--month", OCTOBER, "--by", "chief")
    assert refused.exit_code == 1 and "reason required; open: transactions 1" in refused.output
    closed = run(app, "close", "--month", OCTOBER, "--by", "chief", "--reason", "先关")
    assert closed.exit_code == 0 and "seal " in closed.output
    verified = run(app, "verify", "--month", OCTOBER)
    assert (verified.exit_code, verified.output) == (0, "2026-10: recomputed to the same bytes, seals hold\n")
    tampered("UPDATE wage_sheet SET total_yuan = 1")
    verified = run(app, "verify", "--month", OCTOBER)
    assert verified.exit_code == 1 and "rep1: total is 0.01, recomputed 1200.00" in verified.output
