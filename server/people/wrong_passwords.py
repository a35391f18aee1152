"""Wrong passwords: how many one login may have, and the trace that they leave."""

import logging
from collections.abc import Callable
from datetime import timedelta

from flask import Response, request
from flask_limiter import RouteLimit
from sqlalchemy import select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.limits import limiter
from server.people.models import Person

log = logging.getLogger(__name__)
MOST_AN_HOUR = "20 per hour"  # of one login, from wherever it is tried
REFUSED = "person.sign_in_refused"
NOTED_AGAIN_AFTER = timedelta(minutes=10)


def limit_wrong_passwords(login: Callable[[], str], show: Callable[[], Response] | None = None) -> RouteLimit:
    """Let a login have so many wrong passwords, of the console and phones together; codes and links go on opening the door.

    `login` reads whose it is from the request, `show` draws the refusal.
    """
    return limiter.shared_limit(
        MOST_AN_HOUR,
        "wrong passwords",
        key_func=login,
        methods=["POST"],
        deduct_when=lambda answer: answer.status_code == 401,
        on_breach=lambda _limit: show() if show else None,
    )


def note_wrong_password(person: Person | None, way: str) -> None:
    """Write down for the person, once in a while, that a password was wrong; of a login that nobody has not even the text, which may be a
    password. Commits."""
    if person is None:
        log.warning("a sign-in (%s) from %s was refused: nobody has this login", way, request.remote_addr)
        return
    at = now()
    is_noted = (AuditRow.subject_type == "person", AuditRow.subject_id == person.id, AuditRow.action == REFUSED, AuditRow.at > at - NOTED_AGAIN_AFTER)
    if db.session.scalar(select(AuditRow.id).where(*is_noted).limit(1)) is not None:
        return
    log.warning("a sign-in (%s) from %s was refused: wrong password of person %s", way, request.remote_addr, person.id)
    record_audit(at, None, REFUSED, ("person", person.id), way=way)
    db.session.commit()
