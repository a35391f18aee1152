"""People, roles, regions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import UtcInstant, db
from server.feed.clock import FeedEntry


class Role(StrEnum):
    """RULEBOOK §1."""

    REP = "rep"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    OPS = "ops"
    SERVICE = "service"
    PAYROLL = "payroll"
    ADMIN = "admin"


class Region(db.Model):
    """区域: what a supervisor answers for."""

    __tablename__ = "region"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    centre_lat: Mapped[float | None]
    centre_lon: Mapped[float | None]

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("region", self.id, f"region:{self.id}")]


class Person(db.Model):
    """Somebody who signs in. `starts_on` and `ends_on` are the first and last day of work; empty is open.

    `erased_at`: what names the person went, but for the name itself; `forgotten_at`: the name went too (ADR 15).
    """

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(160))
    language: Mapped[str] = mapped_column(String(5), default="zh")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    erased_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    roles: Mapped[list["PersonRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    regions: Mapped[list["PersonRegion"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    def holds(self, *roles: Role) -> bool:
        """Whether the person holds any of the roles."""
        return any(held.role in roles for held in self.roles)

    @property
    def role_names(self) -> list[str]:
        return sorted(held.role for held in self.roles)

    @property
    def region_ids(self) -> list[str]:
        return sorted(held.region_id for held in self.regions)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("person", self.id, f"user:{self.id}")]


class EndedSession(db.Model):
    """A session of the console that was signed out of; forgotten once its cookie would be too old anyway."""

    __tablename__ = "ended_session"
    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UtcInstant)


class PersonBreak(db.Model):
    """Days, both included, on which somebody who left and came back did not work here."""

    __tablename__ = "person_break"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date, primary_key=True)
    ends_on: Mapped[date] = mapped_column(Date)


class PersonRole(db.Model):
    __tablename__ = "person_role"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("person", self.person_id, f"user:{self.person_id}")]


class RepSpell(db.Model):
    """Days, both included, on which somebody was a rep; an empty end is open. Whoever has no such rows has today's role since the start."""

    __tablename__ = "rep_spell"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)


class PersonRegion(db.Model):
    __tablename__ = "person_region"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    region_id: Mapped[str] = mapped_column(ForeignKey("region.id"), primary_key=True)

    def feed_entries(self) -> list[FeedEntry]:
        return [FeedEntry("person", self.person_id, f"user:{self.person_id}")]
