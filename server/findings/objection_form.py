"""What the form of an objection sends: words, and up to three photos."""

from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import FileStorage, MultiDict

from server.console.form_answers import record_id_of
from server.console.form_checks import FormChecks, text_of
from server.findings.objections import Objection
from sync.objection_form import MOST_LETTERS, MOST_PHOTOS


@dataclass(frozen=True)
class ObjectionForm:
    """As typed; `id` makes sending it twice object once."""

    id: str
    text: str = ""
    photos: tuple[FileStorage, ...] = ()

    @classmethod
    def read(cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> "ObjectionForm":
        chosen = tuple(file for file in files.getlist("photos") if file.filename)
        return cls(record_id_of(form.get("id", "")), text_of(form, "text", MOST_LETTERS), chosen)

    def objection(self, now: datetime) -> Objection:
        """The objection, its photos kept. Raises `invalid` with the fields at fault; the caller commits."""
        checks = FormChecks()
        checks.needed("text", self.text)
        if len(self.photos) > MOST_PHOTOS:
            checks.faults["photos"] = "too_many_pictures"
        kept = [checks.picture("photos", file, now) for file in self.photos]
        checks.done()
        return Objection(self.id, self.text, tuple(dict.fromkeys(kept)), now)
