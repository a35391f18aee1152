"""What was answered at visits, one row an answer, so that a checklist can be counted and compared."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from flask_babel import lazy_gettext
from sqlalchemy import select

from server.checklists.models import Checklist, ChecklistVersion
from server.checklists.queries import questions_by_key
from server.db import db
from server.language import chosen_language
from server.outlets.models import Outlet
from server.people.access import AT_OUTLETS
from server.people.models import Person, Region
from server.reports.columns import ID, OUTLET, day, flag, number, texts
from server.reports.listing import MOST_ROWS, Asked, ExportedList, streamed
from server.visits.filters import read_list_filter
from server.visits.models import Visit
from server.visits.queries_list import listed_visits
from server.visits.words import answer_words
from sync.checklist import Question, is_bad
from sync.problems import Problem


class AnswerRow(NamedTuple):
    """An answer of a visit; `checklist` and `number` are empty where the form's own questions were asked."""

    id: str
    visited_on: date
    code: str
    outlet: str
    region: str
    outlet_class: str
    login: str
    rep: str
    checklist: str
    number: int | None
    question: str
    answer: str
    note: str
    is_problem: bool


def answer_rows(reader: Person, asked: Asked, today: date) -> Iterator[AnswerRow]:
    """Of the newest visit first, in the order asked; raises `too_many_rows`."""
    query = listed_visits(reader, read_list_filter(asked), asked.get("outlet", ""), today).join(Region, Region.id == Outlet.region_id)
    fields = (Visit.id, Visit.visited_on, Outlet.code, Outlet.name.label("outlet"), Region.name.label("region"), Outlet.outlet_class)
    query = query.with_only_columns(*fields, Person.login, Person.name.label("rep"), Visit.form, Visit.checklist, Visit.checklist_version_id)
    made = 0
    questions_of, names = cache(questions_by_key), _names()
    for visit in streamed(query.order_by(Visit.visited_on.desc(), Visit.id.desc())):
        questions = questions_of(visit.form, visit.checklist_version_id)
        for given in visit.checklist:
            made += 1
            if made > MOST_ROWS:
                raise Problem("too_many_rows", str(MOST_ROWS))
            name, number = names.get(visit.checklist_version_id, ("", None))
            question, answer, is_problem = _said(questions.get(given["key"]), given)
            yield AnswerRow._make((*visit[:8], name, number, question, answer, given.get("note", ""), is_problem))


def _names() -> dict[str | None, tuple[str, int | None]]:
    """By version the name of its checklist in the reader's language, and its number."""
    name = Checklist.en if chosen_language() == "en" else Checklist.zh
    query = select(ChecklistVersion.id, name, ChecklistVersion.number).join(Checklist, Checklist.id == ChecklistVersion.checklist_id)
    return {version_id: (words, number) for version_id, words, number in db.session.execute(query)}


def _said(question: Question | None, given: dict[str, Any]) -> tuple[str, str, bool]:
    """(question, answer, is problem); a question that nobody knows is told by its key."""
    if question is None:
        return given["key"], given["answer"], False
    language = chosen_language()
    return str(getattr(question, language)), answer_words(question, given["answer"], language), is_bad(question, given["answer"])


VISIT_ANSWERS = ExportedList(
    "visit-answers",
    lazy_gettext("巡检回答"),
    [
        *[day(lazy_gettext("日期"), "visited_on"), *OUTLET],
        *texts((lazy_gettext("类型"), "outlet_class"), (lazy_gettext("工号"), "login"), (lazy_gettext("谁"), "rep")),
        *[*texts((lazy_gettext("检查清单"), "checklist")), number(lazy_gettext("版本"), "number")],
        *texts((lazy_gettext("问了什么"), "question"), (lazy_gettext("回答"), "answer"), (lazy_gettext("备注"), "note")),
        *[flag(lazy_gettext("发现问题"), "is_problem"), *ID],
    ],
    answer_rows,
    roles=AT_OUTLETS,
)
