"""Lists of work at outlets, by the day on which it is due or was done: complaints, follow-ups, materials, trainings, call-backs, churn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from server.console.counting import rows_up_to
from server.console.paging import after_key, cut, one_page, one_page_down
from server.db import db
from server.outlets.work_filter import WorkFilter
from server.people.choices import regions_in_reach, reps_in_reach
from server.people.models import Person

Tab = tuple[str, str, int]


@dataclass(frozen=True)
class WorkTable:
    """A page of one tab; `tabs` are (state, words, count), `next_key` is that of the next page."""

    rows: list[Any]
    tabs: list[Tab]
    next_key: str | None


def day_page(query: Any, order: tuple[Any, Any], after: str, is_newest_first: bool) -> tuple[list[Any], str | None]:
    """The rows of a page in the order of a day and an id, which the query selects by their own names, and the next page's key."""
    turn = one_page_down if is_newest_first else one_page
    rows = list(db.session.execute(turn(query, order, after_key(after, date, str))))
    return cut(rows, lambda row: [getattr(row, column.key) for column in order])


def open_and_done_tabs(query: Any, done_on: Any, words: Mapping[str, Any]) -> list[Tab]:
    """The tabs of what is open and what is done, in the order of `words`; `done_on` is the column that says when."""
    return counted_tabs(words, [query.where(done_on.is_(None)), query.where(done_on.is_not(None))])


def counted_tabs(words: Mapping[str, Any], queries: Sequence[Any]) -> list[Tab]:
    """A tab for each of the words with the count of what its query finds, which stops where `listed_count` says so."""
    counts = db.session.execute(select(*(rows_up_to(query) for query in queries))).one()
    return [(tab, str(name), count) for (tab, name), count in zip(words.items(), counts, strict=True)]


def list_values(reader: Person, chosen: WorkFilter, table: Any, today: date) -> dict[str, Any]:
    """What every such list's template needs; `table` has the tabs."""
    regions, reps = regions_in_reach(reader), reps_in_reach(reader, chosen.region_id)
    return {"chosen": chosen, "table": table, "tabs": table.tabs, "regions": regions, "reps": reps, "today": today}
