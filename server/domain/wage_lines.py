"""What each kind of wage line measures (RULEBOOK §10). A measure gives quantity, yuan for one, amount and the records behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from server.domain.money import yuan
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import NOTHING, Evidence, PlannedOutlet, WageFacts
from server.domain.wage_kinds import WageKind

ADJUSTMENT = "adjustment"


@dataclass(frozen=True)
class WageLine:
    """One kind's line, or one adjustment of a closed month. `amount_yuan` is signed and rounded once.

    `unit_yuan` is None where no single price makes the amount (marginal tiers, base by working days). `of_month` names the
    month that an adjustment belongs to, and `kind` then the kind it corrects.
    """

    kind: str
    quantity: Decimal
    unit_yuan: Decimal | None
    amount_yuan: Decimal
    rule_key: str
    evidence: tuple[Evidence, ...] = ()
    is_estimate: bool = False
    of_month: Month | None = None


@dataclass(frozen=True)
class Measured:
    """Unrounded: `amount` is quantity × unit where there is a unit."""

    quantity: Decimal
    unit: Decimal | None
    amount: Decimal
    evidence: tuple[Evidence, ...] = ()
    is_estimate: bool = False


Measure = Callable[[WageFacts, Policy, WageKind], Measured]


def wage_line(kind: WageKind, facts: WageFacts, policy: Policy) -> WageLine | None:
    """The line of a kind, or None when it pays nothing; rounded half up to the fen, once."""
    measure = _upheld if kind.paid_by.startswith("finding:") else MEASURES[kind.paid_by]
    found = measure(facts, policy, kind)
    if found.quantity == 0:
        return None
    amount = yuan(kind.sign * found.amount)
    return WageLine(kind.code, found.quantity, found.unit, amount, kind.policy_key, found.evidence, found.is_estimate)


def _priced(count: int | Decimal, unit: Decimal, evidence: tuple[Evidence, ...] = ()) -> Measured:
    return Measured(Decimal(count), unit, count * unit, evidence)


def _base(facts: WageFacts, policy: Policy, kind: WageKind) -> Measured:
    """DECISION (RULEBOOK §11): base is paid whole for a month with any active day; policy may pay by working days."""
    base = policy.decimal(kind.policy_key)
    if policy.text("wage.base_mode") == "whole":
        return _priced(int(facts.active.has_any), base)
    if not facts.active.of_working:
        return _priced(0, base)
    return Measured(Decimal(facts.active.working), None, base * facts.active.working / facts.active.of_working)


def _new_customers(facts: WageFacts, policy: Policy, _kind: WageKind) -> Measured:
    """DECISION (RULEBOOK §10): the tier reached pays for every one (`whole`); policy may say `marginal`."""
    count = len(facts.new_customers)
    if policy.text("bonus.tier_mode") == "whole":
        return _priced(count, tier_yuan(count, policy), facts.new_customers)
    amount = sum((tier_yuan(place, policy) for place in range(1, count + 1)), NOTHING)
    return Measured(Decimal(count), None, amount, facts.new_customers)


def tier_yuan(count: int, policy: Policy) -> Decimal:
    """Yuan for one customer at a count: up to 10, 11 to 20, 21 or more."""
    if count <= policy.integer("bonus.tier1_most_customers"):
        return policy.decimal("bonus.tier1_yuan")
    if count <= policy.integer("bonus.tier2_most_customers"):
        return policy.decimal("bonus.tier2_yuan")
    return policy.decimal("bonus.tier3_yuan")


def _volume(facts: WageFacts, policy: Policy, kind: WageKind) -> Measured:
    """DECISION (RULEBOOK §10): may be negative, as the formula says; policy may floor it at 0."""
    grown = facts.volume.this_yuan - facts.volume.last_yuan
    if policy.flag("bonus.volume_floor_zero"):
        grown = max(grown, NOTHING)
    rate = policy.decimal(kind.policy_key)
    return Measured(grown, rate, grown * rate, facts.volume.evidence, facts.volume.is_estimate)


def _no_complaint(facts: WageFacts, policy: Policy, kind: WageKind) -> Measured:
    """DECISION (RULEBOOK §11): complaints received from the rep's outlets, less unfounded ones; none without outlets."""
    return _priced(int(facts.has_outlets and not facts.complaints), policy.decimal(kind.policy_key))


def _visit_plan(facts: WageFacts, policy: Policy, kind: WageKind) -> Measured:
    return _priced(int(is_visit_plan_done(facts)), policy.decimal(kind.policy_key), _records("visit", facts.visit_plan))


def _training_plan(facts: WageFacts, policy: Policy, kind: WageKind) -> Measured:
    is_done = is_plan_done(facts.training_plan)
    return _priced(int(is_done), policy.decimal(kind.policy_key), _records("training", facts.training_plan))


def _upheld(facts: WageFacts, policy: Policy, kind: WageKind) -> Measured:
    wanted = kind.paid_by.removeprefix("finding:")
    found = [finding for finding in facts.findings if finding.kind == wanted]
    return _priced(len(found), kind.price_yuan(policy), tuple(Evidence("finding", finding.finding_id) for finding in found))


MEASURES: dict[str, Measure] = {
    "active_month": _base,
    "new_customers": _new_customers,
    "volume": _volume,
    "no_complaint": _no_complaint,
    "training_plan_done": _training_plan,
    "visit_plan_done": _visit_plan,
}


def is_plan_done(plan: tuple[PlannedOutlet, ...]) -> bool:
    """DECISION (RULEBOOK §10): a plan with nothing in it earns no award."""
    return bool(plan) and all(outlet.is_done for outlet in plan)


def is_visit_plan_done(facts: WageFacts) -> bool:
    """DECISION (RULEBOOK §11): an upheld "not visited" loses the award, a dismissed one does not."""
    has_upheld_miss = any(finding.kind == "missed_visit" for finding in facts.findings)
    return not has_upheld_miss and is_plan_done(facts.visit_plan)


def _records(kind: str, plan: tuple[PlannedOutlet, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(kind, record_id) for outlet in plan for record_id in outlet.record_ids)
