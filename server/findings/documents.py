"""Findings as phones receive them, with what was objected to them and answered."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, literal, select

from server.db import db
from server.domain.wage_kinds import WAGE_KINDS
from server.findings.kinds import own_kinds
from server.findings.models import Finding, FindingEvidence, FindingObjection, FindingStep
from server.findings.windows import NO_WINDOW, Window, objection_windows
from server.outlets.models import Outlet
from server.people.models import Person
from sync.times import iso_instant

RULES = {kind.paid_by: kind for kind in WAGE_KINDS}


def finding_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id; `kind_zh` and `kind_en` are the words of the company's own kinds, empty for those that phones know.

    `rule_zh` and `rule_en` say what the rulebook says of such a finding, empty for own kinds; `evidence` names the records it rests on.
    `object_until` is the last day to object to the newest step, null where that was done or there is nothing to object to.
    """
    query = select(Finding, Outlet.name).outerjoin(Outlet, Outlet.id == Finding.outlet_id).where(Finding.id.in_(ids))
    reasons, own = _last_reasons(ids), own_kinds() if ids else {}
    objections, windows, evidence = _objections(ids), objection_windows(ids), _evidence(ids)
    return {
        finding.id: {
            "id": finding.id,
            "kind": finding.kind,
            "kind_zh": own[finding.kind].zh if finding.kind in own else "",
            "kind_en": own[finding.kind].en if finding.kind in own else "",
            **_rule(finding.kind),
            "is_award": finding.kind in own and own[finding.kind].is_award,
            "month": finding.month,
            "outlet_id": finding.outlet_id,
            "outlet_name": outlet_name,
            "amount_yuan": str(finding.amount_yuan),
            "state": finding.state,
            "reason": reasons.get(finding.id, ""),
            "created_at": iso_instant(finding.created_at),
            "object_until": _until(windows.get(finding.id, NO_WINDOW)),
            "objections": objections[finding.id],
            "evidence": evidence[finding.id],
        }
        for finding, outlet_name in db.session.execute(query)
    }


def _rule(kind: str) -> dict[str, str]:
    known = RULES.get(f"finding:{kind}")
    return {"rule_zh": known.rule_zh if known else "", "rule_en": known.rule_en if known else ""}


def _evidence(ids: list[str]) -> defaultdict[str, list[dict[str, str]]]:
    """By finding: kind and id of each record."""
    query = select(FindingEvidence).where(FindingEvidence.finding_id.in_(ids)).order_by(FindingEvidence.kind, FindingEvidence.ref_id)
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.finding_id].append({"kind": row.kind, "id": row.ref_id})
    return found


def _last_reasons(ids: list[str]) -> dict[str, str]:
    """What people wrote; for steps of the nightly check the phone has words of its own, in both languages."""
    query = select(FindingStep.finding_id, FindingStep.reason).where(FindingStep.finding_id.in_(ids), FindingStep.by_id.is_not(None))
    return dict(db.session.execute(query.order_by(FindingStep.at, FindingStep.id)).all())


def _until(window: Window) -> str | None:
    return None if window.until is None or window.has_objected else window.until.isoformat()


def _objections(ids: list[str]) -> defaultdict[str, list[dict[str, Any]]]:
    """What the person concerned said, by finding, oldest first; `answer` is empty until there is one. Facts answer without a name, and
    the phone has words for that."""
    query = select(FindingObjection, Person.name).outerjoin(Person, Person.id == FindingObjection.answered_by_id)
    query = query.join(Finding, (Finding.id == FindingObjection.finding_id) & (Finding.person_id == FindingObjection.by_id))
    query = query.where(Finding.id.in_(ids)).order_by(FindingObjection.at, FindingObjection.id)
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for objection, by_name in db.session.execute(query):
        found[objection.finding_id].append(_objection_document(objection, by_name))
    return found


def _objection_document(objection: FindingObjection, by_name: str | None) -> dict[str, Any]:
    return {
        "id": objection.id,
        "at": iso_instant(objection.at),
        "text": objection.text,
        "photos": objection.photos,
        "answer": objection.answer,
        "answer_reason": objection.answer_reason if by_name is not None else "",
        "answered_by": by_name or "",
        "answered_at": iso_instant(objection.answered_at) if objection.answered_at else None,
    }


def live_findings() -> Select[str, str]:
    return select(Finding.id, literal("user:") + Finding.person_id)
