"""Leave 请假."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db
from server.feed.clock import FeedEntry

MOST_NOTE = 200


class Leave(db.Model):
    """Days, both included, on which a rep is away, and the rep whose phone has the outlets meanwhile (None: nobody's).

    Assignments stay as they are: responsibility and wages are those of the rep who is away.
    """

    __tablename__ = "leave"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(MOST_NOTE), default="")
    made_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (Index("ix_leave_person_id", "person_id", "starts_on"), Index("ix_leave_ends_on", "ends_on"))

    def feed_entries(self) -> list[FeedEntry]:
        """The substitute's file says for whom they stand in."""
        return [FeedEntry("person", self.substitute_id, f"user:{self.substitute_id}")] if self.substitute_id else []
