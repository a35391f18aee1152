"""What the forms of the manager's decision and answer send."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

MOST_LETTERS = 2000


@dataclass(frozen=True)
class DecisionForm:
    decision: str
    reason: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "DecisionForm":
        return cls(form.get("decision", ""), form.get("reason", "").strip()[:MOST_LETTERS])


@dataclass(frozen=True)
class AnswerForm:
    answer: str
    reason: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "AnswerForm":
        return cls(form.get("answer", ""), form.get("reason", "").strip()[:MOST_LETTERS])
