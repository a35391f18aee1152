"""A captive portal: somebody else's server that answers every request with its own page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!doctype html><title>Wi-Fi</title><h1>Sign in to use this network</h1>"


class _Portal(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else PAGE)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


for method in ("GET", "HEAD", "POST", "PATCH"):
    setattr(_Portal, f"do_{method}", _Portal._answer)


@contextmanager
def captive_portal(port: int) -> Iterator[list[str]]:
    """Stand where the server stood; the paths that were asked for."""
    portal = ThreadingHTTPServer(("127.0.0.1", port), _Portal)
    portal.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=portal.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal.asked  # type: ignore[attr-defined]
    finally:
        portal.shutdown()
        portal.server_close()
        thread.join()
