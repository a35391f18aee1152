"""What the review form sends."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

MOST_LETTERS = 2000


@dataclass(frozen=True)
class ReviewForm:
    decision: str
    reason: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "ReviewForm":
        return cls(form.get("decision", ""), form.get("reason", "").strip()[:MOST_LETTERS])
