"""What the law lets an employer withhold, beside what a sheet withholds (RULEBOOK §10)."""

from dataclasses import dataclass
from decimal import Decimal

from server.console.formats import percent
from server.db import db
from server.domain.money import yuan_rounded_down
from server.domain.months import Month
from server.domain.policy import Policy
from server.payroll.canonical import policy_from
from server.payroll.models import WageMonth, WageSheet
from server.policy.queries import policy_of


@dataclass(frozen=True)
class Limits:
    """`above_minimum_yuan` is None where no minimum wage is set."""

    share_percent: int
    by_share_yuan: Decimal
    minimum_yuan: Decimal
    above_minimum_yuan: Decimal | None
    is_capped: bool
    is_carried: bool
    is_over: bool
    used_percent: int


def limits_of(sheet: WageSheet, policy: Policy) -> Limits:
    minimum = policy.decimal("wage.minimum_yuan")
    share = policy.decimal("wage.deduction_limit_share")
    return Limits(
        share_percent=percent(float(share), 1),
        by_share_yuan=yuan_rounded_down(sheet.gross_yuan * share),
        minimum_yuan=minimum,
        above_minimum_yuan=max(Decimal("0.00"), sheet.gross_yuan - minimum) if minimum else None,
        is_capped=policy.flag("wage.cap_deductions"),
        is_carried=policy.flag("wage.carry_over"),
        is_over=sheet.deductions_yuan > sheet.limit_yuan,
        used_percent=percent(float(sheet.deductions_yuan), float(sheet.limit_yuan)) if sheet.deductions_yuan else 0,
    )


def policy_of_sheet(sheet: WageSheet) -> Policy:
    """The policy that it was paid by: a closed month keeps its own."""
    closed = db.session.get(WageMonth, sheet.month)
    return policy_of(Month.parse(sheet.month)) if closed is None else policy_from(closed.policy_values)
