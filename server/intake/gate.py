"""The gate before push and pull: so many at once and no more, so that a storm of phones leaves the server upright.

A request that cannot have its turn soon is answered `busy` with a Retry-After that differs from phone to phone, and a
phone that asks far more often than an honest one does gets `too_many_requests`. Both are per process.

A phone is known by its token once that was found good. Requests with any other token go on the account of their address,
each when its token was found bad: hundreds of honest phones may share one address.
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
UNKNOWN_TOKEN, SERVER_FAULT = 401, 500


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
    """How many requests each caller may still make: a burst, refilled by the second. Those unheard of longest are forgotten first."""

    left: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def knows(self, key: str) -> bool:
        return key in self.left

    def wait_s(self, key: str, at: datetime) -> float:
        """0 when one is there, else the seconds until it will be."""
        return max(0.0, 1 - self._tokens(key, at)) / PER_SECOND

    def take(self, key: str, at: datetime) -> None:
        """Take one, if there is one."""
        with self.lock:
            tokens = max(0.0, self._tokens(key, at) - 1)
            self.left.pop(key, None)
            self.left[key] = (tokens, at)
            if len(self.left) > MOST_KNOWN:
                del self.left[next(iter(self.left))]

    def forget(self, key: str) -> None:
        with self.lock:
            self.left.pop(key, None)

    def _tokens(self, key: str, at: datetime) -> float:
        before, since = self.left.get(key, (BURST, at))
        return min(BURST, before + max((at - since).total_seconds(), 0.0) * PER_SECOND)


turns = Gate()
phones = Allowances()
strangers = Allowances()


def enter() -> None:
    """Before a request of the protocol: raises `too_many_requests` or `busy`, each with Retry-After."""
    phone = _phone()
    wait_s = phones.wait_s(phone, now()) if phones.knows(phone) else strangers.wait_s(_address(), now())
    if wait_s:
        raise Problem("too_many_requests", retry_after_s=max(1, round(wait_s)))
    if not turns.enter():
        raise Problem("busy", retry_after_s=random.randint(*RETRY_S))  # noqa: S311 (it only spreads phones)
    request.environ[ENTERED] = True


def count(status: int) -> None:
    """Once it is answered: on whose account it goes. One that was turned away at the gate is on nobody's."""
    if not request.environ.get(ENTERED):
        return
    if request.method == "OPTIONS":  # which is answered before anybody looks at the token
        strangers.take(_address(), now())
    elif status == UNKNOWN_TOKEN:
        phones.forget(_phone())
        strangers.take(_address(), now())
    elif status < SERVER_FAULT:
        phones.take(_phone(), now())


def leave() -> None:
    """After it, whatever came of it."""
    if request.environ.pop(ENTERED, False):
        turns.leave()


def _phone() -> str:
    """The phone by its token; nobody's secret is kept."""
    return hashlib.sha256(request.headers.get("Authorization", "").encode()).hexdigest()[:24]


def _address() -> str:
    return request.remote_addr or ""
