"""Wage sheets as phones receive them."""

from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import selectinload

from server.db import db
from server.domain.wage_kinds import WAGE_KINDS
from server.payroll.models import WageLine, WageSheet
from sync.times import iso_instant

KINDS = {kind.code: kind for kind in WAGE_KINDS}


def wage_sheet_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """Sheets by `<person id>:<month>`."""
    key = WageSheet.person_id + ":" + WageSheet.month
    sheets = db.session.scalars(select(WageSheet).where(key.in_(ids)).options(selectinload(WageSheet.lines)))
    return {f"{sheet.person_id}:{sheet.month}": _document(sheet) for sheet in sheets}


def live_wage_sheets() -> Select[str, str]:
    return select(WageSheet.person_id + ":" + WageSheet.month, literal("user:") + WageSheet.person_id)


def _document(sheet: WageSheet) -> dict[str, Any]:
    return {
        "month": sheet.month,
        "state": sheet.state,
        "lines": [_line(line) for line in sheet.lines],
        "gross_yuan": str(sheet.gross_yuan),
        "deductions_yuan": str(sheet.deductions_yuan),
        "total_yuan": str(sheet.total_yuan),
        "computed_at": iso_instant(sheet.computed_at),
    }


def _line(line: WageLine) -> dict[str, Any]:
    kind = KINDS[line.kind]
    return {
        "kind": line.kind,
        "label_zh": kind.zh,
        "label_en": kind.en,
        "quantity": f"{line.quantity.normalize():f}",
        "unit_yuan": f"{line.unit_yuan:.2f}",
        "amount_yuan": str(line.amount_yuan),
        "rule_zh": kind.rule_zh,
        "rule_en": kind.rule_en,
        "evidence": line.evidence,
    }
