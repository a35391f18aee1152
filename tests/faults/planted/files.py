"""Bugs on purpose in the photos and signatures that are sent up."""

from typing import Any

from flask import g
from sqlalchemy import select

import server.media.tus_routes as tus_routes_module
import server.media.uploads as uploads_module
import server.visits.verdicts as verdicts_module
from server.db import db
from tests.faults.planted.patching import Bug, Patch


def file_not_hashed(patch: Patch) -> None:
    """The server trusts the promised hash."""

    def trusting(path: Any) -> str:
        return str(_promised(path))

    def _promised(path: Any) -> Any:
        from server.media.models import Upload

        return db.session.scalar(select(Upload.sha256).where(Upload.id == path.stem))

    patch(uploads_module, "file_sha256", trusting)


def offset_not_checked(patch: Patch) -> None:
    """Bytes that come twice are written twice."""
    append = uploads_module.append_bytes

    def lax(upload: Any, offset: int, source: Any, size: int) -> int:
        return append(upload, uploads_module.offset_of(upload), source, 0)

    patch(uploads_module, "append_bytes", lax)
    patch(
        uploads_module,
        "file_sha256",
        lambda path: db.session.scalar(select(uploads_module.Upload.sha256).where(uploads_module.Upload.id == path.stem)),
    )


def only_new_bytes_finish_a_file(patch: Patch) -> None:
    """A file whose last bytes came just before the server died is called whole when it is asked for, and is never verified."""
    append, finish = uploads_module.append_bytes, tus_routes_module._finish

    def appended(*given: Any) -> int:
        g.brought_bytes = True
        return append(*given)

    patch(uploads_module, "append_bytes", appended)
    patch(tus_routes_module, "_finish", lambda upload: finish(upload) if g.get("brought_bytes") else None)


def complete_before_the_files(patch: Patch) -> None:
    """A visit counts as complete although its photos are still on the phone."""
    patch(verdicts_module, "stored_among", lambda hashes: set(hashes))


BUGS: tuple[Bug, ...] = (
    file_not_hashed,
    offset_not_checked,
    only_new_bytes_finish_a_file,
    complete_before_the_files,
)
