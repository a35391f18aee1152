"""What features contribute to the start page: counts of what waits (read in one query, shown in the navigation too), and parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from server.console.counting import MOST_BADGED, MOST_WAITING, bounded
from server.db import db
from server.people.models import Person

TONES = ("hot", "warm", "")


@dataclass(frozen=True)
class Tile:
    """A count with a link to the rows behind it. `tone` is one of TONES, the most urgent first; `nav` the endpoint whose entry shows it too."""

    label: str
    count: ColumnElement[Any]
    href: str
    note: str
    tone: str = ""
    nav: str = ""


@dataclass(frozen=True)
class CountedTile:
    tile: Tile
    count: int


@dataclass(frozen=True)
class HomePart:
    """A part of the start page: a template of the feature with its values, included as `part`."""

    template: str
    values: dict[str, Any]


HomeReader = Callable[[Person, date], HomePart]
home_readers: list[HomeReader] = []

TileReader = Callable[[Person, date], list[Tile]]
tile_readers: list[TileReader] = []


def counted_tiles(person: Person, today: date) -> list[CountedTile]:
    """Every tile of the person with its count, which stops where `waiting_count` says so."""
    return _counted(_tiles(person, today), MOST_WAITING)


def counted_badges(person: Person, today: date) -> list[CountedTile]:
    """Those that the navigation shows, with counts that stop where `badge_count` says so."""
    return _counted([tile for tile in _tiles(person, today) if tile.nav], MOST_BADGED)


def by_urgency(tiles: list[CountedTile]) -> tuple[list[CountedTile], list[CountedTile]]:
    """Those behind which something waits, the most urgent first, and those behind which nothing does."""
    waiting = sorted((one for one in tiles if one.count), key=lambda one: TONES.index(one.tile.tone))
    return waiting, [one for one in tiles if not one.count]


def _tiles(person: Person, today: date) -> list[Tile]:
    return [tile for reader in tile_readers for tile in reader(person, today)]


def _counted(tiles: list[Tile], most: int) -> list[CountedTile]:
    if not tiles:
        return []
    counts = db.session.execute(select(*(bounded(tile.count, most) for tile in tiles))).one()
    return [CountedTile(tile, count) for tile, count in zip(tiles, counts, strict=True)]
