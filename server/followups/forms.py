"""What the forms on follow-ups send."""

from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import MultiDict

from server.console.form_answers import record_id_of
from server.console.form_checks import FormChecks, text_of
from server.followups.actions import OWNERS, Look, Registered
from sync.follow_up_form import MOST_DAYS

OUTCOMES = ("solved", "open")


@dataclass(frozen=True)
class RegisterForm:
    id: str
    problem: str = ""
    owner: str = ""
    working_days: str = "5"

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "RegisterForm":
        return cls(record_id_of(form.get("id", "")), text_of(form, "problem"), form.get("owner", ""), form.get("working_days", ""))

    def registered(self, outlet_id: str, now: datetime) -> Registered:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        problem = checks.needed("problem", self.problem)
        owner = checks.one_of("owner", self.owner, OWNERS)
        days = checks.count("working_days", self.working_days, MOST_DAYS)
        if not days:
            checks.faults["working_days"] = "not_days"
        checks.done()
        return Registered(self.id, outlet_id, problem, owner, days, now)


@dataclass(frozen=True)
class LookForm:
    id: str
    outcome: str = ""
    note: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "LookForm":
        return cls(record_id_of(form.get("id", "")), form.get("outcome", ""), text_of(form, "note"))

    def look(self, now: datetime) -> Look:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        outcome = checks.one_of("outcome", self.outcome, OUTCOMES)
        note = checks.needed("note", self.note)
        checks.done()
        return Look(self.id, outcome == "solved", note, now)


@dataclass(frozen=True)
class PassForm:
    owner: str = ""
    pass_note: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "PassForm":
        return cls(form.get("owner", ""), text_of(form, "pass_note"))

    def checked(self) -> "PassForm":
        """Itself; raises `invalid` with the fields at fault."""
        checks = FormChecks()
        checks.one_of("owner", self.owner, OWNERS)
        checks.done()
        return self
