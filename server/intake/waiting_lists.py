"""What waits for the office, as it is exported: parked changes, replaced values, records that were not taken in."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext, lazy_gettext

from server.console.filters import read_region_and_rep
from server.intake.waiting_views import (
    CONFLICT_ORDER,
    OP_ORDER,
    RECORD_READERS,
    fields_of,
    listed_changes,
    listed_records,
    listed_reused,
    listed_values,
    with_present_values,
)
from server.intake.waiting_words import QUEUE_WORDS, field_words, form_words, json_words, problem_words, value_words
from server.outlets.deciders import DECIDERS
from server.people.models import Person
from server.reports.columns import ID, OUTLET, instant, texts
from server.reports.listing import Asked, ExportedList, in_parts, streamed

SINCE = instant(lazy_gettext("从何时起等"), "at")
SENDER = texts((lazy_gettext("谁送来"), "sender"))


def change_rows(reader: Person, asked: Asked, _today: date) -> Iterator[Any]:
    """Parked changes, oldest first, with the names of their fields; values stand on the page of each."""
    for part in in_parts(streamed(listed_changes(reader, read_region_and_rep(asked)).order_by(*OP_ORDER))):
        fields = fields_of([row.op_id for row in part])
        for row in part:
            names = gettext("、").join(field_words(name) for name in fields.get(row.op_id, []))
            told = {"id": row.op_id, "at": row.received_at, "fields": names, "why": problem_words(row.problem)}
            yield SimpleNamespace(code=row.code, outlet=row.outlet, region=row.region, sender=row.sender, **told)


def value_rows(reader: Person, asked: Asked, _today: date) -> Iterator[Any]:
    """Replaced values, oldest first, beside what their fields hold now."""
    for part in in_parts(streamed(listed_values(reader, read_region_and_rep(asked)).order_by(*CONFLICT_ORDER))):
        for row, outlet, now in with_present_values(part):
            lost = row.SyncConflict
            told = {"field": field_words(lost.field), "now": value_words(lost.field, now), "lost": json_words(lost.field, lost.theirs)}
            yield SimpleNamespace(id=lost.id, at=lost.raised_at, code=outlet.code, outlet=outlet.name, region=row.region, sender=row.sender, **told)


def record_rows(reader: Person, asked: Asked, _today: date) -> Iterator[Any]:
    """Records that were not taken in, oldest first, then contents that came under the id of another record."""
    chosen = read_region_and_rep(asked)
    for row in streamed(listed_records(reader, chosen).order_by(*OP_ORDER)):
        told = {"id": row.op_id, "at": row.received_at, "why": problem_words(row.problem)}
        yield SimpleNamespace(form=form_words(row.form), sender=row.sender, **told)
    for row in streamed(listed_reused(reader, chosen).order_by(*CONFLICT_ORDER)):
        told = {"id": row.id, "at": row.raised_at, "why": gettext("同一编号，内容不同")}
        yield SimpleNamespace(form=form_words(row.form), sender=row.sender, **told)


WAITING_LISTS = (
    ExportedList(
        "waiting-changes",
        QUEUE_WORDS["changes"],
        [SINCE, *OUTLET, *texts((lazy_gettext("哪几项"), "fields")), *SENDER, *texts((lazy_gettext("为何等决定"), "why")), *ID],
        change_rows,
        DECIDERS,
    ),
    ExportedList(
        "waiting-values",
        QUEUE_WORDS["values"],
        [
            *[SINCE, *OUTLET, *texts((lazy_gettext("哪一项"), "field"), (lazy_gettext("现在"), "now"), (lazy_gettext("被替换的值"), "lost"))],
            *[*texts((lazy_gettext("谁替换的"), "sender")), *ID],
        ],
        value_rows,
        DECIDERS,
    ),
    ExportedList(
        "waiting-records",
        QUEUE_WORDS["records"],
        [SINCE, *texts((lazy_gettext("记录"), "form")), *SENDER, *texts((lazy_gettext("原因"), "why")), *ID],
        record_rows,
        RECORD_READERS,
    ),
)
