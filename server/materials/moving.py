"""What happens to material requests when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.feed.clock import FeedEntry, touch
from server.materials.models import MaterialRequest


def move_requests(gone_id: str, kept_id: str, _now: datetime) -> None:
    """Give an outlet's requests to the one that is kept; the nightly check charges late ones there. The caller commits."""
    for request in db.session.scalars(select(MaterialRequest).where(MaterialRequest.outlet_id == gone_id).order_by(MaterialRequest.id)).all():
        touch(db.session, FeedEntry("material_request", request.id, f"outlet:{gone_id}", is_deleted=True))
        request.outlet_id = kept_id
    db.session.flush()
