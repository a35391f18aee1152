"""What happens to follow-ups when two outlet files become one."""

from datetime import datetime

from server.db import db
from server.followups.models import FollowUp, FollowUpStep, StepKind
from server.outlets.office_records import take_along
from sync.ids import uuid7


def move_follow_ups(gone_id: str, kept_id: str, now: datetime) -> None:
    """Give an outlet's follow-ups to the one that is kept. The caller commits."""
    for follow_up in take_along(FollowUp, gone_id, kept_id):
        db.session.add(FollowUpStep(id=uuid7(), follow_up_id=follow_up.id, kind=StepKind.MOVED, at=now))
    db.session.flush()
