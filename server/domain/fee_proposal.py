"""The 月收费额 that an outlet's transactions speak for (RULEBOOK §11: the average of the last three months' transactions)."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from server.domain.money import yuan
from server.domain.months import Month, months_until

MONTHS = 3


def fee_months(now: Month) -> list[Month]:
    """The three whole months before this one, oldest first."""
    return months_until(now.previous(), MONTHS)


def proposed_fee(amounts: Mapping[Month, Decimal], months_in: Collection[Month], first_use: Month | None, now: Month) -> Decimal | None:
    """Yuan a month, to the fen. `amounts` are the outlet's own sums by month; `months_in` have been imported.

    DECISION (RULEBOOK §11 is silent): None until all three months have come and the outlet was in use from the first of them on, since half a
    window would put it into too low a class; a month without a transaction counts 0; more refunds than payments propose nothing.
    """
    months = fee_months(now)
    if first_use is None or first_use > months[0] or not set(months) <= set(months_in):
        return None
    average = yuan(sum((amounts.get(month, Decimal(0)) for month in months), Decimal(0)) / MONTHS)
    return average if average >= 0 else None


def is_worth_proposing(stands: Decimal | None, proposed: Decimal, is_class_changed: bool, percent: int) -> bool:
    """Whether the file is off by `percent` of what it says, or in the wrong class by it; a file that says nothing always is."""
    if stands is None or is_class_changed:
        return True
    return stands != proposed and abs(proposed - stands) * 100 >= stands * percent
