"""What phones sent, byte for byte, and what became of it (SYNC §2)."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db, rows_where
from server.feed.clock import FeedEntry
from server.outlets.duplicates import kept_outlet_id


class SyncClient(db.Model):
    """One installation of one person; `last_n` is the last operation number that was dealt with."""

    __tablename__ = "sync_client"
    client_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[str | None] = mapped_column(String(36), index=True)
    last_n: Mapped[int] = mapped_column(BigInteger, default=0)
    skew_ms: Mapped[int | None] = mapped_column(BigInteger)
    app: Mapped[str] = mapped_column(String(40), default="")
    last_seen_at: Mapped[datetime] = mapped_column(UtcInstant)
    is_forked: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    queue_length: Mapped[int | None]
    oldest_unsent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    photos_unsent: Mapped[int | None]
    free_bytes: Mapped[int | None] = mapped_column(BigInteger)
    is_persisted: Mapped[bool | None]


class SyncOp(db.Model):
    """An operation as it came: `body` holds the raw bytes, kept before they were judged. Append-only but for the verdict."""

    __tablename__ = "sync_op"
    op_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36))
    n: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(24))
    entity_type: Mapped[str] = mapped_column(String(24))
    entity_id: Mapped[str] = mapped_column(String(64))
    scope_id: Mapped[str] = mapped_column(String(64))
    base_v: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    body_sha256: Mapped[str] = mapped_column(String(64))
    blobs: Mapped[list[str]] = mapped_column(Json, default=list)
    times: Mapped[dict[str, Any]] = mapped_column(Json)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    code: Mapped[str] = mapped_column(String(24))
    problem: Mapped[dict[str, Any] | None] = mapped_column(Json)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    settled_code: Mapped[str | None] = mapped_column(String(24))
    settled_reason: Mapped[str] = mapped_column(Text, default="")
    settled_by_id: Mapped[str | None] = mapped_column(String(36))
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    __table_args__ = (
        Index("ix_sync_op_entity", "entity_type", "entity_id"),
        Index("ix_sync_op_code", "code", "settled_code"),
        Index("ix_sync_op_waiting", "received_at", "op_id", **rows_where("code = 'parked' AND settled_at IS NULL OR settled_code = 'parked'")),
        Index("ix_sync_op_unread", "code", "received_at", "op_id", **rows_where("code = 'quarantined' AND settled_at IS NULL")),
    )

    def feed_entries(self) -> list[FeedEntry]:
        """Phones hear of an operation only when its fate changed after the push was answered."""
        return [FeedEntry("op_verdict", self.op_id, f"user:{self.person_id}")] if self.settled_at else []


class SyncAttempt(db.Model):
    """How often the server itself failed on an operation; after three times it is kept unjudged (SYNC §1)."""

    __tablename__ = "sync_attempt"
    op_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36))
    failures: Mapped[int]
    fault: Mapped[str] = mapped_column(String(200))
    last_at: Mapped[datetime] = mapped_column(UtcInstant)


class SyncSlot(db.Model):
    """Which operation a client sent under which number; `problem` holds a refusal that is of this slot alone."""

    __tablename__ = "sync_slot"
    client_id: Mapped[str] = mapped_column(ForeignKey("sync_client.client_id"), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    op_id: Mapped[str] = mapped_column(String(36), index=True)
    problem: Mapped[dict[str, Any] | None] = mapped_column(Json)


OF_OUTLETS = ("field", "parked")  # kinds of conflicts about a field of an outlet's file


class SyncConflict(db.Model):
    """A value or record that lost, kept so that nothing submitted is gone (SYNC §4).

    `kind`: `field` (the value sent won, `theirs` can be restored), `parked` (`theirs` holds until a supervisor decides)
    or `op_id_reused`. Values are JSON texts.
    """

    __tablename__ = "sync_conflict"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    op_id: Mapped[str] = mapped_column(String(36), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    entity_type: Mapped[str] = mapped_column(String(24))
    entity_id: Mapped[str] = mapped_column(String(64), index=True)
    field: Mapped[str] = mapped_column(String(48), default="")
    mine: Mapped[str] = mapped_column(Text, default="")
    theirs: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[str] = mapped_column(Text, default="")
    raised_at: Mapped[datetime] = mapped_column(UtcInstant)
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    settled_by_id: Mapped[str | None] = mapped_column(String(36))
    outcome: Mapped[str] = mapped_column(String(24), default="")
    __table_args__ = (Index("ix_sync_conflict_waiting", "kind", "raised_at", "id", **rows_where("settled_at IS NULL")),)

    def feed_entries(self) -> list[FeedEntry]:
        """Whoever holds the outlet, or the one it was merged into, sees both values of a field."""
        is_of_file = self.entity_type == "outlet" and self.kind in OF_OUTLETS
        return [FeedEntry("field_conflict", self.id, f"outlet:{kept_outlet_id(self.entity_id)}")] if is_of_file else []
