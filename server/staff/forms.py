"""What the forms for people and regions send."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from server.console.form_checks import FormChecks, text_of
from server.people.files import MOST_LOGIN, MOST_NAME, PersonFile
from server.people.models import Region, Role
from server.people.regions import MOST_NAME as MOST_REGION
from server.people.regions import RegionFile
from sync.problems import Problem

EARLIEST = date(1950, 1, 1)
LATEST = date(2100, 12, 31)


@dataclass(frozen=True)
class PersonForm:
    """As typed; `login` is only asked of somebody new."""

    login: str
    name: str
    roles: tuple[str, ...]
    region_ids: tuple[str, ...]
    language: str
    starts_on: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "PersonForm":
        # one letter more than can be: what is too long is told, not cut
        texts = (text_of(form, "login", MOST_LOGIN + 1), text_of(form, "name", MOST_NAME + 1))
        many = (tuple(form.getlist("roles")), tuple(sorted(set(form.getlist("regions")))))
        return cls(*texts, *many, form.get("language", ""), text_of(form, "starts_on", 10))

    @classmethod
    def of(cls, login: str, file: PersonFile) -> "PersonForm":
        started = file.starts_on.isoformat() if file.starts_on else ""
        return cls(login, file.name, tuple(str(role) for role in file.roles), file.region_ids, file.language, started)

    def file(self) -> PersonFile:
        """Raises `invalid` for a day or a role that is none; what the file may say is checked where it is kept."""
        checks = FormChecks()
        starts_on = checks.day("starts_on", self.starts_on, EARLIEST, LATEST) if self.starts_on else None
        if not set(self.roles) <= {str(role) for role in Role}:
            checks.faults["roles"] = "choose"
        checks.done()
        return PersonFile(self.name, tuple(role for role in Role if role in self.roles), self.region_ids, self.language, starts_on)


@dataclass(frozen=True)
class LeavingForm:
    """`successor_id` is empty for the region's pool."""

    last_day: str
    successor_id: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "LeavingForm":
        return cls(text_of(form, "last_day", 10), text_of(form, "successor_id", 36))


def day_of(name: str, text: str) -> date:
    """The day in a field; raises `invalid` for what is no date."""
    checks = FormChecks()
    day = checks.day(name, text, EARLIEST, LATEST)
    checks.done()
    return day


@dataclass(frozen=True)
class RegionForm:
    name: str
    lat: str
    lon: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "RegionForm":
        return cls(text_of(form, "name", MOST_REGION + 1), text_of(form, "lat", 20), text_of(form, "lon", 20))

    @classmethod
    def of(cls, region: Region) -> "RegionForm":
        lat, lon = ("" if one is None else str(one) for one in (region.centre_lat, region.centre_lon))
        return cls(region.name, lat, lon)

    def file(self) -> RegionFile:
        """Both degrees or neither; raises `invalid` with the field at fault."""
        if not self.lat and not self.lon:
            return RegionFile(self.name, None)
        faults = {name: "not_degrees" for name, text, most in (("lat", self.lat, 90), ("lon", self.lon, 180)) if not _is_degrees(text, most)}
        if faults:
            raise Problem("invalid", fields=faults)
        return RegionFile(self.name, (float(self.lat), float(self.lon)))


def _is_degrees(text: str, most: float) -> bool:
    try:
        return text.isascii() and -most <= float(text) <= most
    except ValueError:
        return False
