"""Findings as phones receive them."""

from typing import Any

from sqlalchemy import Select, literal, select

from server.db import db
from server.findings.models import Finding, FindingStep
from server.outlets.models import Outlet
from sync.times import iso_instant


def finding_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    query = select(Finding, Outlet.name).outerjoin(Outlet, Outlet.id == Finding.outlet_id).where(Finding.id.in_(ids))
    reasons = _last_reasons(ids)
    return {
        finding.id: {
            "id": finding.id,
            "kind": finding.kind,
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
