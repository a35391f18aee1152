"""Checklists that the company designs, and their published versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db
from server.feed.clock import FeedEntry


class Checklist(db.Model):
    """What is asked at outlets of these classes and regions (empty is all).

    `draft` is as typed, with its faults; `revision` rises with each change of it.
    """

    __tablename__ = "checklist"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    zh: Mapped[str] = mapped_column(String(80))
    en: Mapped[str] = mapped_column(String(80))
    classes: Mapped[list[str]] = mapped_column(Json)
    region_ids: Mapped[list[str]] = mapped_column(Json)
    draft: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1)
    next_key: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    changed_at: Mapped[datetime] = mapped_column(UtcInstant)
    retired_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class ChecklistVersion(db.Model):
    """Questions as they were published; never changed, since visits were answered by them. The one with the highest number is asked."""

    __tablename__ = "checklist_version"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    checklist_id: Mapped[str] = mapped_column(ForeignKey("checklist.id"), index=True)
    number: Mapped[int]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(UtcInstant)
    published_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (UniqueConstraint("checklist_id", "number"),)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("checklist", self.id, "global")]
