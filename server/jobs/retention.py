"""What is used up goes after as many days as the policy says: never wages, findings, audit, nor visits with the records and files that prove them.

Uploads past their time, forms that were cut short and tables that nobody imported have purges of their own where they are made.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select

from server.db import db
from server.devices.models import SignInCode
from server.domain.months import Month, business_date
from server.intake.models import SyncAttempt
from server.jobs.models import NightlyRun
from server.media.models import Upload
from server.media.pictures import LEFT_AFTER
from server.media.store import settings
from server.notices.models import NoticeDelivery
from server.policy.queries import policy_of


def purge_codes(now: datetime) -> int:
    """Drop sign-in codes that nobody used and that expired long ago; who signed in by which code stays. The caller commits."""
    return _purge(SignInCode, SignInCode.used_at.is_(None) & (SignInCode.expires_at < _oldest("unused_codes", now)))


def purge_attempts(now: datetime) -> int:
    """Forget how often the server once failed on operations; never sooner than deletions, as a phone that is older starts over anyway. The
    caller commits."""
    return _purge(SyncAttempt, SyncAttempt.last_at < _oldest("failures", now))


def purge_runs(now: datetime) -> int:
    """Forget what nights did long ago. The caller commits."""
    return _purge(NightlyRun, NightlyRun.started_at < _oldest("nights", now))


def purge_notices(now: datetime) -> int:
    """Forget what was told long ago, as long as nights are remembered. The caller commits."""
    return _purge(NoticeDelivery, NoticeDelivery.made_at < _oldest("nights", now))


def purge_parts(now: datetime) -> int:
    """Drop half files that belong to no upload, as a server that was killed between file and row leaves them."""
    oldest = (now - LEFT_AFTER).timestamp()
    old = {path.stem: path for path in settings().upload_folder.glob("*.part") if path.stat().st_mtime < oldest}
    known = set(db.session.scalars(select(Upload.id))) if old else set()
    lost = [path for upload_id, path in old.items() if upload_id not in known]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def _oldest(what: str, now: datetime) -> datetime:
    """What is older goes, by the policy of the month."""
    return now - timedelta(days=policy_of(Month.of_date(business_date(now))).integer(f"retention.{what}_days"))


def _purge(table: type, which: ColumnElement[bool]) -> int:
    return int(db.session.execute(delete(table).where(which).execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
