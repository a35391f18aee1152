"""What was erased, by id, in a file beside the database: so that a restored copy, which is older, can be made to forget again.

A line is `person|outlet <id> <instant>`; it names nobody.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from server.db import db
from server.media.store import settings
from server.outlets.models import Outlet
from server.people.models import Person
from server.privacy.outlets import erase_outlet_people
from server.privacy.people import erase_person
from sync.problems import Problem
from sync.times import iso_instant

FILE = "erasures.txt"
AGAIN = "恢复备份后再次删除"
Erased = tuple[str, str]
SINCE = {"person": (Person.id, Person.erased_at), "outlet": (Outlet.id, Outlet.people_erased_at)}
ERASERS = {"person": erase_person, "outlet": erase_outlet_people}


def list_path() -> Path:
    return settings().data / FILE


def listed(path: Path) -> set[Erased]:
    """The records that the list names; lines that are none of its own are passed over."""
    lines = path.read_text().splitlines() if path.exists() else []
    words = [line.split() for line in lines]
    return {(line[0], line[1]) for line in words if len(line) == 3 and line[0] in ERASERS}


def list_erasures(_now: datetime) -> int:
    """Write down what was erased and is not on the list yet; returns how many lines were added. Nothing is ever taken off it."""
    known = listed(list_path())
    rows = [(kind, *row) for kind, (key, since) in SINCE.items() for row in db.session.execute(select(key, since).where(since.is_not(None)))]
    fresh = sorted((at, kind, record_id) for kind, record_id, at in rows if at and (kind, record_id) not in known)
    if fresh:
        _append("".join(f"{kind} {record_id} {iso_instant(at)}\n" for at, kind, record_id in fresh))
    return len(fresh)


def _append(lines: str) -> None:
    descriptor = os.open(list_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erase_again(path: Path, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Erase what the list names and this database still has; yields (kind, id, `erased` or what stands in the way). Commits each."""
    for kind, record_id in sorted(listed(path)):
        try:
            ERASERS[kind](record_id, AGAIN, None, now)
            db.session.commit()
            yield kind, record_id, "erased"
        except Problem as problem:
            db.session.rollback()
            if problem.refusal.code not in ("stale", "not_found"):
                yield kind, record_id, " ".join(problem.extras.get("fields", {problem.refusal.code: ""}))
