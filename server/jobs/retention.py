"""What is used up goes after a while: never wages, findings, audit, nor visits with the records and files that prove them.

Uploads past their time, forms that were cut short and tables that nobody imported have purges of their own where they are made.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select

from server.db import db
from server.devices.models import SignInCode
from server.intake.models import SyncAttempt
from server.jobs.models import NightlyRun
from server.media.models import Upload
from server.media.pictures import LEFT_AFTER
from server.media.store import settings

UNUSED_CODES_KEPT = timedelta(days=30)
ATTEMPTS_KEPT = timedelta(days=90)  # as long as a deletion is known to phones: an older operation starts over anyway
RUNS_KEPT = timedelta(days=400)


def purge_codes(now: datetime) -> int:
    """Drop sign-in codes that nobody used and that expired long ago; who signed in by which code stays. The caller commits."""
    return _purge(SignInCode, SignInCode.used_at.is_(None) & (SignInCode.expires_at < now - UNUSED_CODES_KEPT))


def purge_attempts(now: datetime) -> int:
    """Forget how often the server once failed on operations. The caller commits."""
    return _purge(SyncAttempt, SyncAttempt.last_at < now - ATTEMPTS_KEPT)


def purge_runs(now: datetime) -> int:
    """Forget what nights did more than a year ago. The caller commits."""
    return _purge(NightlyRun, NightlyRun.started_at < now - RUNS_KEPT)


def purge_parts(now: datetime) -> int:
    """Drop half files that belong to no upload, as a server that was killed between file and row leaves them."""
    oldest = (now - LEFT_AFTER).timestamp()
    old = {path.stem: path for path in settings().upload_folder.glob("*.part") if path.stat().st_mtime < oldest}
    known = set(db.session.scalars(select(Upload.id))) if old else set()
    lost = [path for upload_id, path in old.items() if upload_id not in known]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def _purge(table: type, which: ColumnElement[bool]) -> int:
    return int(db.session.execute(delete(table).where(which).execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
