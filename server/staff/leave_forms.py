"""What the form of a leave sends."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from server.console.form_checks import FormChecks, text_of
from server.leaves.actions import WantedLeave
from server.leaves.models import MOST_NOTE


@dataclass(frozen=True)
class LeaveForm:
    """As typed."""

    starts_on: str
    ends_on: str
    substitute_id: str
    note: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "LeaveForm":
        starts_on, ends_on = (text_of(form, name, 10) for name in ("starts_on", "ends_on"))
        return cls(starts_on, ends_on, text_of(form, "substitute_id", 36), text_of(form, "note", MOST_NOTE))

    @classmethod
    def empty(cls, today: date) -> "LeaveForm":
        return cls(today.isoformat(), today.isoformat(), "", "")

    def wanted(self, person_id: str) -> WantedLeave:
        """Raises `invalid` for days that are none."""
        checks = FormChecks()
        starts_on, ends_on = (checks.day(name, getattr(self, name), None, None) for name in ("starts_on", "ends_on"))
        checks.done()
        return WantedLeave(person_id, starts_on, ends_on, self.substitute_id or None, self.note)
