"""What happens to call-backs when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.callbacks.models import CallBack
from server.callbacks.proposals import propose_from
from server.db import db


def move_callbacks(gone_id: str, kept_id: str, now: datetime) -> None:
    """Give an outlet's call-backs, with what they propose, to the one that is kept. The caller commits."""
    callbacks = db.session.scalars(select(CallBack).where(CallBack.outlet_id == gone_id).order_by(CallBack.id)).all()
    for callback in callbacks:
        callback.outlet_id = kept_id
    db.session.flush()
    for callback in callbacks:
        if callback.called_on is not None and callback.corrected_by_id is None:
            propose_from(callback, None, now)
