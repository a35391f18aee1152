"""What-if on a deduction's amount says what the findings that wait would make of it (RULEBOOK §10)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.db import db
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding
from server.payroll.what_if import what_if
from tests.features.browsing import console, untranslated
from tests.features.closed_months import NOV, OCT
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401
from tests.features.wages import DECEMBER_2, NOVEMBER

KEY = "wage.churned_yuan"


@pytest.fixture
def waiting(app, company, staff):
    """Two findings of November wait, one is dismissed."""
    with app.app_context():
        one = ("churned", NOVEMBER, company.rep_id, None, Decimal("30.00"), "-", ())
        propose_findings([Proposal(f"churned:{number}", *one) for number in (1, 2, 3)], noon(date(2026, 11, 24)))
        db.session.commit()
        decide_finding(db.session.scalars(select(Finding.id).limit(1)).one(), "dismissed", "误会", staff.ids["chief"], noon(date(2026, 11, 24)))


@pytest.mark.parametrize(("value", "by_yuan"), [("40.00", "-20.00"), ("30.00", "0.00"), ("20.00", "20.00")])
def test_what_waits_is_said_apart(app, waiting, value, by_yuan):
    with app.app_context():
        found = what_if(NOV, KEY, value, DECEMBER_2)
        assert (found.waiting, str(found.waiting_yuan), str(found.by_yuan)) == (2, by_yuan, "0.00")


def test_other_months_and_other_keys_have_nothing_waiting(app, waiting):
    with app.app_context():
        asked = [(OCT, KEY, "40.00"), (NOV, "wage.late_materials_yuan", "40.00"), (NOV, "wage.cap_deductions", "true"), (NOV, "wage.base_yuan", "9")]
        assert [what_if(month, key, value, DECEMBER_2).waiting for month, key, value in asked] == [0, 0, 0, 0]


def test_the_page_says_so_in_both_languages(app, waiting):
    form = {"value": "40.00", "valid_from": "2026-12-01", "month": NOVEMBER, "reason": "", "action": "try"}
    assert "待认定 2 件，如都认定再差 −20.00 元。" in console(app, "chief").post(f"/policy/{KEY}", data=form, follow_redirects=True).text
    page = console(app, "chief", "en").post(f"/policy/{KEY}", data=form, follow_redirects=True).text
    assert "2 waiting for a decision; if all were upheld, another −20.00 yuan." in page and untranslated(page) == []
