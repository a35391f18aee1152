"""Outlets, agents, class changes and assignments."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, Yuan, db, rows_where
from server.feed.clock import FeedEntry


class OutletState(StrEnum):
    """The outlet file's way (RULEBOOK §2)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    ARCHIVED = "archived"


class Agent(db.Model):
    """代理商. A retired one stays on the files that name it and is offered for no others."""

    __tablename__ = "agent"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class AgentNameBefore(db.Model):
    """A name that an agent had before, or that of one that was joined into it: phones and tables may still say it.

    `was_id`: the agent of that name until it was joined, as files decided before name it.
    """

    __tablename__ = "agent_name_before"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    was_id: Mapped[str | None] = mapped_column(String(36))


class Outlet(db.Model):
    """网点: the outlet file (form 附表二). Positions are WGS-84; the ID number is sealed (encrypted) and shown masked.

    `contact` is another way to reach the shop 联系方式.
    `people_erased_at`: the file names nobody any more; `people_forgotten_at`: nor do the records made there (ADR 15).
    """

    __tablename__ = "outlet"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12))
    region_id: Mapped[str] = mapped_column(ForeignKey("region.id"))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    address: Mapped[str] = mapped_column(String(200), default="")
    position_text: Mapped[str] = mapped_column(String(200), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    position_accuracy_m: Mapped[float | None]
    position_visit_id: Mapped[str | None] = mapped_column(String(36))
    person_in_charge: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    contact: Mapped[str] = mapped_column(String(120), default="", server_default="")
    cashiers: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    households_nearby: Mapped[int | None]
    monthly_payments: Mapped[int | None]
    chain_outlets: Mapped[int | None]
    is_franchised_or_own_hall: Mapped[bool | None]
    floor_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    monthly_fee_yuan: Mapped[Decimal | None] = mapped_column(Yuan)
    outlet_class: Mapped[str] = mapped_column(String(1))
    class_reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    id_kind: Mapped[str] = mapped_column(String(16), default="")
    id_sealed: Mapped[str] = mapped_column(String(400), default="")
    id_masked: Mapped[str] = mapped_column(String(40), default="")
    storefront_photo: Mapped[str | None] = mapped_column(String(64))
    counter_photo: Mapped[str | None] = mapped_column(String(64))
    are_materials_complete: Mapped[bool | None]
    are_materials_placed_right: Mapped[bool | None]
    is_tidy: Mapped[bool | None]
    account_no: Mapped[str | None] = mapped_column(String(40))
    account_made_on: Mapped[date | None] = mapped_column(Date)
    approved_on: Mapped[date | None] = mapped_column(Date)
    churned_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    removed_by_id: Mapped[str | None] = mapped_column(String(36))
    people_erased_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    people_forgotten_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_outlet_region", "region_id", "removed_at", "id"),
        Index("ix_outlet_region_code", "region_id", "removed_at", "code"),
        Index("ix_outlet_agent", "agent_id", "removed_at", "code"),
        Index("ix_outlet_state", "state", "code"),
        Index("ix_outlet_removed", "removed_at", "id", **rows_where("removed_at IS NOT NULL")),
        Index("ix_outlet_churned", "churned_on", "id", **rows_where("churned_on IS NOT NULL")),
    )

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("outlet", self.id, f"outlet:{self.id}", is_deleted=self.removed_at is not None)]


class OutletStep(db.Model):
    """A step of an outlet file: submitted, approved, returned or archived, by whom and why. Append-only; the outlet holds the state they led to.

    `snapshot` is what the file held then (`server.outlets.snapshots`), for the difference that the next review shows.
    """

    __tablename__ = "outlet_step"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"))
    state: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(String(500), default="")
    op_id: Mapped[str | None] = mapped_column(String(36))
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(Json)
    __table_args__ = (Index("ix_outlet_step_outlet_at", "outlet_id", "at"),)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("outlet", self.outlet_id, f"outlet:{self.outlet_id}")]


class OutletAlias(db.Model):
    """An outlet that was merged into another: what phones still send for it belongs to the one that was kept."""

    __tablename__ = "outlet_alias"
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), index=True)
    made_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)


class OutletDuplicate(db.Model):
    """Two outlets that may be the same one, by name and distance; `outcome` is empty until a supervisor looked."""

    __tablename__ = "outlet_duplicate"
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), primary_key=True)
    distance_m: Mapped[float]
    found_at: Mapped[datetime] = mapped_column(UtcInstant)
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    settled_by_id: Mapped[str | None] = mapped_column(String(36))
    outcome: Mapped[str] = mapped_column(String(8), default="")
    __table_args__ = (Index("ix_outlet_duplicate_outcome", "outcome", "outlet_id", "other_id"),)


class OutletClassChange(db.Model):
    """The class an outlet has from a date on. Append-only; the class on a month's first day sets what it owes."""

    __tablename__ = "outlet_class_change"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"))
    outlet_class: Mapped[str] = mapped_column(String(1))
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    valid_from: Mapped[date] = mapped_column(Date)
    __table_args__ = (Index("ix_outlet_class_change_outlet_from", "outlet_id", "valid_from"),)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("outlet", self.outlet_id, f"outlet:{self.outlet_id}")]


class Assignment(db.Model):
    """Who is responsible for an outlet (片区负责人) from a day, up to and with a day."""

    __tablename__ = "assignment"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    made_by_id: Mapped[str | None] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_assignment_outlet_id", "outlet_id", "starts_on"),
        Index("ix_assignment_person_id", "person_id", "starts_on"),
        Index("uq_assignment_open", "outlet_id", unique=True, **rows_where("ends_on IS NULL")),
    )

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("outlet", self.outlet_id, f"outlet:{self.outlet_id}")]
