"""Orders of places in which neighbours stand together (RULEBOOK §4)."""

from collections.abc import Mapping

from server.domain.geo import distance_m

Position = tuple[float, float]


def tour(positions: Mapping[str, Position | None]) -> tuple[str, ...]:
    """Ids from the westernmost on, each followed by the nearest one left; those without a position (WGS-84 degrees: latitude,
    longitude) come last, by id."""
    placed = {one: position for one, position in sorted(positions.items()) if position is not None}
    order: list[str] = []
    while placed:
        following = _westernmost(placed) if not order else _nearest(positions[order[-1]], placed)
        order.append(following)
        del placed[following]
    return (*order, *sorted(one for one, position in positions.items() if position is None))


def _westernmost(places: Mapping[str, Position]) -> str:
    return min(places, key=lambda one: (places[one][1], places[one][0], one))


def _nearest(here: Position | None, places: Mapping[str, Position]) -> str:
    assert here is not None
    return min(places, key=lambda one: (distance_m(*here, *places[one]), one))
