"""What the assignment form sends."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from sync.problems import Problem


@dataclass(frozen=True)
class AssignmentForm:
    """`person_id` is empty for the region's pool."""

    person_id: str
    starts_on: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "AssignmentForm":
        return cls(form.get("person_id", "").strip(), form.get("starts_on", "").strip())

    def first_day(self) -> date:
        """The day it starts; raises `invalid` for what is no date."""
        try:
            return date.fromisoformat(self.starts_on)
        except ValueError as fault:
            raise Problem("invalid", fields={"starts_on": "not_a_date"}) from fault
