"""The supervisor's plan of visits, what became of it day by day, and which outlets the month may miss."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db
from server.feed.clock import FeedEntry


class PlannedVisit(db.Model):
    """A day on which an outlet is to be visited (RULEBOOK §4). `rep_id` had the outlet when the day was set; the item moves with its outlet."""

    __tablename__ = "visit_plan"
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    planned_on: Mapped[date] = mapped_column(Date, primary_key=True)
    rep_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    made_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (Index("ix_visit_plan_on", "planned_on", "outlet_id"),)

    def feed_entries(self) -> list[FeedEntry]:
        return [plan_entry(self.outlet_id, self.planned_on)]


def plan_entry(outlet_id: str, planned_on: date) -> FeedEntry:
    """A planned day as phones know it."""
    return FeedEntry("visit_plan", f"{outlet_id}:{planned_on.isoformat()}", f"outlet:{outlet_id}")


class PlanDay(db.Model):
    """A rep's planned day that is over: outlets planned, those visited on it, and those visited on another day of the month."""

    __tablename__ = "plan_day"
    rep_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    planned: Mapped[int]
    on_day: Mapped[int]
    in_month: Mapped[int]
    __table_args__ = (Index("ix_plan_day_day", "day"),)


class MissForecast(db.Model):
    """An outlet that the running month will miss (`certain`) or may (`at_risk`), as last night saw it; outlets that are fine have no row."""

    __tablename__ = "miss_forecast"
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    rep_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    outlook: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(12))
    needed: Mapped[int]
    __table_args__ = (Index("ix_miss_forecast_rep", "month", "rep_id"),)
