"""What the page of a channel sends."""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from server.config import Settings
from server.console.form_checks import SHORT, FormChecks, text_of
from server.language import LANGUAGES
from server.notices.addresses import MOST_ADDRESS, address_fault
from server.notices.kinds import RULES, Kind
from server.notices.models import NoticeChannel

KINDS = tuple(kind.value for kind in Kind)
HOURS = tuple(str(hour) for hour in range(24))
MOST_SECRET = 200


@dataclass(frozen=True)
class ChannelSettings:
    """What was checked. An empty address or secret keeps the one there is."""

    name: str
    kind: Kind
    address: str
    secret: str
    region_ids: list[str]
    language: str
    hour: int
    is_active: bool


@dataclass(frozen=True)
class ChannelForm:
    """As typed. Secrets and robots' addresses, which hold a key, are never given back to a page: a refused one asks for them again.

    `is_for_all` makes a channel of some regions one of the whole company.
    """

    name: str = ""
    kind: str = Kind.WECOM
    address: str = ""
    secret: str = ""
    region_ids: list[str] = field(default_factory=list)
    language: str = "zh"
    hour: str = "8"
    is_active: bool = True
    is_for_all: bool = False

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "ChannelForm":
        return cls(
            name=text_of(form, "name", SHORT),
            kind=form.get("kind", ""),
            address=text_of(form, "address", MOST_ADDRESS + 1),
            secret=text_of(form, "secret", MOST_SECRET + 1),
            region_ids=sorted(set(form.getlist("regions")))[:200],
            language=form.get("language", ""),
            hour=form.get("hour", ""),
            is_active=form.get("active") == "yes",
            is_for_all=form.get("everywhere") == "yes",
        )

    @classmethod
    def of(cls, channel: NoticeChannel) -> "ChannelForm":
        chosen = (channel.region_ids, channel.language, str(channel.hour), channel.is_active)
        return cls(channel.name, channel.kind, "", "", *chosen)

    def checked(self, known: NoticeChannel | None, region_ids: set[str], settings: Settings) -> ChannelSettings:
        """Raises `invalid` with the fields at fault. A channel that there is keeps its kind."""
        checks = FormChecks()
        checks.needed("name", self.name)
        kind_code = known.kind if known else checks.one_of("kind", self.kind, KINDS)
        checks.one_of("language", self.language, LANGUAGES)
        checks.one_of("hour", self.hour, HOURS)
        self._check_regions(checks, known, region_ids)
        if kind_code in KINDS:
            self._check_address(checks, Kind(kind_code), known, settings)
        checks.done()
        return ChannelSettings(self.name, Kind(kind_code), self.address, self.secret, self.region_ids, self.language, int(self.hour), self.is_active)

    def _check_regions(self, checks: FormChecks, known: NoticeChannel | None, region_ids: set[str]) -> None:
        """Whose regions are unticked, or gone, does not hear of the whole company by that: it has to be said."""
        if not set(self.region_ids) <= region_ids:
            checks.faults["regions"] = "choose"
        elif known and known.region_ids and bool(self.region_ids) == self.is_for_all:
            checks.faults["regions"] = "regions_or_all"

    def _check_address(self, checks: FormChecks, kind: Kind, known: NoticeChannel | None, settings: Settings) -> None:
        fault = address_fault(kind, self.address, settings.notices_to_private) if self.address or known is None else ""
        if fault:
            checks.faults["address"] = fault
        elif kind == Kind.MAIL and not (settings.smtp_url and settings.mail_from):
            checks.faults["address"] = "no_smtp"
        least = RULES[kind].least_secret
        is_kept = known is not None and not self.secret
        if least and not is_kept and not least <= len(self.secret) <= MOST_SECRET:
            checks.faults["secret"] = f"secret_of_{kind}"
