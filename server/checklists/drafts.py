"""A checklist's draft as typed: texts of a form, turned into questions when it is published.

Choices are typed one a line, `中文 / English`; a leading `!` says that the choice is a problem. A value or key once given stays
with its words, so that "last time" on the phone speaks of the same question.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec

from sync.checklist import MOST_CHOICES, MOST_LABEL, NUMBER, TYPES, Choice, Condition, Question, question_faults

PRESETS = {
    "yes_no": "是 / Yes\n! 否 / No\n不适用 / Not applicable",
    "choice": "",
}
PRESET_VALUES = {"是": "yes", "否": "no", "不适用": "na"}
MOST_CHOICES_TEXT = 1500


@dataclass(frozen=True)
class DraftQuestion:
    """One question as typed; `values` keeps the value of each choice by its Chinese words; `show_if` is `key=value,value` or empty."""

    key: str
    type: str
    zh: str = ""
    en: str = ""
    is_required: bool = True
    choices: str = ""
    values: dict[str, str] | None = None
    lowest: str = ""
    highest: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    show_if: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON values, to be kept."""
        return asdict(self)

    def typed_choices(self) -> list[Choice]:
        """The choices of the lines, each with its value; lines without words are left out."""
        known = dict(self.values or {})
        found: list[Choice] = []
        for line in self.choices.splitlines():
            is_problem, words = line.strip().startswith("!"), line.strip().lstrip("!").strip()
            zh, _, en = (part.strip() for part in words.partition(" / "))
            if zh:
                found.append(Choice(self._value(zh, known), zh, en or zh, is_problem))
        return found

    def _value(self, zh: str, known: dict[str, str]) -> str:
        taken = set(known.values())
        if zh not in known:
            wanted = PRESET_VALUES.get(zh, "")
            known[zh] = wanted if wanted and wanted not in taken else next(name for n in range(1, 99) if (name := f"c{n}") not in taken)
        return known[zh]

    def settled(self) -> "DraftQuestion":
        """With a value for every choice that was typed."""
        if self.type != "choice":
            return self
        return replace(self, values={**(self.values or {}), **{choice.zh: choice.value for choice in self.typed_choices()}})

    def condition(self) -> Condition | None:
        """What `show_if` says; None for always."""
        key, _, values = self.show_if.partition("=")
        return Condition(key, values.split(",")) if key and values else None


def draft_of(raw: list[dict[str, Any]]) -> list[DraftQuestion]:
    """The draft from JSON values, as `DraftQuestion.document` gives them."""
    return [DraftQuestion(**one) for one in raw]


def draft_from(questions: list[Question]) -> list[DraftQuestion]:
    """The draft that would be published as these questions."""
    return [
        DraftQuestion(
            question.key,
            question.type,
            question.zh,
            question.en,
            question.is_required,
            "\n".join(f"{'! ' if choice.is_problem else ''}{choice.zh} / {choice.en}" for choice in question.choices),
            {choice.zh: choice.value for choice in question.choices},
            question.lowest or "",
            question.highest or "",
            question.unit_zh,
            question.unit_en,
            f"{question.show_if.key}={','.join(question.show_if.values)}" if question.show_if else "",
        )
        for question in questions
    ]


def new_question(key: str, kind: str) -> DraftQuestion:
    """An empty question of a kind: one of `TYPES`, or `yes_no`, which is a choice with its choices."""
    return DraftQuestion(key, "choice" if kind == "yes_no" else kind, choices=PRESETS.get(kind, "")).settled()


def moved(draft: list[DraftQuestion], order: list[int]) -> list[DraftQuestion]:
    """In this order of places; an order that is not one of all of them changes nothing."""
    return [draft[place] for place in order] if sorted(order) == list(range(len(draft))) else draft


def questions_from(draft: list[DraftQuestion]) -> tuple[list[Question], dict[str, str]]:
    """The questions, and the faults by name of the form's field (`q-<place>-<field>`): with a fault nothing may be published."""
    faults: dict[str, str] = {}
    questions: list[Question] = []
    for place, typed in enumerate(draft):
        faults |= {f"q-{place}-{name}": code for name, code in _field_faults(typed).items()}
        questions.append(_question(typed))
    if not faults:
        places = {question.key: place for place, question in enumerate(questions)}
        named = {
            "few_choices": "choices",
            "bounds_crossed": "highest",
            "condition_unknown": "show_if",
            "key_taken": "zh",
            "too_many_photo_questions": "zh",
        }
        for key, code in question_faults(questions):
            faults[f"q-{places[key]}-{named[code]}" if key else "questions"] = code
    return questions, faults


def _field_faults(typed: DraftQuestion) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not typed.zh:
        faults["zh"] = "required"
    if typed.type == "choice":
        choices = typed.typed_choices()
        if not 2 <= len(choices) <= MOST_CHOICES or len({choice.zh for choice in choices}) < len(choices):
            faults["choices"] = "few_choices"
        elif any(len(words) > MOST_LABEL for choice in choices for words in (choice.zh, choice.en)):
            faults["choices"] = "long_choice"
    if typed.type == "number":
        for name in ("lowest", "highest"):
            if getattr(typed, name) and NUMBER.fullmatch(getattr(typed, name)) is None:
                faults[name] = "not_a_number"
    return faults


def _question(typed: DraftQuestion) -> Question:
    is_number = typed.type == "number"
    return Question(
        typed.key,
        typed.type,  # type: ignore[arg-type]
        typed.zh,
        typed.en or typed.zh,
        typed.is_required,
        typed.typed_choices() if typed.type == "choice" else [],
        (typed.lowest or None) if is_number else None,
        (typed.highest or None) if is_number else None,
        typed.unit_zh if is_number else "",
        (typed.unit_en or typed.unit_zh) if is_number else "",
        typed.condition(),
    )


def condition_choices(draft: list[DraftQuestion], place: int, language: str) -> list[tuple[str, str]]:
    """What the question at a place may be asked for: each answer of each earlier choice, and what is chosen now, as (value, words)."""
    found: list[tuple[str, str]] = []
    words: dict[str, str] = {}
    for typed in draft[:place]:
        for choice in typed.typed_choices() if typed.type == "choice" else []:
            value = f"{typed.key}={choice.value}"
            words[value] = f"{getattr(typed, language) or typed.zh}: {getattr(choice, language)}"
            found.append((value, words[value]))
    now = draft[place].show_if
    if now and now not in words:
        condition = draft[place].condition()
        parts = [words.get(f"{condition.key}={value}", value) for value in condition.values] if condition else [now]
        found.append((now, " / ".join(parts)))
    return found


def is_one_line(words: str) -> bool:
    """Whether the words of a choice can be typed as a line of the draft and come out the same."""
    return " / " not in words and not words.startswith("!") and len(words.splitlines()) == 1


def is_kind(kind: str) -> bool:
    """Whether a question of this kind can be added."""
    return kind in TYPES or kind in PRESETS


def documents(questions: list[Question]) -> list[dict[str, Any]]:
    """As they are kept and sent to phones."""
    found: list[dict[str, Any]] = msgspec.to_builtins(questions)
    return found
