"""What the forms on churn cases send."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from server.churn.actions import Said
from server.console.form_checks import FormChecks, text_of
from server.domain.churn import Source


@dataclass(frozen=True)
class WordForm:
    """`said` is gone or here."""

    source: str = ""
    said: str = ""
    note: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "WordForm":
        return cls(form.get("source", ""), form.get("said", ""), text_of(form, "note"))

    def word(self, allowed: tuple[Source, ...], today: date) -> Said:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        source = checks.one_of("source", self.source, tuple(one.value for one in allowed))
        said = checks.one_of("said", self.said, ("gone", "here"))
        note = checks.needed("note", self.note)
        checks.done()
        return Said(Source(source), said == "gone", note, today)
