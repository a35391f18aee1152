"""Money in yuan (RULEBOOK §10: decimal, rounded half up to the fen once per line)."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def yuan(value: Decimal) -> Decimal:
    """The amount rounded to the fen; halves go away from zero (RULEBOOK §11, money)."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def yuan_rounded_down(value: Decimal) -> Decimal:
    """The amount cut to the fen, as the legal limit is (RULEBOOK §11, money)."""
    return value.quantize(FEN, rounding=ROUND_DOWN)
