"""The small drawing of a visit's fix: the outlet, the fence around it, the fix with its accuracy, to scale."""

from dataclasses import dataclass
from math import cos, radians

from server.domain.geo import distance_m
from server.outlets.models import Outlet
from server.visits.models import Visit

WIDTH, HEIGHT, MARGIN = 360.0, 240.0, 26.0
SCALES_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000, 1_000_000)


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
    """The drawing, or None where the fix or the outlet's position is missing."""
    if visit.fix_lat is None or visit.fix_lon is None or outlet.lat is None or outlet.lon is None:
        return None
    east_m = (visit.fix_lon - outlet.lon) * cos(radians(outlet.lat)) * 111_195.0
    north_m = (visit.fix_lat - outlet.lat) * 111_195.0
    if distance_m(outlet.lat, outlet.lon, visit.fix_lat, visit.fix_lon) > 2_000_000:
        return None
    allowed_m = max(visit.allowed_m or fence_m, fence_m)
    accuracy_m = visit.fix_accuracy_m or 0.0
    left, right = min(-allowed_m, east_m - accuracy_m), max(allowed_m, east_m + accuracy_m)
    low, high = min(-allowed_m, north_m - accuracy_m), max(allowed_m, north_m + accuracy_m)
    per_m = min((WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (high - low))
    middle_x, middle_y = (left + right) / 2, (low + high) / 2
    scale_m = max((size for size in SCALES_M if size * per_m <= 110), default=SCALES_M[0])

    def place(x_m: float, y_m: float) -> tuple[float, float]:
        return round(WIDTH / 2 + (x_m - middle_x) * per_m, 1), round(HEIGHT / 2 - (y_m - middle_y) * per_m, 1)

    return FenceDrawing(
        WIDTH,
        HEIGHT,
        outlet=place(0.0, 0.0),
        fix=place(east_m, north_m),
        fence=round(fence_m * per_m, 1),
        allowed=round(allowed_m * per_m, 1),
        accuracy=round(accuracy_m * per_m, 1),
        scale=round(scale_m * per_m, 1),
        scale_m=scale_m,
    )
