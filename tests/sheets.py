"""Wage sheets as rows, for tests of what is done with them."""

from decimal import Decimal

from server.clock import now
from server.db import db
from server.payroll.models import WageLine, WageSheet
from sync.ids import uuid7

HASH = "0" * 64


def add_sheet(person_id: str, month: str, state: str = "draft") -> str:
    """A sheet of a base wage alone; returns its id. Commits."""
    sheet = WageSheet(id=uuid7(), person_id=person_id, month=month, state="draft", policy_version="1", content_sha256=HASH, computed_at=now())
    sheet.gross_yuan = sheet.total_yuan = Decimal("2000.00")
    sheet.deductions_yuan = sheet.limit_yuan = sheet.shortfall_yuan = Decimal("0.00")
    db.session.add(sheet)
    db.session.flush()
    line = WageLine(sheet_id=sheet.id, position=0, kind="base", rule_key="base", quantity=Decimal(1), amount_yuan=Decimal("2000.00"), evidence=[])
    db.session.add(line)
    db.session.flush()
    sheet.state = state
    db.session.commit()
    return sheet.id
