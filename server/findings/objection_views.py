"""Objections as the page of a finding shows them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.findings.models import Finding, FindingObjection
from server.media.pictures import ShownPicture, told_pictures
from server.people.models import Person


@dataclass(frozen=True)
class ShownObjection:
    """`answer` is empty until there is one; `answered_by` stays empty where facts answered."""

    id: str
    at: datetime
    text: str
    photos: list[ShownPicture]
    answer: str
    answer_reason: str
    answered_by: str
    answered_at: datetime | None


def objections_to(finding_id: str) -> list[ShownObjection]:
    """What the person concerned said against the finding, oldest first; not what somebody said whom it was about before."""
    query = select(FindingObjection, Person.name).outerjoin(Person, Person.id == FindingObjection.answered_by_id)
    query = query.join(Finding, (Finding.id == FindingObjection.finding_id) & (Finding.person_id == FindingObjection.by_id))
    query = query.where(Finding.id == finding_id).order_by(FindingObjection.at, FindingObjection.id)
    rows = db.session.execute(query).all()
    shown = told_pictures({sha256 for row in rows for sha256 in row.FindingObjection.photos})
    return [_shown(row.FindingObjection, row.name or "", shown) for row in rows]


def _shown(row: FindingObjection, answered_by: str, shown: dict[str, ShownPicture]) -> ShownObjection:
    photos = [shown[sha256] for sha256 in row.photos]
    return ShownObjection(row.id, row.at, row.text, photos, row.answer, row.answer_reason, answered_by, row.answered_at)
