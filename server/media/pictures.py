"""Pictures that forms of the console bring: checked, then kept at their content address like those of phones."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import Select, select
from werkzeug.datastructures import FileStorage

from server.db import db
from server.feed.clock import upsert
from server.media.models import BlobRef
from server.media.store import file_sha256, keep_file, mark_stored, settings, stored_among
from server.media.uploads import MOST_BYTES, sniffed_mime
from sync.ids import uuid7

LEFT_AFTER = timedelta(days=1)
FORMATS = ("JPEG", "PNG", "WEBP")
# what Pillow raises for files that are not whole or not pictures
PICTURE_FAULTS = (OSError, SyntaxError, ValueError, TypeError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)


class NoPicture(ValueError):
    """The file is no whole JPEG, PNG or WebP, or too large; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def keep_picture(file: FileStorage, now: datetime) -> str:
    """Keep the file and return its SHA-256; raises NoPicture (`not_a_picture`, `too_large`). The caller commits."""
    folder = settings().upload_folder
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{uuid7()}.form"
    try:
        file.save(part)
        _check(part)
        sha256, size, mime = file_sha256(part), part.stat().st_size, sniffed_mime(part)
        keep_file(part, sha256)
    finally:
        part.unlink(missing_ok=True)
    mark_stored(sha256, size, mime, now)
    return sha256


def purge_leftovers(now: datetime) -> int:
    """Drop what forms left behind when the server was killed while it took a picture in; returns how many."""
    oldest = (now - LEFT_AFTER).timestamp()
    left = [path for path in settings().upload_folder.glob("*.form") if path.stat().st_mtime < oldest]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _check(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise NoPicture("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as picture:
                picture.verify()
    except PICTURE_FAULTS as fault:
        raise NoPicture("not_a_picture") from fault


def name_pictures(hashes: list[str], record: tuple[str, str], person_id: str) -> None:
    """Note that a record (type, id) from a form shows these pictures, as an operation of a phone would. The caller commits."""
    kind, record_id = record
    row = {"op_id": record_id, "person_id": person_id, "entity_type": kind, "entity_id": record_id}
    rows = [{"sha256": sha256, **row} for sha256 in sorted(set(hashes))]
    if rows:
        db.session.execute(upsert(BlobRef).values(rows).on_conflict_do_nothing())


def records_with(sha256: str, kind: str) -> Select[str]:
    """A select of the ids of records of this type that show the picture."""
    return select(BlobRef.entity_id).where(BlobRef.sha256 == sha256, BlobRef.entity_type == kind)


def pictures_of(op_id: str | None) -> list[str]:
    """The hashes of the pictures that a phone's operation names, in no order of the phone's; none for what a form brought."""
    if op_id is None:
        return []
    return list(db.session.scalars(select(BlobRef.sha256).where(BlobRef.op_id == op_id).order_by(BlobRef.sha256)))


@dataclass(frozen=True)
class ShownPicture:
    """`is_here` is false while a phone still has to send it."""

    sha256: str
    is_here: bool


@dataclass(frozen=True)
class ShownPictures:
    """What the page of a record shows."""

    photos: list[ShownPicture]
    signature: ShownPicture | None


def shown_pictures(photos: Iterable[str | None], signature: str | None) -> ShownPictures:
    """A record's photos and signature by hash, each with whether it is here; empty ones are left out."""
    named = [sha256 for sha256 in photos if sha256]
    here = stored_among(sorted({*named, *([signature] if signature else [])}))
    shown = [ShownPicture(sha256, sha256 in here) for sha256 in named]
    return ShownPictures(shown, ShownPicture(signature, signature in here) if signature else None)
