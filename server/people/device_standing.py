"""How phones stand, as they said themselves; told by whoever talks with them (the intake), by device."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Standing:
    """What a phone last said of itself. None: it never said. `skew_ms` is its clock less the server's; `is_copied`: two phones shared its number."""

    app: str = ""
    told_at: datetime | None = None
    queue_length: int | None = None
    oldest_unsent_at: datetime | None = None
    photos_unsent: int | None = None
    free_bytes: int | None = None
    is_persisted: bool | None = None
    skew_ms: int | None = None
    is_copied: bool = False


StandingReader = Callable[[list[str]], dict[str, Standing]]
standing_readers: list[StandingReader] = []


def standings(device_ids: list[str]) -> dict[str, Standing]:
    """By device id; phones that never sent anything are absent."""
    found: dict[str, Standing] = {}
    for read in standing_readers:
        found.update(read(device_ids))
    return found
