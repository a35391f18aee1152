"""Rows of the audit as the page and the export show them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from flask_babel import gettext

from server.deeds.details import Line, detail_lines, named_subjects
from server.deeds.subjects import Names, ShownSubject, known_records, shown_subject
from server.deeds.words import REVEALED, deed_words
from server.people.models import Person

NAMED_AT_ONCE = 500


@dataclass(frozen=True)
class ShownDeed:
    """Who did what to which record, when; `lines` are the details in words, `row` is as the database has it."""

    row: Any
    at: datetime
    login: str
    name: str
    words: str
    subject: ShownSubject
    lines: list[Line]
    is_revealed: bool


def shown_deeds(reader: Person, rows: Sequence[Any]) -> list[ShownDeed]:
    """The rows in words; one query names everything they speak of."""
    subjects = set().union(*(named_subjects(row.action, (row.subject_type, row.subject_id), row.detail or {}) for row in rows))
    names = known_records(subjects)
    return [_shown(reader, row, names) for row in rows]


def _shown(reader: Person, row: Any, names: Names) -> ShownDeed:
    who = row.name or (gettext("系统") if row.actor_id is None else gettext("编号 %(number)s", number=row.actor_id[-8:]))
    subject = shown_subject(reader, (row.subject_type, row.subject_id), names)
    lines = detail_lines(row.action, row.detail or {}, names)
    return ShownDeed(row, row.at, row.login or "", who, deed_words(row.action), subject, lines, row.action in REVEALED)


def in_parts(reader: Person, rows: Iterable[Any]) -> Iterator[ShownDeed]:
    """As `shown_deeds`, of any number of rows, some at a time."""
    waiting = iter(rows)
    while part := list(islice(waiting, NAMED_AT_ONCE)):
        yield from shown_deeds(reader, part)
