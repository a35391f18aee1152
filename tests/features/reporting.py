"""A program that reads the reporting API with a token, and a wage sheet for it to read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from server.clock import now
from server.db import db
from server.payroll.models import WageSheet
from server.reports.parts import PARTS
from server.reports.tokens import make_token
from sync.ids import uuid7
from tests.features.staff import Staff
from tests.sync.conftest import Company


class Reader:
    """A program with a token."""

    def __init__(self, app, secret: str) -> None:
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **headers: str):
        return self.client.get(path if path.startswith("http") else f"/api/v1/{path}", headers=self.headers | headers)

    def rows(self, path: str) -> list[dict]:
        """All pages."""
        found, following = [], path
        while following:
            answer = self.get(following)
            assert answer.status_code == 200, answer.text
            found += answer.json["data"]
            following = answer.json["next"]
        return found


@pytest.fixture
def token(app, company: Company, staff: Staff):
    """Makes tokens: for all parts and the whole company unless told otherwise."""

    def make(parts=PARTS, region_ids=()) -> Reader:
        with app.app_context():
            return Reader(app, make_token("Excel", list(parts), list(region_ids), staff.ids["root"], now()))

    return make


def add_sheet(person_id: str, month: str, total: str) -> None:
    nothing = Decimal("0.00")
    sheet = WageSheet(id=uuid7(), person_id=person_id, month=month, state="draft", gross_yuan=Decimal(total), deductions_yuan=nothing)
    sheet.total_yuan, sheet.limit_yuan, sheet.shortfall_yuan = Decimal(total), nothing, nothing
    sheet.policy_version, sheet.content_sha256, sheet.computed_at = "1", "0" * 64, datetime(2026, 12, 1, tzinfo=UTC)
    db.session.add(sheet)
    db.session.commit()
