"""What is known of findings by the features that propose them."""

from typing import Any

from sqlalchemy import ColumnElement, select

from server.db import db
from server.findings.models import Finding, FindingEvidence, FindingState, FindingStep


def was_decided() -> ColumnElement[bool]:
    """The condition on `Finding` that a person decided it; what the software took back itself may come up again."""
    by_person = (FindingStep.finding_id == Finding.id) & FindingStep.by_id.is_not(None) & (FindingStep.state != FindingState.PROPOSED)
    return select(FindingStep.id).where(by_person).exists()


def is_by_hand() -> ColumnElement[bool]:
    """The condition on `Finding` that somebody proposed it by the form: no night and no correction takes it back while it waits."""
    on_outlet = select(FindingEvidence.ref_id).where(FindingEvidence.finding_id == Finding.id, FindingEvidence.kind == "outlet")
    return Finding.source_key.startswith("hand:") | on_outlet.exists()


def is_decided(source_key: str) -> bool:
    """Whether the manager has upheld or dismissed what the key names."""
    return db.session.scalar(select(Finding.id).where(Finding.source_key == source_key, was_decided())) is not None


def records_behind(kind: str, model: Any) -> Any:
    """The ids of the records (of this kind of evidence, in this table) that a `Finding` rests on."""
    query = select(model.id).join(FindingEvidence, FindingEvidence.ref_id == model.id)
    return query.where(FindingEvidence.finding_id == Finding.id, FindingEvidence.kind == kind).correlate(Finding)


def is_own_evidence(kind: str, record_id: Any, person_id: str) -> ColumnElement[bool]:
    """The condition that a record (its id column) lies behind a finding about the person, who may then always see it."""
    own = select(FindingEvidence.ref_id).join(Finding, Finding.id == FindingEvidence.finding_id)
    return record_id.in_(own.where(FindingEvidence.kind == kind, Finding.person_id == person_id))  # type: ignore[no-any-return]
