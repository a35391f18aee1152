"""Rounding of money (RULEBOOK §10, §11)."""

from decimal import Decimal

import pytest

from server.domain.money import yuan, yuan_rounded_down


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("-0.0049", "-0.00"), ("1.015", "1.02"), ("-1.015", "-1.02"), ("3", "3.00")],
)
def test_halves_go_away_from_zero(value, rounded):
    assert str(yuan(Decimal(value))) == rounded


@pytest.mark.parametrize(("value", "cut"), [("260.258", "260.25"), ("260.25", "260.25"), ("260.2", "260.20"), ("-0.009", "-0.00")])
def test_the_legal_limit_is_cut_to_the_fen(value, cut):
    assert str(yuan_rounded_down(Decimal(value))) == cut
