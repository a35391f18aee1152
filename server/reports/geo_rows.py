"""Visits as GeoJSON (RFC 7946): points in WGS-84, longitude first. Visits without a fix have no place on a map and are left out."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from server.domain.months import SHANGHAI
from server.visits.words import verdict_of

GEOJSON = "application/geo+json"


def geojson_parts(visits: Iterable[Any]) -> Iterator[bytes]:
    """A collection of features in pieces, in the order of the visits."""
    yield b'{"type":"FeatureCollection","features":['
    separator = b""
    for visit in visits:
        if visit.fix_lat is not None and visit.fix_lon is not None:
            yield separator + msgspec.json.encode(_feature(visit))
            separator = b",\n"
    yield b"]}\n"


def _feature(visit: Any) -> dict[str, Any]:
    properties = {
        "outlet_code": visit.code,
        "outlet": visit.outlet,
        "region": visit.region,
        "outlet_class": visit.outlet_class,
        "rep": visit.rep,
        "visited_on": visit.visited_on.isoformat(),
        "checked_in_at": visit.checked_in_at.astimezone(SHANGHAI).isoformat(),
        "verdict": verdict_of(visit),
        "accuracy_m": visit.fix_accuracy_m,
        "distance_m": visit.distance_m,
        "score": visit.score,
    }
    geometry = {"type": "Point", "coordinates": [visit.fix_lon, visit.fix_lat]}
    return {"type": "Feature", "id": visit.id, "geometry": geometry, "properties": properties}
