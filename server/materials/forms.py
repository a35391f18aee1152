"""What the forms on materials send."""

from dataclasses import dataclass, field
from datetime import date, datetime

from werkzeug.datastructures import FileStorage, MultiDict

from server.console.form_answers import record_id_of
from server.console.form_checks import SHORT, FormChecks, text_of
from server.materials.actions import Delivery, Wanted


@dataclass(frozen=True)
class RequestForm:
    id: str
    contents: str = ""
    requested_on: str = ""
    anyway: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "RequestForm":
        return cls(record_id_of(form.get("id", "")), text_of(form, "contents"), form.get("requested_on", ""), form.get("anyway", ""))

    def wanted(self, outlet_id: str, today: date) -> Wanted:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        contents = checks.needed("contents", self.contents)
        requested_on = checks.recent_day("requested_on", self.requested_on, today, self.anyway)
        checks.done()
        return Wanted(self.id, outlet_id, contents, requested_on)


@dataclass(frozen=True)
class DeliveryForm:
    delivered_on: str = ""
    signer_name: str = ""
    note: str = ""
    photo: FileStorage | None = field(default=None, compare=False)
    signature: FileStorage | None = field(default=None, compare=False)

    @classmethod
    def read(cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> "DeliveryForm":
        texts = form.get("delivered_on", ""), text_of(form, "signer_name", SHORT), text_of(form, "note")
        return cls(*texts, files.get("photo"), files.get("signature"))

    def delivery(self, requested_on: date, now: datetime, today: date) -> Delivery:
        """Keeps the pictures when all is well; raises `invalid` with the fields at fault."""
        checks = FormChecks()
        delivered_on = checks.day("delivered_on", self.delivered_on, requested_on, today)
        signer_name = checks.needed("signer_name", self.signer_name)
        photo, signature = (checks.picture(name, getattr(self, name), now) for name in ("photo", "signature"))
        checks.done()
        return Delivery(delivered_on, photo, signature, signer_name, self.note)
