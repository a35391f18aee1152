"""Proposing findings, and the manager's decision."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, delete, select, tuple_

from server.audit.actions import record_audit
from server.bulk import put_new
from server.db import db
from server.feed.clock import FeedEntry, touch, touch_all
from server.findings.answers import Answer, answer_open
from server.findings.models import Finding, FindingEvidence, FindingState, FindingStep
from server.findings.overtaken import is_overtaken, note_standing, was_passed_on
from server.findings.queries import was_decided
from sync.ids import uuid7
from sync.problems import Problem

DecisionListener = Callable[[Finding, str, datetime], None]
decision_listeners: list[DecisionListener] = []
DECISIONS = (FindingState.UPHELD, FindingState.DISMISSED)
CHUNK = 5000


@dataclass(frozen=True)
class Proposal:
    """A finding to propose; `source_key` says what it is about, so that it is proposed once. Evidence is (kind, id) pairs, `month` 2026-11."""

    source_key: str
    kind: str
    month: str
    person_id: str
    outlet_id: str | None
    amount_yuan: Decimal
    reason: str
    evidence: tuple[tuple[str, str], ...]


def propose_findings(proposals: Iterable[Proposal], now: datetime, by_id: str | None = None) -> int:
    """Propose what the records say and is not known yet, and anew what the software itself took back; returns how many. Whatever a person
    decided stands, and no longer counts as overtaken. What the manager took back from somebody else is proposed beside it.

    `by_id` is who made the record, empty for the nightly check. Safe to repeat and in parallel; the caller commits.
    """
    wanted = {proposal.source_key: proposal for proposal in proposals}
    made = 0
    for start in range(0, len(wanted), CHUNK):
        part = sorted(wanted)[start : start + CHUNK]
        fresh, again = _propose([wanted[key] for key in part], by_id, now)
        made += len(fresh) + again
        known = [(key, wanted[key].person_id) for key in part if key not in fresh]
        if known:
            note_standing(tuple_(Finding.source_key, Finding.person_id).in_(known), now)
    return made


def propose_by_hand(proposal: Proposal, by_id: str, now: datetime) -> bool:
    """Propose what a person says, likewise; whether it is new. What facts have overtaken stays so. The caller commits."""
    fresh, again = _propose([proposal], by_id, now)
    return len(fresh) + again > 0


def _propose(proposals: list[Proposal], by_id: str | None, now: datetime) -> tuple[set[str], int]:
    """The keys that were not known, and how many findings are proposed anew; the proposals come by key."""
    wanted = {proposal.source_key: proposal for proposal in proposals}
    _make_way(wanted)
    inserted = put_new(Finding, [_finding_row(proposal, now) for proposal in proposals], ("id", "source_key"))
    _attach([(finding_id, wanted[key]) for finding_id, key in inserted], by_id, now)
    fresh = {source_key for _, source_key in inserted}
    return fresh, _propose_again([proposal for proposal in proposals if proposal.source_key not in fresh], by_id, now)


def _make_way(wanted: dict[str, Proposal]) -> None:
    """A finding that was taken back since it is another's gives up its key; it stays with the person whose wage it changed."""
    query = select(Finding).where(Finding.source_key.in_(wanted), was_passed_on()).order_by(Finding.id).with_for_update()
    for finding in db.session.scalars(query.execution_options(populate_existing=True)).all() if wanted else []:
        if finding.person_id != wanted[finding.source_key].person_id:
            finding.source_key = f"{finding.source_key}:{finding.id}"
    db.session.flush()


def _propose_again(proposals: list[Proposal], by_id: str | None, now: datetime) -> int:
    """Findings that facts had overtaken, and that the facts propose once more."""
    by_key = {proposal.source_key: proposal for proposal in proposals}
    taken_back = (Finding.source_key.in_(by_key), Finding.state == FindingState.DISMISSED, ~was_decided())
    query = select(Finding).where(*taken_back).order_by(Finding.id).with_for_update()
    again = db.session.scalars(query.execution_options(populate_existing=True)).all() if by_key else []
    for finding in again:
        if finding.person_id != by_key[finding.source_key].person_id:
            touch(db.session, *(entry._replace(is_deleted=True) for entry in finding.feed_entries()))
        for name, value in _content(by_key[finding.source_key]).items():
            setattr(finding, name, value)
        finding.state = FindingState.PROPOSED
    _attach([(finding.id, by_key[finding.source_key]) for finding in again], by_id, now)
    return len(again)


def _finding_row(proposal: Proposal, now: datetime) -> dict[str, Any]:
    row = {"id": uuid7(), "source_key": proposal.source_key, "state": FindingState.PROPOSED, "created_at": now}
    return row | _content(proposal)


def _content(proposal: Proposal) -> dict[str, Any]:
    return {name: getattr(proposal, name) for name in ("kind", "month", "person_id", "outlet_id", "amount_yuan")}


def _attach(proposed: list[tuple[str, Proposal]], by_id: str | None, now: datetime) -> None:
    """The first step and the evidence of findings, many at once."""
    if not proposed:
        return
    _add_evidence([(finding_id, *record) for finding_id, proposal in proposed for record in proposal.evidence])
    first = {"state": FindingState.PROPOSED, "by_id": by_id, "at": now}
    steps = [{"id": uuid7(), "finding_id": finding_id, "reason": proposal.reason, **first} for finding_id, proposal in proposed]
    put_new(FindingStep, steps)
    touch(db.session, *(FeedEntry("finding", finding_id, f"user:{proposal.person_id}") for finding_id, proposal in proposed))


def add_evidence(proposals: Iterable[Proposal]) -> None:
    """Let findings that are not decided yet rest on these records too. The caller commits."""
    by_key = {proposal.source_key: proposal.evidence for proposal in proposals}
    for start in range(0, len(by_key), CHUNK):
        part = sorted(by_key)[start : start + CHUNK]
        query = select(Finding.id, Finding.source_key).where(Finding.source_key.in_(part), Finding.state == FindingState.PROPOSED)
        _touch_findings(_add_evidence([(finding_id, *record) for finding_id, key in db.session.execute(query) for record in by_key[key]]))


def drop_evidence(kind: str, ref_id: str) -> None:
    """Let no undecided finding rest on a record that was corrected. The caller commits."""
    open_ids = select(Finding.id).where(Finding.state == FindingState.PROPOSED)
    dropped = (FindingEvidence.kind == kind, FindingEvidence.ref_id == ref_id, FindingEvidence.finding_id.in_(open_ids))
    gone = delete(FindingEvidence).where(*dropped).returning(FindingEvidence.finding_id).execution_options(synchronize_session=False)
    _touch_findings(set(db.session.scalars(gone)))


def _add_evidence(records: list[tuple[str, str, str]]) -> set[str]:
    """(finding id, kind, id) of each record; what a finding rests on already stays. The ids of the findings that have more now."""
    rows = [{"finding_id": finding_id, "kind": kind, "ref_id": ref_id} for finding_id, kind, ref_id in dict.fromkeys(records)]
    return {row.finding_id for row in put_new(FindingEvidence, rows, ("finding_id",))}


def touch_findings_at(outlet_id: str) -> None:
    """Stamp the findings about an outlet anew. The caller commits."""
    touch_all(db.session, "finding", select(Finding.id).where(Finding.outlet_id == outlet_id))


def _touch_findings(ids: set[str]) -> None:
    """Phones have a finding together with what it rests on."""
    people = db.session.execute(select(Finding.id, Finding.person_id).where(Finding.id.in_(ids))).all() if ids else []
    touch(db.session, *(FeedEntry("finding", finding_id, f"user:{person_id}") for finding_id, person_id in people))


def decide_finding(finding_id: str, decision: str, reason: str, by_id: str, now: datetime) -> Finding:
    """Uphold or dismiss a finding that is proposed, or upheld and overtaken by facts; it answers an objection too. Commits.

    The person concerned will read the reason, and may not be who decides: that raises `forbidden`. Raises `invalid` without a reason,
    `stale` when it was decided already.
    """
    finding = db.session.scalar(select(Finding).where(Finding.id == finding_id).with_for_update())
    if finding is None:
        raise Problem("not_found")
    if finding.person_id == by_id:
        raise Problem("forbidden")
    if decision not in DECISIONS:
        raise Problem("invalid", fields={"decision": "unknown"})
    if not reason.strip():
        raise Problem("invalid", fields={"reason": "required"})
    before = finding.state
    if before != FindingState.PROPOSED and not _is_overtaken(finding):
        raise Problem("stale")
    _step(finding, FindingState(decision), reason.strip(), by_id, now)
    answer = Answer.ACCEPTED if decision == FindingState.DISMISSED else Answer.REJECTED
    answer_open([finding.id], answer, reason.strip(), by_id, now)
    if finding.state != before:
        for listener in decision_listeners:
            listener(finding, by_id, now)
    record_audit(now, by_id, f"finding.{decision}", ("finding", finding_id), reason=reason.strip())
    db.session.commit()
    return finding


def _is_overtaken(finding: Finding) -> bool:
    return db.session.scalar(select(Finding.id).where(Finding.id == finding.id, is_overtaken())) is not None


def withdraw_findings(which: ColumnElement[bool], reason: str, now: datetime) -> int:
    """Dismiss the proposed findings that meet the condition: facts have overtaken them. Returns how many; the caller commits."""
    query = select(Finding).where(which, Finding.state == FindingState.PROPOSED).order_by(Finding.id)
    overtaken = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    for finding in overtaken:
        _step(finding, FindingState.DISMISSED, reason, None, now)
    answer_open([finding.id for finding in overtaken], Answer.ACCEPTED, reason, None, now)
    return len(overtaken)


def _step(finding: Finding, state: FindingState, reason: str, by_id: str | None, now: datetime) -> None:
    finding.state = state
    db.session.add(FindingStep(id=uuid7(), finding_id=finding.id, state=state, reason=reason, by_id=by_id, at=now))
