"""Signs of churn: how far the volume fell over three months, and the days since the last transaction."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.churn_risk import ChurnSigns, churn_signs
from server.domain.months import Month

TODAY = date(2026, 11, 27)
JULY, OCTOBER, NOVEMBER = Month(2026, 7), Month(2026, 10), Month(2026, 11)


@pytest.mark.parametrize(
    ("july", "october", "percent"),
    [
        ("1000", "650", 35),
        ("1000", "0", 100),
        ("1000", "1000", 0),
        ("1000", "1200", -20),
        ("1000", "-100", 110),
        ("0", "500", None),
        ("-5", "500", None),
    ],
)
def test_the_last_whole_month_is_compared_with_three_months_before(july, october, percent):
    volumes = {JULY: Decimal(july), OCTOBER: Decimal(october), NOVEMBER: Decimal("1")}
    assert churn_signs(volumes, date(2026, 11, 20), TODAY) == ChurnSigns(percent, 7)


def test_a_month_that_is_missing_compares_with_nothing():
    assert churn_signs({OCTOBER: Decimal("5")}, None, TODAY) == ChurnSigns(None, None)
    assert churn_signs({JULY: Decimal("5")}, TODAY, TODAY) == ChurnSigns(None, 0)
