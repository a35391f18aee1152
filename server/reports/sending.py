"""Files that somebody takes: on disk first, then noted, then sent."""

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from flask import Response, request, send_file

from server.audit.actions import record_audit
from server.clock import now
from server.db import db, expect_reads
from server.people.access import current_person


def new_file() -> IO[bytes]:
    """On disk, without a name; it goes when the answer is sent."""
    return TemporaryFile()


def spooled(parts: Iterable[bytes]) -> IO[bytes]:
    """On disk first: whoever is sent a file gets the whole of it, or a problem that says why not."""
    file = new_file()
    file.writelines(parts)
    return file


def send_noted(file: IO[bytes], name: str, mimetype: str, count: int) -> Response:
    """The file, once it is noted who took it, with which filter."""
    reader_id = current_person().id
    db.session.rollback()
    expect_reads(False)  # a GET only reads otherwise, and this one is noted
    kept = {key: value[:60] for key, value in request.args.items() if value and key != "after"}
    record_audit(now(), reader_id, "list.exported", ("list", name), rows=count, filter=kept)
    db.session.commit()
    file.seek(0)
    answer = send_file(file, mimetype=mimetype, download_name=quote(name), as_attachment=True, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer
