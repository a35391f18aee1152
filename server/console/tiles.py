"""What waits for somebody: counts that features contribute to the start page and the navigation, read in one query."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, select

from server.db import db
from server.people.models import Person


@dataclass(frozen=True)
class Tile:
    """A count with a link to the rows behind it. `tone` is hot, warm or empty; `nav` the endpoint whose entry shows it too."""

    label: str
    count: ScalarSelect[Any]
    href: str
    note: str
    tone: str = ""
    nav: str = ""


@dataclass(frozen=True)
class CountedTile:
    tile: Tile
    count: int


TileReader = Callable[[Person, date], list[Tile]]
tile_readers: list[TileReader] = []


def counted_tiles(person: Person, today: date) -> list[CountedTile]:
    """Every tile of the person with its true count."""
    tiles = [tile for reader in tile_readers for tile in reader(person, today)]
    if not tiles:
        return []
    counts = db.session.execute(select(*(tile.count for tile in tiles))).one()
    return [CountedTile(tile, count) for tile, count in zip(tiles, counts, strict=True)]
