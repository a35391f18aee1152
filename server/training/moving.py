"""What happens to trainings and plans when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.feed.clock import FeedEntry, touch, upsert
from server.outlets.office_records import take_along
from server.training.models import PlannedTraining, Training

COLUMNS = ("month", "outlet_class", "volume_change_yuan", "planned_on", "place", "content", "made_by_id", "made_at")


def move_trainings(gone_id: str, kept_id: str, _now: datetime) -> None:
    """Give an outlet's trainings to the one that is kept, and its place in a plan unless that has one. The caller commits."""
    take_along(Training, gone_id, kept_id)
    for planned in db.session.scalars(select(PlannedTraining).where(PlannedTraining.outlet_id == gone_id)).all():
        row = {name: getattr(planned, name) for name in COLUMNS} | {"outlet_id": kept_id}
        db.session.execute(upsert(PlannedTraining).values(row).on_conflict_do_nothing())
        touch(db.session, FeedEntry("planned_training", f"{kept_id}:{planned.month}", f"outlet:{kept_id}"))
        db.session.delete(planned)
    db.session.flush()
