"""A phone's network over real HTTP, on which a share of the requests goes wrong."""

import http.client
import random
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sync.client import Headers
from sync.uploads import carries_file

FAULTS = ("lost_request", "lost_response", "duplicate", "cut", "portal")
TIMEOUT_S = 60


@dataclass
class Network:
    """`share` of the requests (0 to 1) meets one of `faults`; counts what struck and what the server asked to wait for."""

    url: str
    chance: random.Random
    faults: tuple[str, ...] = ()
    share: float = 0.0
    requests: int = 0
    struck: dict[str, int] = field(default_factory=dict)
    put_off: int = 0

    def __call__(self, method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        self.requests += 1
        fault = self.chance.choice(self.faults) if self.faults and self.chance.random() < self.share else ""
        if fault:
            self.struck[fault] = self.struck.get(fault, 0) + 1
        if fault == "lost_request":
            raise ConnectionError("the request was lost")
        if fault == "portal":
            return 200, {"Content-Type": "text/html"}, b"<html>sign in to this network</html>"
        if fault == "cut" and len(body) > 1 and carries_file(method, path, body):
            self._ask(method, path, headers, body[: len(body) // 2])
            raise ConnectionError("the connection was cut")
        if fault == "duplicate":
            self._ask(method, path, headers, body)
        answer = self._ask(method, path, headers, body)
        if fault == "lost_response":
            raise ConnectionError("the response was lost")
        return answer

    def _ask(self, method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        server = urlsplit(self.url)
        connection = http.client.HTTPConnection(server.hostname or "127.0.0.1", server.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, urlsplit(path).path, body, dict(headers))
            answer = connection.getresponse()
            if answer.status in (429, 503):
                self.put_off += 1
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()
