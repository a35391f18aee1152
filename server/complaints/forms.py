"""What the forms on complaints send."""

from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import FileStorage, MultiDict

from server.clock import now
from server.complaints.actions import Feedback, Intake, Resolution
from server.complaints.models import Triage
from server.complaints.words import FEEDBACKS, KINDS, VERDICTS
from server.console.form_answers import record_id_of
from server.console.form_checks import SHORT, FormChecks, text_of

PHONE = 40


@dataclass(frozen=True)
class IntakeForm:
    """The intake as typed; ticks are booleans."""

    id: str
    kind: str = ""
    is_about_rep: bool = False
    needs_call: bool = False
    received_on: str = ""
    complainant: str = ""
    phone: str = ""
    account: str = ""
    demand: str = ""
    anyway: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "IntakeForm":
        return cls(
            record_id_of(form.get("id", "")),
            form.get("kind", ""),
            form.get("is_about_rep") == "yes",
            form.get("needs_call") == "yes",
            form.get("received_on", ""),
            text_of(form, "complainant", SHORT),
            text_of(form, "phone", PHONE),
            text_of(form, "account"),
            text_of(form, "demand"),
            form.get("anyway", ""),
        )

    def intake(self, outlet_id: str, today: date) -> Intake:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        kind = checks.one_of("kind", self.kind, KINDS)
        received_on = checks.recent_day("received_on", self.received_on, today, self.anyway)
        complainant = checks.needed("complainant", self.complainant)
        account = checks.needed("account", self.account)
        checks.done()
        return Intake(self.id, outlet_id, kind, self.is_about_rep, self.needs_call, received_on, complainant, self.phone, account, self.demand)


@dataclass(frozen=True)
class AssignForm:
    triage: Triage
    person_id: str = ""
    note: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str], stands: Triage) -> "AssignForm":
        """A form without a kind, from a page that was open before there was one in it, leaves all as it stands."""
        triage = Triage(form["kind"], form.get("is_about_rep") == "yes", form.get("needs_call") == "yes") if "kind" in form else stands
        return cls(triage, form.get("person_id", ""), text_of(form, "note"))

    def check(self) -> None:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        checks.one_of("kind", self.triage.kind, KINDS)
        checks.done()


@dataclass(frozen=True)
class InvestigationForm:
    investigation: str = ""
    verdict: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "InvestigationForm":
        return cls(text_of(form, "investigation"), form.get("verdict", ""))

    def check(self) -> None:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        checks.needed("investigation", self.investigation)
        checks.one_of("verdict", self.verdict, VERDICTS)
        checks.done()


@dataclass(frozen=True)
class ResolutionForm:
    """`signature` is a picture of the customer's, if there is one."""

    handling: str = ""
    feedback_result: str = ""
    feedback_speed: str = ""
    feedback_text: str = ""
    signature: FileStorage | None = field(default=None, compare=False)

    @classmethod
    def read(cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> "ResolutionForm":
        results = form.get("feedback_result", ""), form.get("feedback_speed", "")
        return cls(text_of(form, "handling"), *results, text_of(form, "feedback_text"), files.get("signature"))

    def resolution(self) -> Resolution:
        """Keeps the signature; raises `invalid` with the fields at fault."""
        checks = FormChecks()
        handling = checks.needed("handling", self.handling)
        signature = self._kept_signature(checks)
        return Resolution(handling, self.feedback_result, self.feedback_speed, self.feedback_text, signature)

    def feedback(self) -> Feedback:
        """As `resolution`, of what the customer said alone."""
        checks = FormChecks()
        if not (self.feedback_result or self.feedback_speed or self.feedback_text):
            checks.faults["feedback_result"] = "required"
        signature = self._kept_signature(checks)
        return Feedback(self.feedback_result, self.feedback_speed, self.feedback_text, signature)

    def _kept_signature(self, checks: FormChecks) -> str:
        for name in ("feedback_result", "feedback_speed"):
            checks.one_of(name, getattr(self, name), ("", *FEEDBACKS))
        has_signature = self.signature is not None and bool(self.signature.filename)
        signature = checks.picture("signature", self.signature, now()) if has_signature else ""
        checks.done()
        return signature
