"""Channels, what is to be sent through them, and when robots were called."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Json, UtcInstant, db


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class NoticeChannel(db.Model):
    """Where digests go. Address and secret are sealed (of a robot the address alone is a key to its group); `hint` is what may be shown of it.

    `robot` is a hash of the address: channels of one robot share its rate limit. No region ids mean the whole company. Digests whose hour
    passed before `begins_at` are not sent.
    """

    __tablename__ = "notice_channel"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    address_sealed: Mapped[str] = mapped_column(Text)
    hint: Mapped[str] = mapped_column(String(200))
    robot: Mapped[str] = mapped_column(String(64))
    secret_sealed: Mapped[str] = mapped_column(Text, default="")
    region_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    language: Mapped[str] = mapped_column(String(5))
    hour: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)
    begins_at: Mapped[datetime] = mapped_column(UtcInstant)
    made_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)


class NoticeDelivery(db.Model):
    """One message on its way. Its id goes with it, so that whoever gets it twice can tell; `day` is that of a digest, empty for a test.

    `content` is a `Message` without its id; `answer_code` is of `ANSWER_WORDS`, `answer_text` the other end's own words without secrets.
    """

    __tablename__ = "notice_delivery"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("notice_channel.id"))
    day: Mapped[date | None] = mapped_column(Date)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    next_try_at: Mapped[datetime] = mapped_column(UtcInstant)
    tried_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answer_code: Mapped[str] = mapped_column(String(16), default="")
    answer_status: Mapped[int | None]
    answer_text: Mapped[str] = mapped_column(String(300), default="")
    __table_args__ = (UniqueConstraint("channel_id", "day"), Index("ix_notice_delivery_due", "state", "next_try_at"))


class NoticeCall(db.Model):
    """That a robot was called: all processes count these before they call it again."""

    __tablename__ = "notice_call"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    robot: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    __table_args__ = (Index("ix_notice_call_robot", "robot", "at"),)
