"""What happens to findings when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.findings.actions import Proposal, add_evidence, propose_findings, withdraw_findings
from server.findings.models import Finding, FindingEvidence, FindingState
from server.findings.words import MERGED

MISSED = "missed_visit"


def move_findings(gone_id: str, kept_id: str, now: datetime) -> None:
    """Give what waits for the manager to the outlet that is kept; only misses are taken back, and the night proposes them anew there.

    What was decided stays at its outlet, but is known by the key of the kept one, so that it is not proposed once more. The caller
    commits.
    """
    withdraw_findings((Finding.outlet_id == gone_id) & (Finding.kind == MISSED), MERGED, now)
    query = select(Finding).where(Finding.outlet_id == gone_id, Finding.kind != MISSED).order_by(Finding.id)
    for finding in db.session.scalars(query.with_for_update()).all():
        key = finding.source_key.replace(gone_id, kept_id)
        if key != finding.source_key and _is_known(key):
            _join(finding, key, kept_id, now)
            continue
        finding.source_key = key
        if finding.state == FindingState.PROPOSED:
            finding.outlet_id = kept_id
    db.session.flush()


def _is_known(key: str) -> bool:
    return db.session.scalar(select(Finding.id).where(Finding.source_key == key)) is not None


def _join(finding: Finding, key: str, kept_id: str, now: datetime) -> None:
    """The kept outlet has the same finding: one of the two is enough, and rests on the records of both."""
    if finding.state != FindingState.PROPOSED:
        return
    rests_on = select(FindingEvidence.kind, FindingEvidence.ref_id).where(FindingEvidence.finding_id == finding.id)
    evidence = tuple((kind, ref_id) for kind, ref_id in db.session.execute(rests_on))
    proposal = Proposal(key, finding.kind, finding.month, finding.person_id, kept_id, finding.amount_yuan, MERGED, evidence)
    withdraw_findings(Finding.id == finding.id, MERGED, now)
    propose_findings([proposal], now)
    add_evidence([proposal])
