"""Distances on the ground; positions are WGS-84 (RULEBOOK §11, time and place)."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
METRES_PER_DEGREE = 111_195.08  # along a meridian of that sphere; along a parallel a degree is shorter


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Metres between two positions in degrees, along the sphere (haversine)."""
    a, b = radians(lat_a), radians(lat_b)
    half_lat, half_lon = (b - a) / 2, radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(a) * cos(b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
