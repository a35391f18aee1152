"""What the decision form sends."""

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
