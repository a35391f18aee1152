"""What waits for the office, as it is exported: parked changes, replaced values, records that were not taken in."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

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
from server.reports.columns import ID, OUTLET, SINCE, instant, texts
from server.reports.listing import Asked, ExportedList, in_parts, streamed

WAITS = instant(SINCE, "at")
SENDER = texts((lazy_gettext("谁送来"), "sender"))


class ChangeRow(NamedTuple):
    """A parked change at an outlet: names of its fields, and why it waits."""

    id: str
    at: datetime
    code: str
    outlet: str
    region: str
    sender: str
    fields: str
    why: str


class ValueRow(NamedTuple):
    """A replaced value in words, beside what the field holds now; `sender` is who replaced it."""

    id: str
    at: datetime
    code: str
    outlet: str
    region: str
    sender: str
    field: str
    now: str
    lost: str


class RecordRow(NamedTuple):
    """A record that was not taken in, of which form, and why."""

    id: str
    at: datetime
    form: str
    sender: str
    why: str


def change_rows(reader: Person, asked: Asked, _today: date) -> Iterator[ChangeRow]:
    """Parked changes, oldest first, with the names of their fields; values stand on the page of each."""
    for part in in_parts(streamed(listed_changes(reader, read_region_and_rep(asked)).order_by(*OP_ORDER))):
        fields = fields_of([row.op_id for row in part])
        for row in part:
            names = gettext("、").join(field_words(name) for name in fields.get(row.op_id, []))
            yield ChangeRow(row.op_id, row.received_at, row.code, row.outlet, row.region, row.sender, names, problem_words(row.problem))


def value_rows(reader: Person, asked: Asked, _today: date) -> Iterator[ValueRow]:
    """Replaced values, oldest first, beside what their fields hold now."""
    for part in in_parts(streamed(listed_values(reader, read_region_and_rep(asked)).order_by(*CONFLICT_ORDER))):
        for row, outlet, now in with_present_values(part):
            lost = row.SyncConflict
            told = field_words(lost.field), value_words(lost.field, now), json_words(lost.field, lost.theirs)
            yield ValueRow(lost.id, lost.raised_at, outlet.code, outlet.name, row.region, row.sender, *told)


def record_rows(reader: Person, asked: Asked, _today: date) -> Iterator[RecordRow]:
    """Records that were not taken in, oldest first, then contents that came under the id of another record."""
    chosen = read_region_and_rep(asked)
    for row in streamed(listed_records(reader, chosen).order_by(*OP_ORDER)):
        yield RecordRow(row.op_id, row.received_at, form_words(row.form), row.sender, problem_words(row.problem))
    for row in streamed(listed_reused(reader, chosen).order_by(*CONFLICT_ORDER)):
        yield RecordRow(row.id, row.raised_at, form_words(row.form), row.sender, gettext("同一编号，内容不同"))


WAITING_LISTS = (
    ExportedList(
        "waiting-changes",
        QUEUE_WORDS["changes"],
        [WAITS, *OUTLET, *texts((lazy_gettext("哪几项"), "fields")), *SENDER, *texts((lazy_gettext("为何等决定"), "why")), *ID],
        change_rows,
        DECIDERS,
    ),
    ExportedList(
        "waiting-values",
        QUEUE_WORDS["values"],
        [
            *[WAITS, *OUTLET, *texts((lazy_gettext("哪一项"), "field"), (lazy_gettext("现在"), "now"), (lazy_gettext("被替换的值"), "lost"))],
            *[*texts((lazy_gettext("谁替换的"), "sender")), *ID],
        ],
        value_rows,
        DECIDERS,
    ),
    ExportedList(
        "waiting-records",
        QUEUE_WORDS["records"],
        [WAITS, *texts((lazy_gettext("记录"), "form")), *SENDER, *texts((lazy_gettext("原因"), "why")), *ID],
        record_rows,
        RECORD_READERS,
    ),
)
