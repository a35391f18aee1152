"""The gate before push and pull: so many at once and no more, so that a storm of phones leaves the server upright.

A request that cannot have its turn soon is answered `busy` with a Retry-After that differs from phone to phone, and a
phone that asks far more often than an honest one does gets `too_many_requests`. Both are per process.
"""

import hashlib
import random
import threading
from dataclasses import dataclass, field
from datetime import datetime

from flask import request

from server.clock import now
from sync.problems import Problem

AT_ONCE = 4
MOST_WAITING = 2
WAIT_S = 2.0
RETRY_S = (3, 20)
BURST = 600.0
PER_SECOND = 5.0
MOST_KNOWN = 20_000
ENTERED = "xundian.entered"


@dataclass
class Gate:
    """`at_once` requests work, a few wait a moment, the others come again later."""

    at_once: int = AT_ONCE
    turns: threading.BoundedSemaphore = field(init=False)
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0

    def __post_init__(self) -> None:
        self.turns = threading.BoundedSemaphore(self.at_once)

    def enter(self) -> bool:
        """Take a turn; False when there is none to be had."""
        if self.turns.acquire(blocking=False):
            return True
        with self.lock:
            if self.waiting >= MOST_WAITING:
                return False
            self.waiting += 1
        try:
            return self.turns.acquire(timeout=WAIT_S)
        finally:
            with self.lock:
                self.waiting -= 1

    def leave(self) -> None:
        self.turns.release()


@dataclass
class Allowances:
    """How many requests each phone may still make: a burst, refilled by the second."""

    left: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, at: datetime) -> float:
        """Take one; 0 when it was there, else the seconds until it will be."""
        with self.lock:
            if len(self.left) > MOST_KNOWN:
                self.left.clear()
            before, since = self.left.get(key, (BURST, at))
            tokens = min(BURST, before + max((at - since).total_seconds(), 0.0) * PER_SECOND)
            if tokens < 1:
                return (1 - tokens) / PER_SECOND
            self.left[key] = (tokens - 1, at)
            return 0.0


turns = Gate()
allowances = Allowances()


def enter() -> None:
    """Before a request of the protocol: raises `too_many_requests` or `busy`, each with Retry-After."""
    wait_s = allowances.take(_caller(), now())
    if wait_s:
        raise Problem("too_many_requests", retry_after_s=max(1, round(wait_s)))
    if not turns.enter():
        raise Problem("busy", retry_after_s=random.randint(*RETRY_S))  # noqa: S311 (it only spreads phones)
    request.environ[ENTERED] = True


def leave() -> None:
    """After it, whatever came of it."""
    if request.environ.pop(ENTERED, False):
        turns.leave()


def _caller() -> str:
    """The phone by its token; nobody's secret is kept."""
    return hashlib.sha256(request.headers.get("Authorization", request.remote_addr or "").encode()).hexdigest()[:24]
