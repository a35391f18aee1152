"""The monthly wage (RULEBOOK §10): wage = base + bonuses + awards − deductions, with the limits of labour law shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from server.domain.money import yuan_rounded_down
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import NOTHING, Adjustment, Evidence, WageFacts
from server.domain.wage_kinds import BEYOND_LIMITS, CARRIED, WageKind
from server.domain.wage_lines import WageLine, wage_line


@dataclass(frozen=True)
class WageSheet:
    """Yuan. `gross` is base, bonuses and awards; `deductions` the month's own and what was carried over from earlier ones;
    `adjustments` what closed months owe (signed); `limit` what law lets an employer withhold; `withheld` what was; `shortfall` what
    was not withheld or lies below a payable of 0; `carried` the part of it that policy carries over to the next month."""

    lines: tuple[WageLine, ...]
    gross_yuan: Decimal
    deductions_yuan: Decimal
    adjustments_yuan: Decimal
    limit_yuan: Decimal
    withheld_yuan: Decimal
    shortfall_yuan: Decimal
    carried_yuan: Decimal
    total_yuan: Decimal


def wage_sheet(facts: WageFacts, policy: Policy, kinds: Iterable[WageKind]) -> WageSheet:
    """The sheet: one line per kind that applies, in the order of `kinds`, what was carried over, then adjustments; payable is never below 0."""
    known = tuple(kinds)
    return _settled(own_lines(facts, policy, known), facts, policy, known)


def own_lines(facts: WageFacts, policy: Policy, kinds: Iterable[WageKind]) -> tuple[WageLine, ...]:
    """What the month itself earns and costs: one line per kind that applies, in the order of `kinds`."""
    return tuple(line for kind in kinds if (line := wage_line(kind, facts, policy)) is not None)


def _settled(own: Iterable[WageLine], facts: WageFacts, policy: Policy, kinds: Iterable[WageKind]) -> WageSheet:
    """The sheet that a month's own lines make, with what `facts` carry over and put right."""
    lines = (*own, *_carried_line(facts.carried))
    signs = {kind.code: kind.sign for kind in kinds} | {CARRIED: -1}
    gross = sum((line.amount_yuan for line in lines if signs[line.kind] == 1), NOTHING)
    deductions = -sum((line.amount_yuan for line in lines if signs[line.kind] == -1), NOTHING)
    corrections = tuple(_adjustment_line(one) for one in facts.adjustments if one.amount_yuan != 0)
    adjustments = sum((line.amount_yuan for line in corrections), NOTHING)
    limit = deduction_limit_yuan(gross, policy)
    is_capped = policy.flag("wage.cap_deductions")
    withheld = min(deductions, limit) if is_capped else deductions
    due = gross - withheld + adjustments
    carried = deductions - withheld if policy.flag("wage.carry_over") else NOTHING
    shortfall = deductions - withheld - min(due, NOTHING)
    return WageSheet(lines + corrections, gross, deductions, adjustments, limit, withheld, shortfall, carried, max(due, NOTHING))


def deduction_limit_yuan(gross_yuan: Decimal, policy: Policy) -> Decimal:
    """20 % of base, bonuses and awards, cut to the fen; with a minimum wage, at most what lies above it (RULEBOOK §11)."""
    limit = max(NOTHING, yuan_rounded_down(gross_yuan * policy.decimal("wage.deduction_limit_share")))
    minimum = policy.decimal("wage.minimum_yuan")
    return min(limit, max(NOTHING, gross_yuan - minimum)) if minimum else limit


def _carried_line(carried: tuple[Adjustment, ...]) -> tuple[WageLine, ...]:
    """One deduction of the month, held to its limit like the others (RULEBOOK §10)."""
    if not carried:
        return ()
    amount = sum((one.amount_yuan for one in carried), NOTHING)
    return (WageLine(CARRIED, Decimal(1), None, amount, "", tuple(record for one in carried for record in one.evidence)),)


def _adjustment_line(one: Adjustment) -> WageLine:
    return WageLine(one.kind, Decimal(1), None, one.amount_yuan, "", one.evidence, of_month=one.of_month)


@dataclass(frozen=True)
class MonthCorrection:
    """What a closed month still owes (signed): lines to add up, and how much more (or less) than before policy carries over from it."""

    adjustments: tuple[Adjustment, ...]
    carried_yuan: Decimal = NOTHING


def month_correction(
    facts: WageFacts, paid: Iterable[WageLine], policy: Policy, kinds: Iterable[WageKind], evidence: tuple[Evidence, ...] = ()
) -> MonthCorrection:
    """What is put right of a closed month: the difference of what is payable for it, told by the lines that changed (RULEBOOK §10, §11).

    `facts` are those of now with what the closed sheet itself carried over and put right; `paid` the month's own lines and the adjustments
    made for it since. Where the cap or a payable of 0 keeps a part of the lines' differences from being taken or paid, a line of its own
    says so, with `evidence`.
    """
    known, before = tuple(kinds), tuple(paid)
    after = own_lines(facts, policy, known)
    differences = month_difference(facts.month, before, after)
    if not differences:
        return MonthCorrection(())
    was, now = (_settled(lines, facts, policy, known) for lines in (before, after))
    beyond = now.total_yuan - was.total_yuan - sum((one.amount_yuan for one in differences), NOTHING)
    rest = (Adjustment(facts.month, BEYOND_LIMITS, beyond, evidence),) if beyond else ()
    return MonthCorrection((*differences, *rest), now.carried_yuan - was.carried_yuan)


def month_difference(of_month: Month, closed: Iterable[WageLine], recomputed: Iterable[WageLine]) -> tuple[Adjustment, ...]:
    """What a closed month should have paid more or less, per kind, against its closed lines (RULEBOOK §10, §11).

    `closed` holds the month's own lines and the adjustments made for it since. Kinds in the order they appear; equal ones are left out.
    """
    before, after = _by_kind(closed), _by_kind(recomputed)
    found = []
    for kind in dict.fromkeys([*after, *before]):
        old_yuan, old_records = before.get(kind, (NOTHING, ()))
        new_yuan, new_records = after.get(kind, (NOTHING, ()))
        if new_yuan != old_yuan:
            changed = tuple(dict.fromkeys([*(r for r in new_records if r not in old_records), *(r for r in old_records if r not in new_records)]))
            found.append(Adjustment(of_month, kind, new_yuan - old_yuan, changed))
    return tuple(found)


def _by_kind(lines: Iterable[WageLine]) -> dict[str, tuple[Decimal, tuple[Evidence, ...]]]:
    found: dict[str, tuple[Decimal, tuple[Evidence, ...]]] = {}
    for line in lines:
        amount, records = found.get(line.kind, (NOTHING, ()))
        found[line.kind] = (amount + line.amount_yuan, (*records, *line.evidence))
    return found
