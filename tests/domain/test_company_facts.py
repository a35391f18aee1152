"""Plain records of a company (RULEBOOK §2-§10): what they answer of themselves."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.company_facts import CompanyFacts, OutletRecord
from server.domain.new_customers import Transfer

CLASSES = ((date(2026, 1, 10), "C"), (date(2026, 11, 1), "B"), (date(2026, 11, 20), "A"))


@pytest.mark.parametrize(
    ("day", "letter"),
    [
        (date(2025, 1, 1), "C"),
        (date(2026, 1, 10), "C"),
        (date(2026, 10, 31), "C"),
        (date(2026, 11, 1), "B"),
        (date(2026, 11, 19), "B"),
        (date(2026, 11, 20), "A"),
        (date(2030, 1, 1), "A"),
    ],
)
def test_an_outlets_class_is_the_last_one_dated_that_day_or_before(day, letter):
    assert OutletRecord("s1", CLASSES).class_on(day) == letter


def transfers(**amounts):
    return tuple(Transfer(date(2026, 11, int(day[1:])), Decimal(amount)) for day, amount in amounts.items())


@pytest.mark.parametrize(
    ("moved", "first_use_on"),
    [
        (transfers(d5="100", d3="0.01"), date(2026, 11, 3)),
        (transfers(d5="100", d3="0"), date(2026, 11, 5)),
        (transfers(d5="100", d3="-1"), date(2026, 11, 5)),
        (transfers(d3="-1"), None),
        ((), None),
    ],
)
def test_an_outlets_first_use_is_its_first_transfer_of_money(moved, first_use_on):
    assert OutletRecord("s1", CLASSES, transfers=moved).first_use_on == first_use_on


def test_two_companies_never_share_a_calendar():
    assert CompanyFacts().years is not CompanyFacts().years
