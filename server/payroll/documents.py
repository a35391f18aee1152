"""Wage sheets as phones receive them."""

from typing import Any

from sqlalchemy import Select, bindparam, literal, select
from sqlalchemy.orm import selectinload

from server.db import db
from server.domain.wage_kinds import WageKind
from server.payroll.canonical import TOTALS, money, number
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
    """`seal` is empty while the month is open; amounts are texts with two decimals; `steps` are what was done with the slip."""
    return {
        "id": sheet.id,
        "month": sheet.month,
        "state": sheet.state,
        "lines": [_line(line, kinds[line.kind]) for line in sheet.lines],
        **{f"{name}_yuan": money(getattr(sheet, f"{name}_yuan")) for name in TOTALS},
        "policy_version": sheet.policy_version,
        "seal": sheet.seal or "",
        "computed_at": iso_instant(sheet.computed_at),
        "steps": [{"action": step.action, "text": step.text, "by_name": step.name, "at": iso_instant(step.at)} for step in steps],
    }


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
