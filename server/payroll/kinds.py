"""The kinds of wage lines of a month: the regulation's, and those that the company added as data (RULEBOOK §10)."""

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.wage_kinds import BEYOND_LIMITS, CARRIED, WAGE_KINDS, WageKind
from server.payroll.models import CustomWageKind

BY_FINDING = "finding:"


def kinds_of(month: Month) -> tuple[WageKind, ...]:
    """The regulation's kinds, then the company's own in force in the month: awards before deductions, in the order they were made."""
    query = select(CustomWageKind).where(CustomWageKind.from_month <= str(month))
    own = db.session.scalars(query.order_by(CustomWageKind.sign.desc(), CustomWageKind.made_at, CustomWageKind.code))
    return (*WAGE_KINDS, *(wage_kind(row) for row in own))


def all_kinds() -> dict[str, WageKind]:
    """Every kind that a line may ever have, by code, carried-over deductions and what lies beyond the limits included."""
    own = (wage_kind(row) for row in db.session.scalars(select(CustomWageKind)))
    return {kind.code: kind for kind in (*WAGE_KINDS, *own, CARRIED_KIND, BEYOND_KIND)}


def wage_kind(row: CustomWageKind) -> WageKind:
    """A kind of the company's own, as the engine pays it."""
    return WageKind(
        code=row.code,
        sign=row.sign,
        paid_by=f"{BY_FINDING}{row.finding_kind}",
        policy_key="",
        zh=row.zh,
        en=row.en,
        rule_zh=row.rule_zh,
        rule_en=row.rule_en,
        source="",
        unit_yuan=row.unit_yuan,
    )


CARRIED_KIND = WageKind(
    code=CARRIED,
    sign=-1,
    paid_by=CARRIED,
    policy_key="wage.carry_over",
    zh="上月未扣结转",
    en="Carried over from last month",
    rule_zh="封顶后未扣的部分，按政策结转到下月",
    rule_en="What the cap left undeducted, carried over by policy",
)
BEYOND_KIND = WageKind(
    code=BEYOND_LIMITS,
    sign=-1,
    paid_by=BEYOND_LIMITS,
    policy_key="",
    zh="不补也不扣的部分",
    en="Part neither paid nor taken",
    rule_zh="那个月扣款封顶、实发不低于零，照这样重新算，这部分不补也不扣",
    rule_en="Worked out anew, that month's cap on deductions or payable of no less than 0 keeps this part from being paid or taken",
)
