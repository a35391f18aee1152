"""The monthly wage (RULEBOOK §10): wage = base + bonuses + awards − deductions, with the limits of labour law shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from server.domain.money import yuan, yuan_rounded_down
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_kinds import WageKind

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Evidence:
    """A record behind a line: `kind` is a table's word, such as visit or finding."""

    kind: str
    id: str


@dataclass(frozen=True)
class PlannedOutlet:
    """An outlet of the month's plan: visits planned, visits that counted, and which; excused when the manager dismissed its miss."""

    outlet_id: str
    planned: int
    counted: int
    visit_ids: tuple[str, ...] = ()
    is_excused: bool = False


@dataclass(frozen=True)
class UpheldFinding:
    finding_id: str
    kind: str
    outlet_id: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class WageFacts:
    """All that one person's month is paid by."""

    person_id: str
    month: Month
    has_active_day: bool
    plan: tuple[PlannedOutlet, ...] = ()
    findings: tuple[UpheldFinding, ...] = ()


@dataclass(frozen=True)
class WageLine:
    """One kind's line. `amount_yuan` is signed and rounded once."""

    kind: str
    quantity: Decimal
    unit_yuan: Decimal
    amount_yuan: Decimal
    rule_key: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class WageSheet:
    """`gross_yuan` before deductions; `limit_yuan` is what law lets an employer withhold; `withheld_yuan` was withheld;
    `shortfall_yuan` is what deductions exceed the payable by (or, capped, what was not withheld)."""

    lines: tuple[WageLine, ...]
    gross_yuan: Decimal
    deductions_yuan: Decimal
    limit_yuan: Decimal
    shortfall_yuan: Decimal
    total_yuan: Decimal


def wage_sheet(facts: WageFacts, policy: Policy, kinds: Iterable[WageKind]) -> WageSheet:
    """The sheet: one line per kind that applies, in the order of `kinds`; payable is never below 0."""
    lines = tuple(line for kind in kinds if (line := _line(kind, facts, policy)) is not None)
    gross = sum((line.amount_yuan for line in lines if line.amount_yuan > 0), NOTHING)
    deductions = -sum((line.amount_yuan for line in lines if line.amount_yuan < 0), NOTHING)
    limit = _limit_yuan(gross, policy)
    most = limit if policy.flag("wage.cap_deductions") else gross
    withheld = min(deductions, most, gross)
    return WageSheet(lines, gross, deductions, limit, deductions - withheld, gross - withheld)


def _line(kind: WageKind, facts: WageFacts, policy: Policy) -> WageLine | None:
    quantity, evidence = _quantity(kind, facts)
    if quantity == 0:
        return None
    unit = policy.decimal(kind.policy_key)
    return WageLine(kind.code, quantity, unit, yuan(kind.sign * quantity * unit), kind.policy_key, evidence)


def _quantity(kind: WageKind, facts: WageFacts) -> tuple[Decimal, tuple[Evidence, ...]]:
    if kind.paid_by == "active_month":
        return Decimal(int(facts.has_active_day)), ()
    if kind.paid_by == "plan_done":
        visits = tuple(Evidence("visit", visit_id) for outlet in facts.plan for visit_id in outlet.visit_ids)
        return Decimal(int(is_plan_done(facts))), visits
    wanted = kind.paid_by.removeprefix("finding:")
    upheld = [finding for finding in facts.findings if finding.kind == wanted]
    return Decimal(len(upheld)), tuple(Evidence("finding", finding.finding_id) for finding in upheld)


def is_plan_done(facts: WageFacts) -> bool:
    """Whether every planned outlet got as many counting visits as planned.

    DECISION (RULEBOOK §10, §11): a plan with nothing in it earns no award; an upheld "not visited" loses it, a dismissed
    one does not.
    """
    has_upheld_miss = any(finding.kind == "missed_visit" for finding in facts.findings)
    return bool(facts.plan) and not has_upheld_miss and all(outlet.is_excused or outlet.counted >= outlet.planned for outlet in facts.plan)


def _limit_yuan(gross: Decimal, policy: Policy) -> Decimal:
    """20 % of base, bonuses and awards, cut to the fen; with a minimum wage, at most what lies above it (RULEBOOK §11)."""
    limit = yuan_rounded_down(gross * policy.decimal("wage.deduction_limit_share"))
    minimum = policy.decimal("wage.minimum_yuan")
    return min(limit, max(NOTHING, gross - minimum)) if minimum else limit
