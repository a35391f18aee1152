"""Follow-ups as phones receive them (RULEBOOK §4)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, literal, select

from server.clock import today
from server.db import db
from server.followups.models import FollowUp

HISTORY_DAYS = 90


def follow_up_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id; `solved_on` is null while it is open."""
    return {
        follow_up.id: {
            "id": follow_up.id,
            "outlet_id": follow_up.outlet_id,
            "problem": follow_up.problem,
            "owner": follow_up.owner,
            "registered_on": follow_up.registered_on.isoformat(),
            "due_on": follow_up.due_on.isoformat(),
            "solved_on": follow_up.solved_on.isoformat() if follow_up.solved_on else None,
        }
        for follow_up in db.session.scalars(select(FollowUp).where(FollowUp.id.in_(ids)))
    }


def live_follow_ups() -> Select[str, str]:
    """What phones hold: what is open, and what was solved in the last 90 days."""
    recent = FollowUp.solved_on.is_(None) | (FollowUp.solved_on >= today() - timedelta(days=HISTORY_DAYS))
    return select(FollowUp.id, literal("outlet:") + FollowUp.outlet_id).where(recent)
