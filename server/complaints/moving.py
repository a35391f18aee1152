"""What happens to complaints when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.complaints.models import Complaint, ComplaintStep
from server.complaints.proposals import refresh_findings
from server.db import db
from server.feed.clock import touch
from sync.ids import uuid7


def move_complaints(gone_id: str, kept_id: str, now: datetime) -> None:
    """Give an outlet's complaints, with what they propose, to the one that is kept. The caller commits."""
    complaints = db.session.scalars(select(Complaint).where(Complaint.outlet_id == gone_id).order_by(Complaint.id)).all()
    for complaint in complaints:
        touch(db.session, *(entry._replace(is_deleted=True) for entry in complaint.feed_entries()))
        complaint.outlet_id = kept_id
        db.session.add(ComplaintStep(id=uuid7(), complaint_id=complaint.id, action="moved", at=now))
    db.session.flush()
    for complaint in complaints:
        refresh_findings(complaint, None, now)
