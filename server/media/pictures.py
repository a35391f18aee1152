"""Pictures that forms of the console bring: checked, then kept at their content address like those of phones."""

import warnings
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import Select, select
from werkzeug.datastructures import FileStorage

from server.db import db
from server.feed.clock import upsert
from server.media.models import Blob, BlobRef
from server.media.store import file_sha256, keep_file, mark_stored, settings
from server.media.uploads import MOST_BYTES, sniffed_mime
from sync.ids import uuid7
from sync.photo_facts import PhotoFact

LEFT_AFTER = timedelta(days=1)
ORIGINS = ("", "camera", "system", "gallery")  # the later, the less a photo proves
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


def name_pictures(hashes: Iterable[str | None], record: tuple[str, str], person_id: str) -> None:
    """Note that a record (type, id) from a form shows these pictures, as an operation of a phone would; None stands for one that it has not.

    The caller commits.
    """
    kind, record_id = record
    row = {"op_id": record_id, "person_id": person_id, "entity_type": kind, "entity_id": record_id}
    rows = [{"sha256": sha256, **row} for sha256 in sorted({sha256 for sha256 in hashes if sha256})]
    if rows:
        db.session.execute(upsert(BlobRef).values(rows).on_conflict_do_nothing())


def note_photos(op_id: str, facts: Iterable[PhotoFact]) -> None:
    """Keep what a phone says of the photos that its operation names; what it says of others is left out. The caller commits."""
    for fact in facts:
        ref = db.session.get(BlobRef, (fact.sha256, op_id))
        if ref is not None:
            ref.origin, ref.is_blurred, ref.is_dark = fact.origin, fact.is_blurred, fact.is_dark


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
    """`is_here` is false while a phone still has to send it.

    `origin` is camera, system or gallery (sync/photo_facts.py), or "" where nobody said; `is_blurred` and `is_dark` as its phone saw it.
    """

    sha256: str
    is_here: bool
    origin: str = ""
    is_blurred: bool = False
    is_dark: bool = False


@dataclass(frozen=True)
class ShownPictures:
    """What the page of a record shows."""

    photos: list[ShownPicture]
    signature: ShownPicture | None


def shown_pictures(photos: Iterable[str | None], signature: str | None) -> ShownPictures:
    """A record's photos and signature by hash, each with whether it is here and what was said of it; empty ones are left out."""
    named = [sha256 for sha256 in photos if sha256]
    shown = told_pictures({*named, *([signature] if signature else [])})
    return ShownPictures([shown[sha256] for sha256 in named], shown[signature] if signature else None)


def told_pictures(hashes: Collection[str]) -> dict[str, ShownPicture]:
    """By hash; where several operations name a picture, the gravest of what they say."""
    told = {sha256: ShownPicture(sha256, False) for sha256 in hashes}
    columns = (Blob.sha256, Blob.stored_at, BlobRef.origin, BlobRef.is_blurred, BlobRef.is_dark)
    query = select(*columns).outerjoin(BlobRef, (BlobRef.sha256 == Blob.sha256) & BlobRef.origin.is_not(None))
    for row in db.session.execute(query.where(Blob.sha256.in_(sorted(told)))) if told else ():
        one = told[row.sha256]
        origin = max(one.origin, row.origin or "", key=ORIGINS.index)
        poor = one.is_blurred or bool(row.is_blurred), one.is_dark or bool(row.is_dark)
        told[row.sha256] = ShownPicture(row.sha256, row.stored_at is not None, origin, *poor)
    return told
