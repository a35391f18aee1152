"""Wage sheets as phones receive them."""

from typing import Any

from flask_babel import force_locale
from sqlalchemy import Select, bindparam, literal, select
from sqlalchemy.orm import selectinload

from server.db import db
from server.domain.wage_kinds import WAGE_KINDS, WageKind
from server.payroll.canonical import TOTALS, money, number
from server.payroll.explanations import reckoning
from server.payroll.kept_facts import KeptFacts, kept_facts
from server.payroll.kinds import all_kinds
from server.payroll.models import WageLine, WageSheet
from server.payroll.payslips import Step, steps_by_sheet
from sync.times import iso_instant

_SHEETS = (
    select(WageSheet)
    .where((WageSheet.person_id + ":" + WageSheet.month).in_(bindparam("ids", expanding=True)))
    .options(selectinload(WageSheet.lines))
)


def wage_sheet_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """Sheets by `<person id>:<month>`."""
    sheets = list(db.session.scalars(_SHEETS, {"ids": ids}))
    kinds, steps = all_kinds() if sheets else {}, steps_by_sheet([sheet.id for sheet in sheets])
    return {f"{sheet.person_id}:{sheet.month}": _document(sheet, kinds, steps[sheet.id]) for sheet in sheets}


def live_wage_sheets() -> Select[str, str]:
    return select(WageSheet.person_id + ":" + WageSheet.month, literal("user:") + WageSheet.person_id)


def _document(sheet: WageSheet, kinds: dict[str, WageKind], steps: list[Step]) -> dict[str, Any]:
    """`seal` is empty while the month is open; amounts are texts with two decimals; `steps` are what was done with the slip.
    `unpaid` are earnings without a line, each with the reason."""
    return {
        "id": sheet.id,
        "month": sheet.month,
        "state": sheet.state,
        "lines": [_line(line, kinds[line.kind]) for line in sheet.lines],
        "unpaid": _unpaid(sheet),
        **{f"{name}_yuan": money(getattr(sheet, f"{name}_yuan")) for name in TOTALS},
        "policy_version": sheet.policy_version,
        "seal": sheet.seal or "",
        "computed_at": iso_instant(sheet.computed_at),
        "steps": [_step(step) for step in steps],
    }


def _step(step: Step) -> dict[str, Any]:
    """`id` is that of the record that a phone sent; `says` is what the step comes to (`payslips.Step`)."""
    return {"id": step.id, "action": step.action, "says": step.says, "text": step.text, "by_name": step.name, "at": iso_instant(step.at)}


def _line(line: WageLine, kind: WageKind) -> dict[str, Any]:
    """`of_month` names the closed month that an adjustment belongs to, else it is empty; `unit_yuan` is empty where no single
    price makes the amount."""
    return {
        "kind": line.kind,
        "label_zh": kind.zh,
        "label_en": kind.en,
        "quantity": number(line.quantity),
        "unit_yuan": "" if line.unit_yuan is None else number(line.unit_yuan),
        "amount_yuan": money(line.amount_yuan),
        "is_estimate": line.is_estimate,
        "of_month": line.of_month,
        "rule_zh": kind.rule_zh,
        "rule_en": kind.rule_en,
        "evidence": line.evidence,
    }


def _unpaid(sheet: WageSheet) -> list[dict[str, str]]:
    """The regulation's earnings that pay nothing, as far as there is a reason to tell; none for a sheet drawn up before facts were kept."""
    if not sheet.facts:
        return []
    paid, kept = {line.kind for line in sheet.lines if not line.of_month}, kept_facts(sheet)
    missing = [_unpaid_kind(kind, kept) for kind in WAGE_KINDS if kind.sign > 0 and kind.code not in paid]
    return [one for one in missing if one["reason_zh"]]


def _unpaid_kind(kind: WageKind, kept: KeptFacts) -> dict[str, str]:
    with force_locale("zh"):
        reason_zh = reckoning(kind, None, kept)
    with force_locale("en"):
        reason_en = reckoning(kind, None, kept)
    labels = {"label_zh": kind.zh, "label_en": kind.en, "rule_zh": kind.rule_zh, "rule_en": kind.rule_en}
    return {"kind": kind.code, **labels, "reason_zh": reason_zh, "reason_en": reason_en}
