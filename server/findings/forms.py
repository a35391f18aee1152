"""What the forms of the manager's decision send."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from server.console.form_checks import text_of


@dataclass(frozen=True)
class DecisionForm:
    decision: str
    reason: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "DecisionForm":
        return cls(form.get("decision", ""), text_of(form, "reason"))
