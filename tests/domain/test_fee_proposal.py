"""The monthly fee that three months of transactions speak for."""

from decimal import Decimal

import pytest

from server.domain.fee_proposal import fee_months, is_worth_proposing, proposed_fee
from server.domain.months import Month

JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, number) for number in range(7, 12))
ALL = {AUGUST, SEPTEMBER, OCTOBER}


def test_the_months_are_the_three_whole_ones_before_this():
    assert fee_months(NOVEMBER) == [AUGUST, SEPTEMBER, OCTOBER]
    assert fee_months(Month(2027, 1)) == [OCTOBER, NOVEMBER, Month(2026, 12)]


@pytest.mark.parametrize(
    ("amounts", "months_in", "first_use", "expected"),
    [
        ({AUGUST: "100", SEPTEMBER: "200", OCTOBER: "300"}, ALL, JULY, "200.00"),
        ({JULY: "9000", AUGUST: "100", SEPTEMBER: "200", OCTOBER: "300", NOVEMBER: "9000"}, ALL, JULY, "200.00"),
        ({AUGUST: "100"}, ALL, AUGUST, "33.33"),
        ({AUGUST: "0.05"}, ALL, AUGUST, "0.02"),
        ({AUGUST: "0.01"}, ALL, AUGUST, "0.00"),
        ({}, ALL, JULY, "0.00"),
        ({SEPTEMBER: "200", OCTOBER: "300"}, ALL, SEPTEMBER, None),
        ({AUGUST: "100", SEPTEMBER: "200"}, {AUGUST, SEPTEMBER}, JULY, None),
        ({AUGUST: "-100", SEPTEMBER: "20"}, ALL, JULY, None),
        ({}, ALL, None, None),
    ],
)
def test_a_fee_is_proposed_from_whole_months_of_use(amounts, months_in, first_use, expected):
    found = proposed_fee({month: Decimal(yuan) for month, yuan in amounts.items()}, months_in, first_use, NOVEMBER)
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("stands", "proposed", "is_class_changed", "expected"),
    [
        (None, "0", False, True),
        ("1000", "1100", False, True),
        ("1000", "1099.99", False, False),
        ("1000", "900", False, True),
        ("1000", "900.01", False, False),
        ("19999", "20000", True, True),
        ("0", "0", False, False),
        ("0", "0.01", False, True),
    ],
)
def test_what_differs_little_is_left_alone(stands, proposed, is_class_changed, expected):
    assert is_worth_proposing(None if stands is None else Decimal(stands), Decimal(proposed), is_class_changed, 10) is expected
