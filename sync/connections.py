"""A transport over real HTTP that asks as the phone does in a browser: connections are kept, long questions are gzipped."""

import gzip
import http.client
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

IDLE_S = 20.0
GZIP_FROM = 1024
JSON = "application/json"


@dataclass
class Connections:
    """Asks the server at `url` (http), on one connection for each thread.

    Raises OSError or HTTPException when no whole answer came within `timeout_s`. A connection that broke is left, and so is
    one that lay idle long enough for a server to have closed it.
    """

    url: str
    timeout_s: float = 60.0
    own: threading.local = field(default_factory=threading.local)

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        connection, given_headers = self._connection(), dict(headers)
        if len(body) > GZIP_FROM and given_headers.get("Content-Type") == JSON:
            body, given_headers["Content-Encoding"] = gzip.compress(body), "gzip"
        try:
            connection.request(method, urlsplit(path).path, body, given_headers)
            answer = connection.getresponse()
            given = answer.status, dict(answer.headers), answer.read()
        except BaseException:
            connection.close()
            raise
        self.own.used_at = time.monotonic()
        return given

    def _connection(self) -> http.client.HTTPConnection:
        """This thread's connection; http.client opens it anew after it was closed."""
        kept: http.client.HTTPConnection | None = getattr(self.own, "connection", None)
        if kept is None:
            place = urlsplit(self.url)
            kept = self.own.connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=self.timeout_s)
        elif time.monotonic() - self.own.used_at > IDLE_S:
            kept.close()
        return kept
