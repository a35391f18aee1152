"""Answering the objections that wait for one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db
from server.findings.models import FindingObjection

CHUNK = 5000


class Answer(StrEnum):
    """What became of an objection: the finding is dismissed, or stays."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


def answer_open(finding_ids: list[str], answer: Answer, reason: str, by_id: str | None, now: datetime) -> None:
    """Answer whatever waits on these findings, which the caller holds; `by_id` is empty when facts settled them. The caller commits."""
    for start in range(0, len(finding_ids), CHUNK):
        part = finding_ids[start : start + CHUNK]
        query = select(FindingObjection).where(FindingObjection.finding_id.in_(part), FindingObjection.answer == "")
        for objection in db.session.scalars(query.order_by(FindingObjection.id)):
            write_answer(objection, answer, reason, by_id, now)


def write_answer(objection: FindingObjection, answer: Answer, reason: str, by_id: str | None, now: datetime) -> None:
    """The caller commits."""
    objection.answer, objection.answer_reason, objection.answered_by_id, objection.answered_at = answer, reason, by_id, now
    subject = ("finding", objection.finding_id)
    record_audit(now, by_id, f"finding.objection_{answer}", subject, objection_id=objection.id, reason=reason)
