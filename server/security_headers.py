"""Headers that every answer carries."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def policy_with_images_from(origin: str) -> str:
    """The policy of a page whose map asks this one host for its tiles; `origin` is scheme, host and port."""
    return POLICY.replace("img-src 'self'", f"img-src 'self' {origin}", 1)


# What no browser opens as a page of its own, nor runs as a worker; a phone fetches some hundred of them over a weak link.
PASSIVE = ("text/css", "text/javascript")


def init_app(app: Flask) -> None:
    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if response.mimetype in PASSIVE and "Service-Worker-Allowed" not in response.headers:
            return response
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
