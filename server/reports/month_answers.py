"""What visits of a month found at outlets: answers to checklists that are problems, each with how often and where."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from sqlalchemy import Date, String, Text, cast, null, select, union_all

from server.checklists.models import ChecklistVersion
from server.db import db
from server.language import chosen_language
from server.outlets.models import Outlet
from server.people.models import Person
from server.reports.monthly import ReportFilter, of_month_visits
from server.visits.models import Visit
from server.visits.words import answer_words
from sync.checklist import Question, is_bad, questions_of
from sync.visit_form import questions_asked

MOST_NEWEST = 3
AT_ONCE = 2000
KEPT = 4096  # checklists that were answered alike are read once


@dataclass
class BadAnswer:
    """A question and an answer to it that is a problem, in the reader's language; `newest`: id, outlet, visited_on of the last visits with it."""

    question: str
    answer: str
    times: int = 0
    outlet_ids: set[str] = field(default_factory=set)
    newest: list[Any] = field(default_factory=list)

    @property
    def outlets(self) -> int:
        return len(self.outlet_ids)

    @property
    def places(self) -> str:
        """The names of the newest visits' outlets, in one text."""
        return gettext("、").join(dict.fromkeys(visit.outlet for visit in self.newest))


def bad_answers(reader: Person, chosen: ReportFilter, today: date) -> list[BadAnswer]:
    """Of the month's visits that no correction has replaced, whatever their verdict; the most frequent first."""
    designed: dict[str, list[Question]] = {}
    bad_in, found = _reading(designed), dict[tuple[str, str], BadAnswer]()
    for row in db.session.execute(_versions_and_visits(reader, chosen, today), execution_options={"yield_per": AT_ONCE}):
        if row.form is None:
            designed[row.id] = questions_of(json.loads(row.text))
            continue
        for key in bad_in(row.form, row.version_id, row.text):
            _count(found.setdefault(key, BadAnswer(*key)), row)
    return sorted(found.values(), key=lambda one: (-one.times, one.question, one.answer))


def _versions_and_visits(reader: Person, chosen: ReportFilter, today: date) -> Any:
    """In one select, as a page asks for few: the own checklists with their questions, which have no form, then visits, newest first."""
    nothing = cast(null(), String)
    versions = select(cast(null(), Date).label("visited_on"), ChecklistVersion.id.label("id"), nothing.label("outlet_id"), nothing.label("outlet"))
    versions = versions.add_columns(nothing.label("form"), nothing.label("version_id"), cast(ChecklistVersion.questions, Text).label("text"))
    columns = (Visit.visited_on, Visit.id, Visit.outlet_id, Outlet.name, Visit.form, Visit.checklist_version_id, cast(Visit.checklist, Text))
    both = union_all(versions, of_month_visits(select(*columns), reader, chosen, today)).subquery()
    return select(both).order_by(both.c.visited_on.is_not(None), both.c.visited_on.desc(), both.c.id.desc())


def _reading(designed: dict[str, list[Question]]) -> Callable[[str, str | None, str], tuple[tuple[str, str], ...]]:
    """How the bad ones of a visit's answers are read, as (question, answer)."""
    language = chosen_language()

    @lru_cache(KEPT)
    def bad_in(form: str, version_id: str | None, text: str) -> tuple[tuple[str, str], ...]:
        questions = {one.key: one for one in questions_asked(form, designed.get(version_id or ""))}
        given = ((questions.get(one["key"]), one["answer"]) for one in json.loads(text))
        return tuple(_words(question, answer, language) for question, answer in given if question and is_bad(question, answer))

    return bad_in


def _words(question: Question, answer: str, language: str) -> tuple[str, str]:
    return str(getattr(question, language)), answer_words(question, answer, language)


def _count(one: BadAnswer, visit: Any) -> None:
    one.times += 1
    one.outlet_ids.add(visit.outlet_id)
    if len(one.newest) < MOST_NEWEST:
        one.newest.append(visit)
