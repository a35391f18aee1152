"""Work that ends at a chosen point, as in a process that is killed: before a statement, before a commit, or right after one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

POINTS: tuple[tuple[Any, str], ...] = ((Engine, "before_cursor_execute"), (Engine, "commit"), (Session, "after_commit"))


class Killed(BaseException):
    """The process ends here; nothing that catches an Exception sees it."""


class Interruption:
    """Counts the points that were passed; from point number `at` on nothing goes through any more (0: only counts)."""

    def __init__(self, at: int) -> None:
        self.at, self.passed = at, 0

    def passing(self, *_words: Any) -> None:
        self.passed += 1
        if 0 < self.at <= self.passed:
            raise Killed


@contextmanager
def interrupted(at: int = 0) -> Iterator[Interruption]:
    interruption = Interruption(at)
    for owner, name in POINTS:
        event.listen(owner, name, interruption.passing)
    try:
        yield interruption
    finally:
        for owner, name in POINTS:
            event.remove(owner, name, interruption.passing)
