"""Blobs by content hash, who named them, and uploads under way."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db


class Blob(db.Model):
    """A file named by its SHA-256: expected since an operation named it, stored once every byte was verified."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int | None] = mapped_column(BigInteger)
    mime: Mapped[str | None] = mapped_column(String(40))
    expected_at: Mapped[datetime] = mapped_column(UtcInstant)
    stored_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class PhotoHash(db.Model):
    """What a photo looks like: 64 bits that hardly change when it is scaled or re-encoded, as 16 hex digits, and in four bands.

    All are empty for a file that is no picture, or one that shows nothing but a plain grey.
    """

    __tablename__ = "photo_hash"
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), primary_key=True)
    look: Mapped[str | None] = mapped_column(String(16))
    band_0: Mapped[int | None] = mapped_column(index=True)
    band_1: Mapped[int | None] = mapped_column(index=True)
    band_2: Mapped[int | None] = mapped_column(index=True)
    band_3: Mapped[int | None] = mapped_column(index=True)


class BlobRef(db.Model):
    """An operation that names a blob, and what its phone said of the photo (sync/photo_facts.py); nothing for files of before."""

    __tablename__ = "blob_ref"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    op_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    entity_type: Mapped[str] = mapped_column(String(24))
    entity_id: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str | None] = mapped_column(String(8))
    is_blurred: Mapped[bool | None]
    is_dark: Mapped[bool | None]
    __table_args__ = (Index("ix_blob_ref_entity", "entity_type", "entity_id"),)


class Upload(db.Model):
    """A tus upload under way; the file in the upload folder says how many bytes are safe."""

    __tablename__ = "upload"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36))
    sha256: Mapped[str] = mapped_column(String(64))
    length: Mapped[int] = mapped_column(BigInteger)
    upload_metadata: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    __table_args__ = (Index("uq_upload_person_sha256", "person_id", "sha256", unique=True),)
