"""Tables of the feed (SYNC §2)."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db


class SyncClock(db.Model):
    """One row: the number of the last commit."""

    __tablename__ = "sync_clock"
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class SyncMeta(db.Model):
    """One row: which life of the database this is, and below which number tombstones are gone."""

    __tablename__ = "sync_meta"
    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(String(36))
    floor_seq: Mapped[int] = mapped_column(BigInteger, default=0)


class SyncCommit(db.Model):
    """A numbered commit; the nonce tells a cursor of this database from one of another."""

    __tablename__ = "sync_commit"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    nonce: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class SyncFeed(db.Model):
    """The last change of one entity in one scope."""

    __tablename__ = "sync_feed"
    entity_type: Mapped[str] = mapped_column(String(24), primary_key=True)
    entity_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    scope_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (Index("ix_sync_feed_scope_seq", "scope_id", "seq"), Index("ix_sync_feed_type_seq", "entity_type", "seq", "entity_id"))


class ScopeMember(db.Model):
    """Who holds a scope, and since which commit; a revoked row stays: the phone hears of it, and its papers are taken in."""

    __tablename__ = "scope_member"
    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    scope_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    granted_seq: Mapped[int] = mapped_column(BigInteger)
    revoked_seq: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(64), default="")
