"""Findings follow their records: what was put right later is taken back, passed on or proposed after all (RULEBOOK §11)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select

from server.db import db
from server.domain.months import Month, business_date, oldest_corrected
from server.findings.actions import CHUNK, Proposal, propose_findings, withdraw_findings
from server.findings.models import Finding, FindingState
from server.findings.overtaken import note_overtaken
from server.findings.queries import is_by_hand
from server.findings.words import ANOTHERS, REASSIGNED
from server.policy.actions import last_closed


def followed_from(now: datetime) -> date:
    """The first day whose records are looked at again: a year before the first open month, since what is older changes no wage."""
    closed = last_closed()
    return oldest_corrected(closed.next() if closed else Month.of_date(business_date(now))).first_day


def follow_records(wanted: Mapping[str, Proposal | None], nobodys: Collection[str], withdrawn: str, now: datetime) -> int:
    """Bring the findings of these keys to what their records propose now, None for nothing; returns how many are proposed.

    `nobodys` are the keys for which there is nothing only since nobody was responsible.

    A waiting one is taken back, or passed on to whom it is about now; of an upheld one the manager is told. Safe to repeat; the caller
    commits.
    """
    keys = sorted(wanted)
    for start in range(0, len(keys), CHUNK):
        _take_back({key: wanted[key] for key in keys[start : start + CHUNK]}, nobodys, withdrawn, now)
    return propose_findings([proposal for proposal in wanted.values() if proposal is not None], now)


def _take_back(wanted: Mapping[str, Proposal | None], nobodys: Collection[str], withdrawn: str, now: datetime) -> None:
    gone: list[str] = []
    anothers: list[str] = []
    query = select(Finding).where(Finding.source_key.in_(wanted), Finding.state != FindingState.DISMISSED, ~is_by_hand())
    for finding in db.session.scalars(query.order_by(Finding.id)).all():
        proposal = wanted[finding.source_key]
        if proposal is None:
            (anothers if finding.source_key in nobodys else gone).append(finding.id)
        elif finding.state == FindingState.PROPOSED and proposal.month != finding.month:
            gone.append(finding.id)
        elif proposal.person_id != finding.person_id:
            anothers.append(finding.id)
    withdraw_findings(Finding.id.in_(gone), withdrawn, now)
    note_overtaken(Finding.id.in_(gone), now)
    withdraw_findings(Finding.id.in_(anothers), REASSIGNED, now)
    note_overtaken(Finding.id.in_(anothers), now, ANOTHERS)
