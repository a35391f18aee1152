"""Uploads under way: a part file each, whose length is the truth about how far the upload is."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, func, select, update

from server.db import db, expect_reads
from server.media.models import BlobRef, Upload
from server.media.store import blob_path, file_sha256, keep_file, mark_stored, settings
from sync.ids import uuid7
from sync.problems import Problem

LIFETIME = timedelta(days=7)
MOST_BYTES = 20 * 1024 * 1024
MOST_UNNAMED_BYTES = 200 * 1024 * 1024
HOARDER_WAITS_S = 3600
WRITE_CHUNK = 1 << 16


def part_path(upload_id: str) -> Path:
    return settings().upload_folder / f"{upload_id}.part"


def find_upload(upload_id: str, person_id: str) -> Upload:
    """The person's own upload; `not_found` for anybody else's."""
    upload = db.session.scalar(select(Upload).where(Upload.id == upload_id, Upload.person_id == person_id))
    if upload is None:
        raise Problem("not_found", f"upload {upload_id}")
    return upload


def begin_upload(person_id: str, sha256: str, length: int, metadata: str, now: datetime) -> Upload:
    """The upload of this file by this person: the one under way, or a new one. Commits.

    Raises `checksum_mismatch` for another length than that of the file which is here, `too_many_requests` for a file that no
    operation of the person names beside MOST_UNNAMED_BYTES of such: phones send operations first.
    """
    known = db.session.scalar(select(Upload).where(Upload.person_id == person_id, Upload.sha256 == sha256).with_for_update())
    if known is not None and known.length == length and not is_lost(known):
        db.session.commit()
        return known
    if known is not None and known.finished_at is not None and not is_lost(known):
        raise Problem("checksum_mismatch")
    if _is_hoarding(person_id, sha256, length):
        raise Problem("too_many_requests", retry_after_s=HOARDER_WAITS_S)
    if known is not None:
        part_path(known.id).unlink(missing_ok=True)
        db.session.delete(known)
        db.session.flush()
    upload = Upload(id=uuid7(), person_id=person_id, sha256=sha256, length=length, upload_metadata=metadata)
    upload.created_at, upload.expires_at = now, now + LIFETIME
    settings().upload_folder.mkdir(parents=True, exist_ok=True)
    part_path(upload.id).touch()
    db.session.add(upload)
    db.session.commit()
    return upload


def _is_hoarding(person_id: str, sha256: str, length: int) -> bool:
    """Whether this file would be one too many of those that no operation of the person names."""
    named = select(BlobRef.sha256).where(BlobRef.person_id == person_id)
    if db.session.scalar(named.where(BlobRef.sha256 == sha256).limit(1)) is not None:
        return False
    query = select(func.coalesce(func.sum(Upload.length), 0)).where(Upload.person_id == person_id, Upload.sha256 != sha256)
    unnamed = db.session.scalar(query.where(~named.where(BlobRef.sha256 == Upload.sha256).exists())) or 0
    return unnamed + length > MOST_UNNAMED_BYTES


def is_lost(upload: Upload) -> bool:
    """Whether neither the part file nor the finished file is there any more."""
    return not part_path(upload.id).exists() and not blob_path(upload.sha256).exists()


def offset_of(upload: Upload) -> int:
    """Bytes that are safely here."""
    try:
        return part_path(upload.id).stat().st_size
    except FileNotFoundError:
        if blob_path(upload.sha256).exists():
            return upload.length
        raise Problem("upload_gone") from None


@contextmanager
def locked_part(upload_id: str) -> Iterator[BinaryIO]:
    """The part file, held by this process alone."""
    try:
        file = part_path(upload_id).open("r+b")
    except FileNotFoundError:
        raise Problem("upload_gone") from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def append_bytes(upload: Upload, offset: int, source: BinaryIO, size: int) -> int:
    """Write what comes, from `offset` on, and return the new offset; an interrupted source leaves what arrived.

    Raises `offset_conflict` when the upload stands elsewhere, and `too_large` when the announced `size` in bytes goes past its
    end; nothing is written then.
    """
    if not part_path(upload.id).exists():  # a finished file has its offset too, and takes nothing more
        _check_place(upload, offset_of(upload), offset, size)
        return upload.length
    with locked_part(upload.id) as file:
        here = file.seek(0, os.SEEK_END)
        _check_place(upload, here, offset, size)
        room = upload.length - here
        try:
            while room > 0 and (chunk := source.read(min(WRITE_CHUNK, room))):
                file.write(chunk)
                room -= len(chunk)
        finally:
            file.flush()
            os.fsync(file.fileno())
        return file.tell()


def _check_place(upload: Upload, here: int, offset: int, size: int) -> None:
    if offset != here:
        raise Problem("offset_conflict", offset=here)
    if size > upload.length - here:
        raise Problem("too_large")


def finish(upload_id: str, person_id: str, sha256: str, now: datetime) -> None:
    """Hash the whole file, keep it at its content address, then say so in the database; safe to repeat.

    Raises `checksum_mismatch` when the bytes are not those that were promised; the upload is gone then.
    """
    part = part_path(upload_id)
    if part.exists():
        if file_sha256(part) != sha256:
            _discard(upload_id)
            raise Problem("checksum_mismatch")
        keep_file(part, sha256)
    path = blob_path(sha256)
    expect_reads(False)
    mark_stored(sha256, path.stat().st_size, sniffed_mime(path), now)
    upload = find_upload(upload_id, person_id)
    upload.finished_at = now
    db.session.commit()


def _discard(upload_id: str) -> None:
    expect_reads(False)
    db.session.execute(delete(Upload).where(Upload.id == upload_id))
    db.session.commit()
    part_path(upload_id).unlink(missing_ok=True)


def discard_upload(upload: Upload) -> None:
    """The phone gave it up. A file that is stored stays, and so does the row that says who brought it, under another id."""
    if upload.finished_at is None:
        _discard(upload.id)
        return
    expect_reads(False)
    db.session.execute(update(Upload).where(Upload.id == upload.id).values(id=uuid7()))
    db.session.commit()


def purge_expired(now: datetime) -> int:
    """Drop uploads past their time, and the rows of finished ones; returns how many."""
    expired = list(db.session.scalars(select(Upload.id).where(Upload.expires_at < now)))
    for upload_id in expired:
        part_path(upload_id).unlink(missing_ok=True)
    db.session.execute(delete(Upload).where(Upload.id.in_(expired)))
    db.session.commit()
    return len(expired)


def sniffed_mime(path: Path) -> str:
    """The type by its first bytes; anything unknown is `application/octet-stream`."""
    with path.open("rb") as file:
        head = file.read(12)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "application/octet-stream"
