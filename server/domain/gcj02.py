"""GCJ-02, the frame in which maps in China are drawn: some 500 m off WGS-84, by the formula that became known in public.

The phone has the same in pwa/rules/gcj02.js; the shared vectors gcj02.json hold for both.
"""

from math import cos, degrees, pi, radians, sin, sqrt

AXIS_M = 6_378_245.0  # the ellipsoid of the formula: Krasovsky 1940
ECCENTRICITY_SQUARED = 0.006693421622965943
SOUTH, NORTH, WEST, EAST = 0.8293, 55.8271, 72.004, 137.8347  # the box for which the formula is meant


def gcj02_of(lat: float, lon: float) -> tuple[float, float]:
    """Where a map in China draws a WGS-84 position, in degrees; outside of the box around China it stays."""
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        return lat, lon
    x, y, phi = lon - 105, lat - 35, radians(lat)
    root = sqrt(1 - ECCENTRICITY_SQUARED * sin(phi) ** 2)
    meridian_radius_m = AXIS_M * (1 - ECCENTRICITY_SQUARED) / root**3
    parallel_radius_m = AXIS_M / root * cos(phi)
    return lat + degrees(_north_m(x, y) / meridian_radius_m), lon + degrees(_east_m(x, y) / parallel_radius_m)


def _north_m(x: float, y: float) -> float:
    slope = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return slope + _ripple(x) + _wave(20, y) + _wave(40, y / 3) + _wave(160, y / 12) + _wave(320, y / 30)


def _east_m(x: float, y: float) -> float:
    slope = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return slope + _ripple(x) + _wave(20, x) + _wave(40, x / 3) + _wave(150, x / 12) + _wave(300, x / 30)


def _ripple(x: float) -> float:
    """The short waves that both directions share."""
    return _wave(20, 6 * x) + _wave(20, 2 * x)


def _wave(height_m: float, half_turns: float) -> float:
    return 2 / 3 * height_m * sin(half_turns * pi)
