"""Pages that draw a map."""

from flask import Response, make_response

from server.maps.queries import Ground
from server.maps.urls import tile_origin
from server.security_headers import policy_with_images_from


def map_page(page: Response | str, drawn_on: Ground) -> Response:
    """The page, allowed to ask the one host of the tiles for pictures; without tiles it may ask nobody."""
    answer = make_response(page)
    if drawn_on.source is not None:
        answer.headers["Content-Security-Policy"] = policy_with_images_from(tile_origin(drawn_on.source.url))
    return answer
