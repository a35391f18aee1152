"""What the assignment form sends."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from sync.problems import Problem

POOL = "none"  # also in the filter of the list of outlets


@dataclass(frozen=True)
class AssignmentForm:
    """`person_id` is `none` for the region's pool, and empty until somebody is chosen."""

    person_id: str
    starts_on: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "AssignmentForm":
        return cls(form.get("person_id", "").strip(), form.get("starts_on", "").strip())

    def rep_id(self) -> str | None:
        """Whom the outlet is handed to, None for the region's pool; raises `invalid` when nobody was chosen."""
        if not self.person_id:
            raise Problem("invalid", fields={"person_id": "required"})
        return None if self.person_id == POOL else self.person_id

    def first_day(self) -> date:
        """The day it starts; raises `invalid` for what is no date."""
        try:
            return date.fromisoformat(self.starts_on)
        except ValueError as fault:
            raise Problem("invalid", fields={"starts_on": "not_a_date"}) from fault
