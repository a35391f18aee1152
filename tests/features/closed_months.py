"""A manager who closes October and November, inside the application."""

import pytest

from server.domain.months import Month
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.people.models import Role
from tests.features.conftest import noon
from tests.features.wages import DECEMBER_2, NOVEMBER_2, add_office

OCT, NOV = Month(2026, 10), Month(2026, 11)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def chief(company):
    return add_office("chief", Role.MANAGER)


def close(month, chief, on, reason="清单里的都看过"):
    return close_month(month, reason, chief, noon(on))


def closed_october(company, chief):
    """October closed on November 2nd, then November's drafts."""
    draft_month(OCT, noon(NOVEMBER_2))
    return close(OCT, chief, NOVEMBER_2)


def draft_november():
    draft_month(NOV, noon(DECEMBER_2))


def code_of(refused):
    return refused.value.refusal.code, refused.value.extras.get("fields", {})
