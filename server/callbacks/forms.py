"""What the forms on call-backs send."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from server.callbacks.actions import Answers, Wish
from server.callbacks.words import KINDS
from server.console.form_checks import FormChecks, text_of
from server.domain.callbacks import ANSWERS, proposed_outcome
from server.domain.months import Month

MOST_SAID = 200


@dataclass(frozen=True)
class WishForm:
    kind: str = ""
    asked_on: str = ""
    about_month: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "WishForm":
        return cls(form.get("kind", ""), form.get("asked_on", ""), form.get("about_month", ""))

    def wish(self, outlet_id: str, today: date) -> Wish:
        """Raises `invalid` with the fields at fault; only what the kind needs is read."""
        checks = FormChecks()
        kind = checks.one_of("kind", self.kind, KINDS)
        asked_on = checks.day("asked_on", self.asked_on, None, today) if kind == "training" else None
        about_month = self._month(checks, today) if kind == "inspection" else ""
        checks.done()
        return Wish(kind, outlet_id, asked_on, about_month)

    def _month(self, checks: FormChecks, today: date) -> str:
        try:
            month = Month.parse(self.about_month)
        except ValueError:
            checks.faults["about_month"] = "not_a_month"
            return ""
        if month > Month.of_date(today):
            checks.faults["about_month"] = "not_begun"
        return str(month)


@dataclass(frozen=True)
class OutcomeForm:
    """`answers` are (yes, no or empty, note) by question; what was sent as anything else counts as not asked."""

    outcome: str = ""
    note: str = ""
    answers: tuple[tuple[str, str], ...] = (("", ""),) * 3

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "OutcomeForm":
        answers = [(form.get(f"answer.{number}", ""), text_of(form, f"said.{number}", MOST_SAID)) for number in range(3)]
        known = tuple((answer if answer in ANSWERS else "", said) for answer, said in answers)
        return cls(form.get("outcome", ""), text_of(form, "note"), known)

    def proposed(self, kind: str) -> str:
        return proposed_outcome(kind, [answer for answer, _ in self.answers])

    def kept(self) -> Answers | None:
        """As the call-back keeps them; None when nothing was asked."""
        if not any(answer or said for answer, said in self.answers):
            return None
        return [{"answer": answer, "note": said} for answer, said in self.answers]
