"""Whoever cannot send PATCH or DELETE names it in a header of a POST (tus 1.0, X-HTTP-Method-Override)."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = ("PATCH", "DELETE")


def with_named_method(app: WSGIApplication, place: str) -> WSGIApplication:
    """The application, for which a POST to `place` or below it is the method that it names."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        named = str(environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "")).upper()
        if named in METHODS and environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith(place):
            environ["REQUEST_METHOD"] = named
        return app(environ, start_response)

    return serve
