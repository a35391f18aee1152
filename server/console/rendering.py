"""How a page is answered: whole, or only its changing part when htmx asks for it (STYLE 21)."""

from flask import Response, has_request_context, make_response, render_template, request


def is_fragment() -> bool:
    """Whether htmx asks for the changing part only; going back in history wants the whole page."""
    return has_request_context() and "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def page(whole: str, part: str, status: int = 200, **values: object) -> Response:
    """The template `part` alone for htmx, else `whole`, which includes it."""
    return make_response(render_template(part if is_fragment() else whole, **values), status)


def add_page_headers(response: Response) -> Response:
    """Pages differ by how they are asked for."""
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    return response
