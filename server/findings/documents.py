"""Findings as phones receive them."""

from typing import Any

from sqlalchemy import Select, literal, select

from server.db import db
from server.findings.kinds import own_kinds
from server.findings.models import Finding, FindingStep
from server.outlets.models import Outlet
from sync.times import iso_instant


def finding_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id; `kind_zh` and `kind_en` are the words of the company's own kinds, empty for those that phones know."""
    query = select(Finding, Outlet.name).outerjoin(Outlet, Outlet.id == Finding.outlet_id).where(Finding.id.in_(ids))
    reasons, own = _last_reasons(ids), own_kinds() if ids else {}
    return {
        finding.id: {
            "id": finding.id,
            "kind": finding.kind,
            "kind_zh": own[finding.kind].zh if finding.kind in own else "",
            "kind_en": own[finding.kind].en if finding.kind in own else "",
            "is_award": finding.kind in own and own[finding.kind].is_award,
            "month": finding.month,
            "outlet_id": finding.outlet_id,
            "outlet_name": outlet_name,
            "amount_yuan": str(finding.amount_yuan),
            "state": finding.state,
            "reason": reasons.get(finding.id, ""),
            "created_at": iso_instant(finding.created_at),
        }
        for finding, outlet_name in db.session.execute(query)
    }


def _last_reasons(ids: list[str]) -> dict[str, str]:
    """What people wrote; for steps of the nightly check the phone has words of its own, in both languages."""
    query = select(FindingStep.finding_id, FindingStep.reason).where(FindingStep.finding_id.in_(ids), FindingStep.by_id.is_not(None))
    return dict(db.session.execute(query.order_by(FindingStep.at, FindingStep.id)).all())


def live_findings() -> Select[str, str]:
    return select(Finding.id, literal("user:") + Finding.person_id)
