"""Who sees the photos of objections."""

from datetime import date

from sqlalchemy import select

from server.db import db
from server.findings.models import Finding, FindingObjection
from server.findings.views import is_visible_finding
from server.media.pictures import records_with
from server.people.models import Person


def sees_objection(sha256: str, reader: Person, _today: date) -> bool:
    """Whether the picture belongs to an objection to a finding that the person may see."""
    query = select(FindingObjection.id).join(Finding, Finding.id == FindingObjection.finding_id)
    shown = FindingObjection.id.in_(records_with(sha256, "finding_objection"))
    return db.session.scalar(query.where(shown, is_visible_finding(reader)).limit(1)) is not None
