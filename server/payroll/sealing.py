"""Seals of closed months (DESIGN §5): over lines, totals, policy, kinds, facts and the seals of the visits named as evidence,
chained to the month closed before."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.wage_facts import WageFacts
from server.findings.models import FindingEvidence
from server.payroll.canonical import sha256_of
from server.visits.models import Visit

CHUNK = 800
Seals = dict[str, str]


def visits_named(sheets: Iterable[WageFacts]) -> dict[str, list[str]]:
    """By person: the visits of the plan and of adjustments, and those that upheld findings rest on."""
    facts = list(sheets)
    findings = {one.finding_id: sheet.person_id for sheet in facts for one in sheet.findings}
    named = {sheet.person_id: _own_visits(sheet) for sheet in facts}
    ids = sorted(findings)
    for start in range(0, len(ids), CHUNK):
        query = select(FindingEvidence.finding_id, FindingEvidence.ref_id).where(FindingEvidence.kind == "visit")
        for finding_id, visit_id in db.session.execute(query.where(FindingEvidence.finding_id.in_(ids[start : start + CHUNK]))):
            named[findings[finding_id]].add(visit_id)
    return {person_id: sorted(visits) for person_id, visits in named.items()}


def _own_visits(sheet: WageFacts) -> set[str]:
    planned = {visit_id for outlet in sheet.visit_plan for visit_id in outlet.record_ids}
    return planned | {one.id for adjustment in sheet.adjustments for one in adjustment.evidence if one.kind == "visit"}


def seals_of(visit_ids: Iterable[str]) -> Seals:
    """The visits' own seals; one whose files are not all here yet has none, a visit that is gone is absent."""
    ids = sorted(set(visit_ids))
    found: Seals = {}
    for start in range(0, len(ids), CHUNK):
        query = select(Visit.id, Visit.seal).where(Visit.id.in_(ids[start : start + CHUNK]))
        found |= {visit_id: seal or "" for visit_id, seal in db.session.execute(query)}
    return found


def sheet_seal(month: str, previous: str, document: dict[str, Any], facts_text: str, policy_text: str, kinds_text: str) -> str:
    """The seal of one sheet. `document` holds its lines and totals, `facts_text` its facts and the seals of the visits named."""
    parts = {"month": month, "previous": previous, "sheet": document, "facts": facts_text, "policy": policy_text, "kinds": kinds_text}
    return sha256_of(parts)


def month_seal(month: str, previous: str, sheets: Iterable[tuple[str, str]], closed: dict[str, Any]) -> str:
    """The seal of a month over those of its sheets, (person id, seal), and of who closed it with which checks, `closed`."""
    return sha256_of({"month": month, "previous": previous, "sheets": sorted(map(list, sheets)), "closed": closed})


def closed_document(by_id: str, at: datetime, reason: str, checks: list[dict[str, Any]], policy_text: str, kinds_text: str) -> dict[str, Any]:
    return {"by": by_id, "at": at.astimezone(UTC).isoformat(), "reason": reason, "checks": checks, "policy": policy_text, "kinds": kinds_text}
