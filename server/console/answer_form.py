"""An answer with its reason: what the forms of objections and of the blind sample send."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from server.console.form_checks import text_of


@dataclass(frozen=True)
class AnswerForm:
    """Which answers there are, and which need their reason, is the record's to say."""

    answer: str
    reason: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "AnswerForm":
        return cls(form.get("answer", ""), text_of(form, "reason"))


EMPTY_ANSWER = AnswerForm("", "")
