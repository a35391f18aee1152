"""Proposing findings, and the manager's decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.feed.clock import FeedEntry, touch, upsert
from server.findings.models import Finding, FindingEvidence, FindingState, FindingStep
from sync.ids import uuid7
from sync.problems import Problem

DECISIONS = (FindingState.UPHELD, FindingState.DISMISSED)
CHUNK = 400


@dataclass(frozen=True)
class Proposal:
    """A finding to propose; `source_key` says what it is about, so that it is proposed once. Evidence is (kind, id) pairs."""

    source_key: str
    kind: str
    month: str
    person_id: str
    outlet_id: str | None
    amount_yuan: Decimal
    reason: str
    evidence: tuple[tuple[str, str], ...]


def propose_findings(proposals: Iterable[Proposal], now: datetime) -> int:
    """Propose what is not known yet; returns how many were new. Safe to repeat and in parallel; the caller commits."""
    wanted = {proposal.source_key: proposal for proposal in proposals}
    made = 0
    for start in range(0, len(wanted), CHUNK):
        part = sorted(wanted)[start : start + CHUNK]
        rows = [_finding_row(wanted[key], now) for key in part]
        statement = upsert(Finding).values(rows).on_conflict_do_nothing(index_elements=["source_key"])
        inserted = db.session.execute(statement.returning(Finding.id, Finding.source_key)).all()
        for finding_id, source_key in inserted:
            _attach(finding_id, wanted[source_key], now)
        made += len(inserted)
    return made


def _finding_row(proposal: Proposal, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "source_key": proposal.source_key,
        "kind": proposal.kind,
        "month": proposal.month,
        "person_id": proposal.person_id,
        "outlet_id": proposal.outlet_id,
        "amount_yuan": proposal.amount_yuan,
        "state": FindingState.PROPOSED,
        "created_at": now,
    }


def _attach(finding_id: str, proposal: Proposal, now: datetime) -> None:
    db.session.add_all(FindingEvidence(finding_id=finding_id, kind=kind, ref_id=ref_id) for kind, ref_id in proposal.evidence)
    db.session.add(FindingStep(id=uuid7(), finding_id=finding_id, state=FindingState.PROPOSED, reason=proposal.reason, at=now))
    touch(db.session, FeedEntry("finding", finding_id, f"user:{proposal.person_id}"))


def decide_finding(finding_id: str, decision: str, reason: str, by_id: str, now: datetime) -> Finding:
    """Uphold or dismiss a proposed finding, with a reason that the person concerned will read. Commits.

    Raises `invalid` without a reason, `stale` when it was decided already.
    """
    finding = db.session.scalar(select(Finding).where(Finding.id == finding_id).with_for_update())
    if finding is None:
        raise Problem("not_found")
    if decision not in DECISIONS:
        raise Problem("invalid", fields={"decision": "unknown"})
    if not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    _step(finding, FindingState(decision), reason.strip(), by_id, now)
    record_audit(now, by_id, f"finding.{decision}", ("finding", finding_id), reason=reason.strip())
    db.session.commit()
    return finding


def withdraw_finding(finding: Finding, reason: str, now: datetime) -> None:
    """Dismiss a proposed finding that facts have overtaken; the caller commits."""
    _step(finding, FindingState.DISMISSED, reason, None, now)


def _step(finding: Finding, state: FindingState, reason: str, by_id: str | None, now: datetime) -> None:
    if finding.state != FindingState.PROPOSED:
        raise Problem("stale")
    finding.state = state
    db.session.add(FindingStep(id=uuid7(), finding_id=finding.id, state=state, reason=reason, by_id=by_id, at=now))
