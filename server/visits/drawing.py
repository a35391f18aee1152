"""Small drawings of positions, to scale: a visit's fix at its outlet, and where an outlet is said to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from server.domain.geo import METRES_PER_DEGREE, distance_m
from server.domain.position_proposal import Place
from server.outlets.models import Outlet
from server.visits.models import Visit

WIDTH, HEIGHT, MARGIN = 360.0, 240.0, 26.0
FARTHEST_M = 2_000_000
SCALES_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000, 1_000_000)
Disc = tuple[float, float, float]  # metres east and north of the middle of the ground, and a radius in metres


class Ground:
    """A drawing that holds all these discs: metres to its own units."""

    def __init__(self, discs: Iterable[Disc]) -> None:
        held = list(discs)
        left, right = min(x - r for x, _, r in held), max(x + r for x, _, r in held)
        low, high = min(y - r for _, y, r in held), max(y + r for _, y, r in held)
        self.per_m = min((WIDTH - 2 * MARGIN) / max(right - left, 1.0), (HEIGHT - 2 * MARGIN) / max(high - low, 1.0))
        self._middle = ((left + right) / 2, (low + high) / 2)
        self.scale_m = max((size for size in SCALES_M if size * self.per_m <= 110), default=SCALES_M[0])

    def place(self, x_m: float, y_m: float) -> tuple[float, float]:
        middle_x, middle_y = self._middle
        return round(WIDTH / 2 + (x_m - middle_x) * self.per_m, 1), round(HEIGHT / 2 - (y_m - middle_y) * self.per_m, 1)

    def length(self, size_m: float) -> float:
        return round(size_m * self.per_m, 1)


@dataclass(frozen=True)
class FenceDrawing:
    """Coordinates in the drawing's own units; radii too. `scale` is a bar of `scale_m` metres."""

    width: float
    height: float
    outlet: tuple[float, float]
    fix: tuple[float, float]
    fence: float
    allowed: float
    accuracy: float
    scale: float
    scale_m: int


def fence_drawing(visit: Visit, outlet: Outlet, fence_m: float) -> FenceDrawing | None:
    """The outlet, the fence around it, the fix with its accuracy; None where the fix or the outlet's position is missing."""
    if visit.fix_lat is None or visit.fix_lon is None or outlet.lat is None or outlet.lon is None:
        return None
    if distance_m(outlet.lat, outlet.lon, visit.fix_lat, visit.fix_lon) > FARTHEST_M:
        return None
    east_m, north_m = _metres((outlet.lat, outlet.lon), (visit.fix_lat, visit.fix_lon))
    allowed_m, accuracy_m = max(visit.allowed_m or fence_m, fence_m), visit.fix_accuracy_m or 0.0
    ground = Ground([(0.0, 0.0, allowed_m), (east_m, north_m, accuracy_m)])
    return FenceDrawing(
        WIDTH,
        HEIGHT,
        outlet=ground.place(0.0, 0.0),
        fix=ground.place(east_m, north_m),
        fence=ground.length(fence_m),
        allowed=ground.length(allowed_m),
        accuracy=ground.length(accuracy_m),
        scale=ground.length(ground.scale_m),
        scale_m=ground.scale_m,
    )


@dataclass(frozen=True)
class PositionDrawing:
    """Where the file says an outlet is (None: nowhere yet) with the fence around it, where it is proposed to be, and fixes of visits.

    In the drawing's own units; `moved_m` metres lie between the two positions (None for a first one).
    """

    width: float
    height: float
    registered: tuple[float, float] | None
    fence: float
    proposed: tuple[float, float]
    fixes: list[tuple[float, float]]
    scale: float
    scale_m: int
    moved_m: float | None


def position_drawing(registered: Place | None, proposed: Place, fixes: Iterable[Place], fence_m: float) -> PositionDrawing | None:
    """The drawing; fixes and positions too far to be drawn together are left out, None where the two positions are."""
    moved_m = None if registered is None else distance_m(*registered, *proposed)
    if moved_m is not None and moved_m > FARTHEST_M:
        return None
    origin = registered or proposed
    near = [_metres(origin, fix) for fix in fixes if distance_m(*origin, *fix) <= 5 * max(fence_m, moved_m or 0.0)]
    there = _metres(origin, proposed)
    ground = Ground([(0.0, 0.0, fence_m), (*there, 0.0), *((*fix, 0.0) for fix in near)])
    return PositionDrawing(
        WIDTH,
        HEIGHT,
        registered=ground.place(0.0, 0.0) if registered else None,
        fence=ground.length(fence_m),
        proposed=ground.place(*there),
        fixes=[ground.place(*fix) for fix in near],
        scale=ground.length(ground.scale_m),
        scale_m=ground.scale_m,
        moved_m=moved_m,
    )


def _metres(origin: Place, place: Place) -> tuple[float, float]:
    """East and north of the origin."""
    return (place[1] - origin[1]) * cos(radians(origin[0])) * METRES_PER_DEGREE, (place[0] - origin[0]) * METRES_PER_DEGREE
