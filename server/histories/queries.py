"""An outlet's time line, page by page: one query asks all sources for their newest rows, and the newest of those are the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, union_all

from server.console.paging import key_text
from server.db import db
from server.histories.file_sources import file_rows
from server.histories.judged_sources import churn_rows, finding_rows
from server.histories.owner_sources import owner_rows
from server.histories.rows import Asked, Before, last_moment
from server.histories.work_sources import callback_rows, complaint_rows, follow_up_rows, material_rows, training_rows, visit_rows
from server.outlets.models import Outlet
from server.people.models import Person

SOURCES: dict[str, Callable[[Asked], list[Any]]] = {
    "visit": visit_rows,
    "file": file_rows,
    "owner": owner_rows,
    "complaint": complaint_rows,
    "follow_up": follow_up_rows,
    "material": material_rows,
    "training": training_rows,
    "callback": callback_rows,
    "churn": churn_rows,
    "finding": finding_rows,
}


@dataclass(frozen=True)
class HistoryPage:
    rows: list[Any]
    next_key: str | None


def history_page(outlet: Outlet, reader: Person, today: date, kind: str = "", before: Before | None = None, rows: int = 60) -> HistoryPage:
    """What happened at an outlet that the reader may see, newest first: all of it, or of one kind (a key of `SOURCES`)."""
    asked = Asked(outlet, reader, today, before, rows + 1)
    found = _found(asked, [kind] if kind else list(SOURCES))
    found.sort(key=lambda row: (moment_of(row), row.source), reverse=True)  # of one source they are in order
    shown = found[:rows]
    return HistoryPage(shown, _key(shown[-1]) if len(found) > rows else None)


def _found(asked: Asked, kinds: Sequence[str]) -> list[Any]:
    queries = [query.subquery() for kind in kinds for query in SOURCES[kind](asked)]
    return list(db.session.execute(union_all(*(select(query) for query in queries)))) if queries else []


def moment_of(row: Any) -> datetime:
    """By which a row stands in the time line: its own, or the last one of its day in Shanghai; aware."""
    at: datetime | None = row.at
    return at or last_moment(row.on)


def _key(row: Any) -> str:
    return key_text([moment_of(row).isoformat(), row.source, row.id])
