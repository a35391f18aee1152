"""What happens to follow-ups when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.feed.clock import touch
from server.followups.models import FollowUp, FollowUpStep, StepKind
from sync.ids import uuid7


def move_follow_ups(gone_id: str, kept_id: str, now: datetime) -> None:
    """Give an outlet's follow-ups to the one that is kept. The caller commits."""
    for follow_up in db.session.scalars(select(FollowUp).where(FollowUp.outlet_id == gone_id).order_by(FollowUp.id)).all():
        touch(db.session, *(entry._replace(is_deleted=True) for entry in follow_up.feed_entries()))
        follow_up.outlet_id = kept_id
        db.session.add(FollowUpStep(id=uuid7(), follow_up_id=follow_up.id, kind=StepKind.MOVED, at=now))
    db.session.flush()
