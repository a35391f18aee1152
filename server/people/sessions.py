"""Sessions of the console: each has an id, and one that was signed out of is over for every copy of its cookie."""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from flask import session
from sqlalchemy import ColumnElement, delete, select

from server.bulk import put_new
from server.db import db
from server.people.models import EndedSession

IDLE = timedelta(hours=12)  # after which a session that nobody uses is over by itself
_ID = "id"


def begin_session() -> None:
    """Nothing of the one before stays."""
    session.clear()
    session[_ID] = token_urlsafe(16)


def end_session(now: datetime) -> None:
    """Also for whoever has a copy of the cookie; ended twice, it is over once. The caller commits."""
    if (ended := _id_sha256()) is not None:
        put_new(EndedSession, [{"id_sha256": ended, "ended_at": now}])
    session.clear()


def is_ended() -> ColumnElement[bool]:
    """Whether this request's session was signed out of, to be asked with whatever else is asked."""
    return select(EndedSession.id_sha256).where(EndedSession.id_sha256 == _id_sha256()).exists()


def purge_ended_sessions(now: datetime) -> int:
    """Forget those whose cookies are too old by now to be taken for anything. The caller commits."""
    old = delete(EndedSession).where(EndedSession.ended_at < now - IDLE - timedelta(hours=1))
    return int(db.session.execute(old.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _id_sha256() -> str | None:
    """None of a session that began before sessions had ids."""
    own = session.get(_ID)
    return hashlib.sha256(own.encode()).hexdigest() if own else None
