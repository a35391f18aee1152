"""What the page of the map's tiles sends."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from server.console.form_checks import FormChecks, text_of
from server.maps.models import Frame, TileSource
from server.maps.urls import MOST_URL, url_fault

FRAMES = tuple(frame.value for frame in Frame)
MOST_ATTRIBUTION = 200
LOWEST_ZOOM, HIGHEST_ZOOM = 3, 22


@dataclass(frozen=True)
class Tiles:
    """What was checked."""

    url: str
    frame: Frame
    attribution: str
    highest_zoom: int


@dataclass(frozen=True)
class TilesForm:
    """As typed."""

    url: str = ""
    frame: str = ""
    attribution: str = ""
    highest_zoom: str = "18"

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "TilesForm":
        # one letter more than can be: what is too long is told, not cut
        texts = text_of(form, "url", MOST_URL + 1), form.get("frame", ""), text_of(form, "attribution", MOST_ATTRIBUTION + 1)
        return cls(*texts, text_of(form, "highest_zoom", 10))

    @classmethod
    def of(cls, source: TileSource | None) -> "TilesForm":
        return cls(source.url, source.frame, source.attribution, str(source.highest_zoom)) if source else cls()

    def checked(self) -> Tiles:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        fault = url_fault(self.url) if checks.needed("url", self.url) else ""
        if fault:
            checks.faults["url"] = fault
        checks.one_of("frame", self.frame, FRAMES)
        if len(checks.needed("attribution", self.attribution)) > MOST_ATTRIBUTION:
            checks.faults["attribution"] = "long_attribution"
        zoom = checks.count("highest_zoom", self.highest_zoom, HIGHEST_ZOOM)
        if zoom < LOWEST_ZOOM:
            checks.faults["highest_zoom"] = "not_a_zoom"
        checks.done()
        return Tiles(self.url, Frame(self.frame), self.attribution, zoom)
