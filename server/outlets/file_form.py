"""The form in which the office corrects an outlet's file, and what it changed from."""

from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from server.console.form_checks import text_of
from server.outlets.fields import FIELDS, clean_value
from server.outlets.models import Outlet
from server.outlets.named_people import OF_PEOPLE, keeps_people_out
from server.outlets.typed_fields import input_kind, typed_text, typed_value
from sync.outlet_form import FieldEdit
from sync.problems import Problem

# What somebody on the phone or a letter can say; photos, position and how the shop looks come from visits, the account from imports.
OFFICE_FIELDS = (
    *("name", "address", "position_text", "person_in_charge", "phone", "contact", "agent_name", "households_nearby"),
    *("floor_area_m2", "chain_outlets", "is_franchised_or_own_hall", "monthly_payments", "monthly_fee_yuan"),
)
FAULTS = {"count": "not_a_count", "decimal": "not_two_places", "yes_no": "choose"}


def office_fields(outlet: Outlet) -> list[str]:
    """The fields that the form has; those about people are left out where people's data was erased."""
    return [name for name in OFFICE_FIELDS if name not in OF_PEOPLE or not keeps_people_out(outlet)]


@dataclass(frozen=True)
class FileForm:
    """By field what was typed, and what the file held when the form was opened; both as texts."""

    texts: dict[str, str]
    bases: dict[str, str]

    @classmethod
    def of(cls, outlet: Outlet) -> "FileForm":
        held = {name: typed_text(name, FIELDS[name].read(outlet)) for name in office_fields(outlet)}
        return cls(held, held)

    @classmethod
    def read(cls, form: MultiDict[str, str], names: list[str]) -> "FileForm":
        """A field that did not come was not changed."""
        bases = {name: text_of(form, f"base.{name}") for name in names}
        return cls({name: text_of(form, name) if name in form else bases[name] for name in names}, bases)

    def edits(self) -> dict[str, FieldEdit]:
        """What was changed, by field; raises `invalid` with the fields at fault."""
        faults, found = {}, {}
        for name in self._touched():
            try:
                found[name] = FieldEdit(base=_base(name, self.bases[name]), mine=_mine(name, self.texts[name]))
            except (Problem, ValueError):
                faults[name] = FAULTS.get(input_kind(name)) or ("too_long" if self.texts[name] else "required")
        if faults:
            raise Problem("invalid", fields=faults)
        return found

    def onto(self, outlet: Outlet) -> "FileForm":
        """What was typed, over the file as it is by now: whatever was not touched follows it."""
        held = FileForm.of(outlet).bases
        return replace(self, texts=held | {name: self.texts[name] for name in self._touched() if name in held}, bases=held)

    def _touched(self) -> list[str]:
        return [name for name, text in self.texts.items() if text != self.bases[name]]


def _mine(name: str, text: str) -> Any:
    return clean_value(name, typed_value(name, text))


def _base(name: str, text: str) -> Any:
    """What no field can hold was held by none, and so is no base."""
    try:
        return _mine(name, text)
    except (Problem, ValueError):
        return text
