"""Phones and the codes that sign them in."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db, rows_where


class Device(db.Model):
    """One sign-in of one person on one phone; only a hash of its token is kept.

    A pull whose cursor lies below `resync_below` starts over (a supervisor asked for it). The privacy notice is the one accepted
    last on it, by its own clock; the audit keeps the ones before.
    """

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    resync_below: Mapped[int] = mapped_column(BigInteger, default=0)
    notice_version: Mapped[int | None]
    notice_accepted_at: Mapped[datetime | None] = mapped_column(UtcInstant)


HEARD_AT = func.coalesce(Device.last_seen_at, Device.created_at)
Index("ix_device_heard", HEARD_AT, Device.id, **rows_where("revoked_at IS NULL"))


class SignInCode(db.Model):
    """A one-use code in a QR or link: it signs a phone in, lets a person choose a password, or opens the console (`purpose` of `tokens`)."""

    __tablename__ = "sign_in_code"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(10), default="phone")
    made_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    device_id: Mapped[str | None] = mapped_column(ForeignKey("device.id"))
    __table_args__ = (Index("ix_sign_in_code_person_id", "person_id"),)
