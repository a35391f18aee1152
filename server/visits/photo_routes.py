"""Photos and signatures for the console: re-encoded, without metadata; the originals stay as evidence."""

import os
import threading
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from PIL import Image, ImageOps
from sqlalchemy import or_, select

from server.clock import today
from server.db import db
from server.media.pictures import PICTURE_FAULTS
from server.media.store import blob_path, settings, stored_among
from server.people.access import current_person, requires
from server.people.models import Person
from server.visits.models import Visit, VisitPhoto
from server.visits.queries import is_visible_visit
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("photos", __name__)

# features with pictures of their own: whether a person may see the one of this hash
Sight = Callable[[str, Person, date], bool]
sights: list[Sight] = []

SIDES_PX = {"thumb": 320, "full": 1600}
MOST_PIXELS = 60_000_000
MOST_PIXELS_WHOLE = 16_000_000  # of formats that are decoded whole, however small the copy: 64 MB of memory
copying = threading.BoundedSemaphore(2)


@blueprint.get("/photos/<sha256>")
@requires()
def photo(sha256: str) -> Response:
    """A picture of a record that the person may see; `size` is `thumb` (320 px) or `full` (1600 px)."""
    size = request.args.get("size", "full")
    if size not in SIDES_PX or not _is_visible(sha256) or sha256 not in stored_among([sha256]):
        raise Problem("not_found")
    answer = send_file(display_copy(sha256, size), mimetype="image/webp", conditional=True, max_age=86400)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _is_visible(sha256: str) -> bool:
    photo_of = select(VisitPhoto.visit_id).where(VisitPhoto.sha256 == sha256)
    named = or_(Visit.signature_sha256 == sha256, Visit.id.in_(photo_of))
    query = select(Visit.id).where(named, is_visible_visit(current_person(), today())).limit(1)
    return db.session.scalar(query) is not None or any(sees(sha256, current_person(), today()) for sees in sights)


def display_copy(sha256: str, size: str) -> Path:
    """The cached copy for screens, made on first use; raises `unsupported_type` for a file that is no picture.

    Two are made at a time. What cannot be shown is found out once: an empty file beside the copies says so.
    """
    target = settings().data / "display" / sha256[:2] / f"{sha256}.{size}.webp"
    if target.exists():
        return target
    with copying:
        if not target.exists():
            _make_copy(blob_path(sha256), target, SIDES_PX[size])
    return target


def _make_copy(source: Path, target: Path, side_px: int) -> None:
    no_picture = target.with_suffix(".none")
    if no_picture.exists():
        raise Problem("unsupported_type", "no picture")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{uuid7()}.part")
    try:
        _write_copy(source, part, side_px)
    except PICTURE_FAULTS as fault:
        part.unlink(missing_ok=True)
        if not _is_passing(fault):
            no_picture.touch()
        raise Problem("unsupported_type", type(fault).__name__) from fault
    os.replace(part, target)


def _is_passing(fault: BaseException) -> bool:
    """Whether the machine is at fault, not the file: no room, no memory."""
    return isinstance(fault, MemoryError) or getattr(fault, "errno", None) is not None


def _write_copy(source: Path, target: Path, side_px: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as picture:
            most = MOST_PIXELS if picture.format == "JPEG" else MOST_PIXELS_WHOLE
            if picture.width * picture.height > most:
                raise ValueError("too many pixels")
            picture.draft("RGB", (side_px, side_px))
            picture.thumbnail((side_px, side_px))
            upright = ImageOps.exif_transpose(picture)
            clean = upright.convert("RGBA" if upright.mode in ("RGBA", "LA", "P") else "RGB")
            clean.info.clear()
            clean.save(target, "WEBP", quality=80, method=2)
