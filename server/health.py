"""`GET /healthz`: whether the database answers and the storage can be written, and when a night last ran to its end."""

import os
import tempfile
from importlib.metadata import version

from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from server.db import db
from server.feed.epoch import current_epoch
from server.jobs.nights import newest_night
from server.media.store import settings
from sync.times import iso_instant


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)


def healthz() -> tuple[Response, int]:
    """200 when both are well, else 503 naming the one that is not."""
    state = {"database": _database(), "storage": _storage()}
    is_well = all(word == "ok" for word in state.values())
    answer = jsonify(status="ok" if is_well else "failing", version=version("xundian"), nightly=_nightly(), **state)
    return answer, 200 if is_well else 503


def _database() -> str:
    try:
        current_epoch()
    except SQLAlchemyError as fault:
        db.session.rollback()
        return f"failing: {type(fault).__name__}"
    return "ok"


def _nightly() -> dict[str, str] | None:
    """A night that fails leaves the pages as well as they were, so it changes no status."""
    try:
        night = newest_night()
    except SQLAlchemyError:
        db.session.rollback()
        return None
    return {"finished_at": iso_instant(night[0]), "day": night[1].isoformat()} if night else None


def _storage() -> str:
    folder = settings().blob_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"ok")
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        return f"failing: {fault.strerror}"
    return "ok"
