"""What the forms on trainings send."""

from dataclasses import dataclass, field
from datetime import date, datetime

from werkzeug.datastructures import FileStorage, MultiDict

from server.console.form_answers import record_id_of
from server.console.form_checks import SHORT, FormChecks, text_of
from server.training.actions import Arrangement, Held
from sync.problems import Problem

MOST_PEOPLE = 500
PLACE = 200


@dataclass(frozen=True)
class TrainingForm:
    """As typed; `attendees` are names, one a line."""

    id: str
    trainer_id: str = ""
    trained_on: str = ""
    is_new_customer: bool = False
    place: str = ""
    content: str = ""
    attendees: str = ""
    attendee_count: str = ""
    signer_name: str = ""
    anyway: str = ""
    photo: FileStorage | None = field(default=None, compare=False)
    signature: FileStorage | None = field(default=None, compare=False)

    @classmethod
    def read(cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> "TrainingForm":
        return cls(
            record_id_of(form.get("id", "")),
            form.get("trainer_id", ""),
            form.get("trained_on", ""),
            form.get("is_new_customer") == "yes",
            text_of(form, "place", PLACE),
            text_of(form, "content"),
            text_of(form, "attendees"),
            form.get("attendee_count", "").strip(),
            text_of(form, "signer_name", SHORT),
            form.get("anyway", ""),
            files.get("photo"),
            files.get("signature"),
        )

    def held(self, outlet_id: str, trainer_ids: tuple[str, ...], now: datetime, today: date) -> Held:
        """Keeps the pictures when all is well; raises `invalid` with the fields at fault."""
        checks = FormChecks()
        if self.trainer_id not in trainer_ids:
            checks.faults["trainer_id"] = "not_a_person"
        trained_on = checks.recent_day("trained_on", self.trained_on, today, self.anyway)
        place, content = checks.needed("place", self.place), checks.needed("content", self.content)
        count = checks.count("attendee_count", self.attendee_count, MOST_PEOPLE)
        signer_name = checks.needed("signer_name", self.signer_name)
        photo, signature = (checks.picture(name, getattr(self, name), now) for name in ("photo", "signature"))
        checks.done()
        names = tuple(name.strip()[:SHORT] for name in self.attendees.splitlines() if name.strip())
        facts = (self.id, outlet_id, self.trainer_id, trained_on, self.is_new_customer, place, content, names)
        return Held(*facts, count, photo, signature, signer_name)


@dataclass(frozen=True)
class ArrangementForm:
    planned_on: str = ""
    place: str = ""
    content: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "ArrangementForm":
        return cls(form.get("planned_on", ""), text_of(form, "place", PLACE), text_of(form, "content"))

    def arrangement(self) -> Arrangement:
        """Raises `invalid` for what is no day."""
        try:
            day = date.fromisoformat(self.planned_on) if self.planned_on else None
        except ValueError as fault:
            raise Problem("invalid", fields={"planned_on": "not_a_date"}) from fault
        return Arrangement(day, self.place, self.content)
