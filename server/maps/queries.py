"""The ground of a map: the tiles of the company with their frame, or plain ground."""

from collections.abc import Callable
from dataclasses import dataclass

from server.db import db
from server.domain.gcj02 import gcj02_of
from server.maps.models import THE_ONE, Frame, TileSource

Placed = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Ground:
    """`source` is None for plain ground. `placed` turns a WGS-84 position into the frame that is drawn."""

    source: TileSource | None
    placed: Placed


def tile_source() -> TileSource | None:
    return db.session.get(TileSource, THE_ONE)


def ground() -> Ground:
    """What maps of this request are drawn on; reads one row."""
    source = tile_source()
    is_shifted = source is not None and source.frame == Frame.GCJ02
    return Ground(source, gcj02_of if is_shifted else _as_it_is)


def _as_it_is(lat: float, lon: float) -> tuple[float, float]:
    return lat, lon
