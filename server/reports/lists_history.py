"""The time line of one outlet (经过), as it is exported."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import lazy_gettext

from server.domain.months import business_date
from server.histories.queries import SOURCES, history_page, moment_of
from server.histories.rows import before_in
from server.histories.steps import note_of
from server.histories.words import said
from server.outlets.duplicates import kept_outlet_id
from server.outlets.queries import visible_outlet
from server.people.models import Person
from server.reports.columns import ID, day, instant, texts
from server.reports.listing import MOST_ROWS, READ_AT_ONCE, Asked, ExportedList
from sync.problems import Problem


class HistoryRow(NamedTuple):
    """`at` is None where only the day is known; `id` is of the record that tells more."""

    day: date
    at: datetime | None
    who: str
    what: str
    note: str
    id: str


def history_rows(reader: Person, asked: Asked, today: date) -> Iterator[HistoryRow]:
    """As the page shows them, newest first; raises `not_found` for an outlet out of sight, `invalid` for a kind that is none, `too_many_rows`."""
    kind = asked.get("kind", "")
    if kind and kind not in SOURCES:
        raise Problem("invalid", f"kind {kind[:20]}")
    outlet = visible_outlet(reader, kept_outlet_id(asked.get("outlet", "")), today)
    made = 0
    key: str | None = ""
    while key is not None:
        shown = history_page(outlet, reader, today, kind, before_in(key), READ_AT_ONCE)
        made, key = made + len(shown.rows), shown.next_key
        if made > MOST_ROWS:
            raise Problem("too_many_rows", str(MOST_ROWS))
        for row in shown.rows:
            one = said(row)
            what = " ".join(text for text in (one.words, one.name) if text)
            yield HistoryRow(business_date(moment_of(row)), row.at, row.by_name or "", what, note_of(row), row.record_id or "")


OUTLET_HISTORY = ExportedList(
    "outlet-history",
    lazy_gettext("经过"),
    [
        *[day(lazy_gettext("日期"), "day"), instant(lazy_gettext("时间"), "at")],
        *[*texts((lazy_gettext("谁"), "who"), (lazy_gettext("发生了什么"), "what"), (lazy_gettext("说明"), "note")), *ID],
    ],
    history_rows,
)
