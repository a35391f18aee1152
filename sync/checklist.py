"""Checklists that the company designs: their questions, which of them are asked, and what counts as an answer.

The same rules run on the phone (`pwa/rules/checklist.js`); both are held to `vectors/checklist.json`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from sync.schemas import Id

MOST_QUESTIONS = 60
MOST_CHOICES = 12
MOST_TEXT = 400
MOST_LABEL = 80
MOST_UNIT = 12
MOST_PHOTO_QUESTIONS = 8  # with the required photos and those taken besides, a visit keeps below its most photos
ABOUT_COMPLAINT = "owner_complaint"
KEY = r"^[a-z][a-z0-9_]{0,39}$"
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,3})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TYPES = ("choice", "number", "text", "photo", "date")

Label = Annotated[str, Meta(min_length=1, max_length=MOST_LABEL)]
Unit = Annotated[str, Meta(max_length=MOST_UNIT)]
Bound = Annotated[str, Meta(pattern=f"^{NUMBER.pattern}$")]
Key = Annotated[str, Meta(pattern=KEY)]


class Choice(Struct, frozen=True):
    value: Key
    zh: Label
    en: Label
    is_problem: bool = False


class Condition(Struct, frozen=True):
    """Asked only when the earlier question `key` was answered with one of `values`."""

    key: Key
    values: Annotated[list[Key], Meta(min_length=1, max_length=MOST_CHOICES)]


class Question(Struct, frozen=True):
    """`lowest` and `highest` bound a number and are decimal texts; a photo's answer is the hash of one of the visit's photos."""

    key: Key
    type: Literal["choice", "number", "text", "photo", "date"]
    zh: Label
    en: Label
    is_required: bool = True
    choices: Annotated[list[Choice], Meta(max_length=MOST_CHOICES)] = []
    lowest: Bound | None = None
    highest: Bound | None = None
    unit_zh: Unit = ""
    unit_en: Unit = ""
    show_if: Condition | None = None


class ChecklistVersion(Struct, frozen=True):
    """As phones receive it; never changes but for what it is used for (`classes`, `region_ids`: empty is all) and `is_current`."""

    id: Id
    checklist_id: Id
    number: int
    zh: Label
    en: Label
    classes: list[Literal["A", "B", "C"]]
    region_ids: list[Id]
    is_current: bool
    published_at: str
    questions: list[Question]


def is_key(text: str) -> bool:
    """Whether it can be the key of a question or the value of a choice."""
    return re.fullmatch(KEY[1:-1], text) is not None


def question_faults(questions: list[Question]) -> list[tuple[str, str]]:
    """What is wrong with a list of questions, as (key, code): none may be published with a fault."""
    faults: list[tuple[str, str]] = []
    before: dict[str, Question] = {}
    if not questions:
        faults.append(("", "no_questions"))
    photos = [question.key for question in questions if question.type == "photo"]
    faults += [(key, "too_many_photo_questions") for key in photos[MOST_PHOTO_QUESTIONS:]]
    for question in questions:
        code = _fault(question, before)
        if code:
            faults.append((question.key, code))
        before[question.key] = question
    return faults


def _fault(question: Question, before: Mapping[str, Question]) -> str:
    if question.key in before or question.key == ABOUT_COMPLAINT:
        return "key_taken"
    values = [choice.value for choice in question.choices]
    if question.type == "choice" and (len(values) < 2 or len(set(values)) < len(values)):
        return "few_choices"
    if question.lowest is not None and question.highest is not None and Decimal(question.lowest) > Decimal(question.highest):
        return "bounds_crossed"
    if question.show_if is not None:
        asked = before.get(question.show_if.key)
        if asked is None or not set(question.show_if.values) <= {choice.value for choice in asked.choices}:
            return "condition_unknown"
    return ""


def asked(questions: list[Question], answers: Mapping[str, str]) -> list[Question]:
    """The questions that these answers lead to, in order; the answer to one that is not asked leads nowhere."""
    found: list[Question] = []
    given: dict[str, str] = {}
    for question in questions:
        condition = question.show_if
        if condition is not None and given.get(condition.key) not in condition.values:
            continue
        found.append(question)
        given[question.key] = answers.get(question.key, "")
    return found


def is_answer(question: Question, answer: str, photos: Iterable[str]) -> bool:
    """Whether the text answers the question; `photos` are the hashes of the visit's photos."""
    if question.type == "choice":
        return answer in {choice.value for choice in question.choices}
    if question.type == "number":
        return _is_number(question, answer)
    if question.type == "date":
        return DAY.fullmatch(answer) is not None and _is_day(answer)
    if question.type == "photo":
        return answer in set(photos)
    return bool(answer.strip()) and len(answer) <= MOST_TEXT


def is_complete(questions: list[Question], answers: Mapping[str, str], photos: Iterable[str]) -> bool:
    """Whether every question that is asked and required has an answer, and no answer is a wrong one."""
    here = set(photos)
    for question in asked(questions, answers):
        answer = answers.get(question.key, "")
        if (question.is_required or answer) and not is_answer(question, answer, here):
            return False
    return True


def is_bad(question: Question, answer: str) -> bool:
    """Whether the answer is a problem that was found."""
    return any(choice.value == answer and choice.is_problem for choice in question.choices)


def questions_of(raw: object) -> list[Question]:
    """Questions from JSON values; raises `msgspec.ValidationError`."""
    return msgspec.convert(raw, list[Question])


def _is_number(question: Question, answer: str) -> bool:
    if NUMBER.fullmatch(answer) is None:
        return False
    try:
        value = Decimal(answer)
    except InvalidOperation:
        return False
    is_low = question.lowest is not None and value < Decimal(question.lowest)
    is_high = question.highest is not None and value > Decimal(question.highest)
    return not is_low and not is_high


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
