"""The monthly wage (RULEBOOK §10): wage = base + bonuses + awards − deductions, with the limits of labour law shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from server.domain.money import yuan_rounded_down
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import NOTHING, Adjustment, Evidence, WageFacts
from server.domain.wage_kinds import WageKind
from server.domain.wage_lines import WageLine, wage_line


@dataclass(frozen=True)
class WageSheet:
    """Yuan. `gross` is base, bonuses and awards; `adjustments` what closed months owe (signed); `limit` what law lets an
    employer withhold; `withheld` what was; `shortfall` what was not withheld or lies below a payable of 0; `carried` the part
    of it that policy carries over to the next month."""

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
    """The sheet: one line per kind that applies, in the order of `kinds`, then adjustments; payable is never below 0."""
    known = tuple(kinds)
    lines = tuple(line for kind in known if (line := wage_line(kind, facts, policy)) is not None)
    signs = {kind.code: kind.sign for kind in known}
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
    return WageSheet((*lines, *corrections), gross, deductions, adjustments, limit, withheld, shortfall, carried, max(due, NOTHING))


def deduction_limit_yuan(gross_yuan: Decimal, policy: Policy) -> Decimal:
    """20 % of base, bonuses and awards, cut to the fen; with a minimum wage, at most what lies above it (RULEBOOK §11)."""
    limit = max(NOTHING, yuan_rounded_down(gross_yuan * policy.decimal("wage.deduction_limit_share")))
    minimum = policy.decimal("wage.minimum_yuan")
    return min(limit, max(NOTHING, gross_yuan - minimum)) if minimum else limit


def _adjustment_line(one: Adjustment) -> WageLine:
    return WageLine(one.kind, Decimal(1), None, one.amount_yuan, "", one.evidence, of_month=one.of_month)


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
