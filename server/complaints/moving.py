"""What happens to complaints when two outlet files become one."""

from datetime import datetime

from server.complaints.models import Complaint, ComplaintStep
from server.complaints.proposals import refresh_findings
from server.db import db
from server.outlets.office_records import take_along
from sync.ids import uuid7


def move_complaints(gone_id: str, kept_id: str, now: datetime) -> None:
    """Give an outlet's complaints, with what they propose, to the one that is kept. The caller commits."""
    complaints = take_along(Complaint, gone_id, kept_id)
    for complaint in complaints:
        db.session.add(ComplaintStep(id=uuid7(), complaint_id=complaint.id, action="moved", at=now))
    db.session.flush()
    for complaint in complaints:
        refresh_findings(complaint, None, now)
