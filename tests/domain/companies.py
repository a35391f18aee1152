"""A small company for tests of rules that look at all of it; a test states only what matters."""

from datetime import date
from decimal import Decimal

from server.domain.assignments import AssignmentPeriod
from server.domain.company_facts import CompanyFacts, Decision, OutletRecord, PersonRecord, VisitRecord
from server.domain.months import Month
from server.domain.new_customers import Transfer
from server.domain.policy import Policy
from server.domain.visit_acceptance import VisitFacts

NOVEMBER = Month(2026, 11)
ALWAYS = date(2020, 1, 1)
AFTER = date(2026, 12, 1)
GOOD_VISIT = VisitFacts(True, 1, True, True, 20.0, 10.0, True, True)


def policy_of(_month: Month) -> Policy:
    return Policy({})


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)


def outlet(name: str = "s1", letter: str = "C", **changes) -> OutletRecord:
    """Approved in October, so that November is its first month of visits."""
    made = {"approved_on": day(15, 10), "account_made_on": day(10, 10)} | changes
    return OutletRecord(name, ((ALWAYS, letter),), **made)


def transfers(**amounts: int) -> tuple[Transfer, ...]:
    """Yuan by month and day: `d1106=300`."""
    return tuple(Transfer(date(2026, int(on[1:3]), int(on[3:])), Decimal(amount)) for on, amount in amounts.items())


def visit(on: date, outlet_id: str = "s1", name: str = "", facts: VisitFacts = GOOD_VISIT) -> VisitRecord:
    return VisitRecord(name or f"v{on.month:02d}{on.day:02d}", outlet_id, on, facts)


def company(*outlets: OutletRecord, holders: tuple[AssignmentPeriod, ...] | None = None, **facts) -> CompanyFacts:
    """Everybody's outlets are li's unless holders say otherwise."""
    periods = holders if holders is not None else tuple(AssignmentPeriod(one.id, "li", ALWAYS) for one in outlets)
    return CompanyFacts(people=(PersonRecord("li"), PersonRecord("wang")), outlets=outlets, periods=periods, **facts)


def upheld(key: str, on: date = AFTER) -> Decision:
    return Decision(key, True, on)


def dismissed(key: str, on: date = AFTER) -> Decision:
    return Decision(key, False, on)
