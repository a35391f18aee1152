"""The forms that the server knows, and some that break it."""

from typing import Any

from server.db import db
from server.feed.clock import after_number
from server.intake.registry import APPLIERS
from sync.receive import APPLIED, Outcome, Sent

KNOWN_FORMS = dict(APPLIERS)


def _raise(_sent: Sent) -> Outcome:
    raise RuntimeError("a handler with a fault")


def _poison(_sent: Sent) -> Outcome:
    """Breaks the commit itself, outside the savepoint that judges operations."""

    def write(_session: Any, _seq: int) -> None:
        raise RuntimeError("the commit breaks")

    after_number(db.session, write)
    return Outcome(APPLIED)


def register_broken_forms() -> None:
    APPLIERS["raises.v1"] = _raise
    APPLIERS["poison.v1"] = _poison
