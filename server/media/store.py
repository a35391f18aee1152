"""The blob folder: files by content address, and what happens once one is whole."""

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import bindparam, select

from server.config import Settings
from server.db import db
from server.feed.clock import upsert
from server.media.models import Blob

stored_listeners: list[Callable[[str, datetime], None]] = []
READ_CHUNK = 1 << 20
_STORED = select(Blob.sha256).where(Blob.sha256.in_(bindparam("hashes", expanding=True)), Blob.stored_at.is_not(None))  # asked for every visit
_HELD = select(Blob.sha256).where(Blob.sha256.in_(bindparam("hashes", expanding=True))).order_by(Blob.sha256).with_for_update(read=True)


def settings() -> Settings:
    kept: Settings = current_app.extensions["xundian"]
    return kept


def blob_path(sha256: str) -> Path:
    return settings().blob_folder / sha256[:2] / sha256[2:4] / sha256


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(READ_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def keep_file(part: Path, sha256: str) -> Path:
    """Move a verified file to its content address so that it survives a power cut: fsync, rename, fsync the folder."""
    target = blob_path(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    _fsync(part)
    os.replace(part, target)
    for folder in (target.parent, target.parent.parent):
        _fsync(folder)
    return target


def mark_stored(sha256: str, size: int, mime: str, now: datetime) -> None:
    """Say in the database that every byte is here, and tell who waits for it; the caller commits."""
    values = {"size": size, "mime": mime, "stored_at": now}
    row = upsert(Blob).values(sha256=sha256, expected_at=now, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["sha256"], set_=values))
    for listener in stored_listeners:
        listener(sha256, now)


def expect_blobs(hashes: list[str], now: datetime) -> None:
    """Note that these files will come; harmless for those already here.

    Until this transaction ends none of them can come: whoever stores one looks for those who wait for it, and must see them.
    """
    rows = [{"sha256": sha256, "expected_at": now} for sha256 in sorted(set(hashes))]
    if rows:
        db.session.execute(upsert(Blob).values(rows).on_conflict_do_nothing(index_elements=["sha256"]))
        db.session.execute(_HELD, {"hashes": [row["sha256"] for row in rows]})


def stored_among(hashes: list[str]) -> set[str]:
    """Those of the hashes whose files are here and verified."""
    found: set[str] = set()
    for start in range(0, len(hashes), 500):
        part = hashes[start : start + 500]
        found.update(db.session.scalars(_STORED, {"hashes": part}))
    return found


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
