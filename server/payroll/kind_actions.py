"""Adding kinds of awards and deductions as data (RULEBOOK §10: kinds are data)."""

from datetime import datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.domain.months import Month
from server.domain.wage_kinds import BEYOND_LIMITS, CARRIED, WAGE_KINDS
from server.findings.kinds import FindingKind
from server.payroll.adjustments import newest_closed
from server.payroll.kind_form import NewKind
from server.payroll.kinds import BY_FINDING, kinds_of
from server.payroll.models import CustomWageKind
from server.policy.queries import policy_of
from sync.problems import Problem


def add_kind(kind: NewKind, by_id: str, now: datetime) -> CustomWageKind:
    """Add a kind, paid from its month on once for each upheld finding of it. Commits.

    Raises `invalid` for a code that is taken and a month that is closed.
    """
    if kind.code in _taken():
        raise Problem("invalid", fields={"code": "taken"})
    newest = newest_closed()
    if newest is not None and kind.from_month <= newest:
        raise Problem("invalid", fields={"from_month": "closed"})
    row = CustomWageKind(code=kind.code, sign=kind.sign, finding_kind=kind.code, unit_yuan=kind.unit_yuan, zh=kind.zh, en=kind.en)
    row.rule_zh, row.rule_en, row.from_month, row.made_by_id, row.made_at = kind.rule_zh, kind.rule_en, str(kind.from_month), by_id, now
    db.session.add(row)
    detail = {"sign": kind.sign, "unit_yuan": str(kind.unit_yuan), "from_month": row.from_month, "zh": kind.zh, "en": kind.en}
    record_audit(now, by_id, "wage_kind.added", ("wage_kind", kind.code), **detail)
    db.session.commit()
    return row


def _taken() -> set[str]:
    """Codes of lines and of findings that mean something already."""
    regulation = {kind.code for kind in WAGE_KINDS} | {kind.paid_by.removeprefix(BY_FINDING) for kind in WAGE_KINDS}
    return regulation | {CARRIED, BEYOND_LIMITS, "adjustment"} | set(db.session.scalars(select(CustomWageKind.code)))


def own_kinds() -> list[CustomWageKind]:
    """The company's own kinds, in the order they were made."""
    return list(db.session.scalars(select(CustomWageKind).order_by(CustomWageKind.made_at, CustomWageKind.code)))


def finding_kinds(month: Month) -> list[FindingKind]:
    """What may be proposed by hand for a month: every kind of line that upheld findings pay."""
    policy = policy_of(month)
    paid = [kind for kind in kinds_of(month) if kind.paid_by.startswith(BY_FINDING)]
    return [FindingKind(kind.paid_by.removeprefix(BY_FINDING), kind.zh, kind.en, kind.sign, kind.price_yuan(policy)) for kind in paid]


def own_finding_kinds() -> dict[str, FindingKind]:
    """The findings of the company's own kinds, by code."""
    return {row.finding_kind: FindingKind(row.finding_kind, row.zh, row.en, row.sign, row.unit_yuan) for row in own_kinds()}
