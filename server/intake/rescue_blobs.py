"""The photos and signatures of a rescue file."""

import base64
import binascii
import hashlib
from datetime import datetime

import msgspec
from msgspec import Raw
from sqlalchemy import select

from server.db import db
from server.intake.rescue_file import RescueFile, parts
from server.intake.rescue_report import RescueReport
from server.media.models import BlobRef
from server.media.store import keep_file, mark_stored, settings, stored_among
from server.media.uploads import MOST_BYTES, sniffed_mime
from sync.ids import uuid7


def keep_blobs(content: RescueFile, report: RescueReport, now: datetime) -> None:
    """Keep the files that the person's operations name, once their bytes are proven; those of unfinished forms stay in the file."""
    named = _named_files(sorted(content.blobs), content.person_id)
    here = stored_among(sorted(named))
    db.session.rollback()
    unfinished = {sha256 for draft in content.drafts for sha256 in draft.hashes} - named
    for sha256, quoted in sorted(content.blobs.items()):
        if sha256 in unfinished:
            continue
        if sha256 in here:
            report.known_files += 1
            continue
        file = _decoded(quoted)
        fault = _file_fault(sha256, file) if sha256 in named else "unnamed"
        if fault:
            report.refused_files[sha256] = fault
            continue
        _keep(sha256, file, now)
        report.files += 1
    wanted = sorted({sha256 for op in content.ops for sha256 in op.blobs})
    report.missing_files = len(wanted) - len(stored_among(wanted))


def _named_files(hashes: list[str], person_id: str) -> set[str]:
    found: set[str] = set()
    for part in parts(hashes):
        found.update(db.session.scalars(select(BlobRef.sha256).where(BlobRef.sha256.in_(part), BlobRef.person_id == person_id)))
    return found


def _decoded(quoted: Raw) -> bytes:
    """The file, or nothing when that is no base64."""
    try:
        return base64.b64decode(msgspec.json.decode(quoted, type=str), validate=True)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        return b""


def _file_fault(sha256: str, file: bytes) -> str:
    if len(file) > MOST_BYTES:
        return "too_large"
    return "" if hashlib.sha256(file).hexdigest() == sha256 else "damaged"


def _keep(sha256: str, file: bytes, now: datetime) -> None:
    folder = settings().upload_folder
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{uuid7()}.part"
    try:
        part.write_bytes(file)
        path = keep_file(part, sha256)
    finally:
        part.unlink(missing_ok=True)
    mark_stored(sha256, len(file), sniffed_mime(path), now)
    db.session.commit()
