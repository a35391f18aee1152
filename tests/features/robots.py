"""A local server in place of the groups' robots: it judges signatures by the makers' documents and keeps what it was sent."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.features.local_http import QuietDoor, serving

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SECRET = "SECd9f0a1b2c3d4e5f60718"
AN_HOUR_S = 3600
PATHS = {
    "wecom": f"/cgi-bin/webhook/send?key={KEY}",
    "dingtalk": f"/robot/send?access_token={KEY}",
    "feishu": f"/open-apis/bot/v2/hook/{KEY}",
    "webhook": f"/in/{KEY}",
}
GOOD = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0, "errmsg": "ok"}, "feishu": {"code": 0, "msg": "success"}, "webhook": {}}


@dataclass
class Given:
    """One request as it came, and whether its signature is right."""

    kind: str
    path: str
    headers: dict[str, str]
    body: bytes
    is_signed: bool

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Robots:
    """`answers` are given one after another, then all is well: (status, headers, document or bytes), or seconds of silence."""

    url: str = ""
    given: list[Given] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    def address(self, kind: str) -> str:
        return self.url + PATHS[kind]


@contextmanager
def local_robots() -> Iterator[Robots]:
    robots = Robots()

    class Door(QuietDoor, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = next(kind for kind, path in PATHS.items() if self.path.startswith(path))
            headers = {name.lower(): value for name, value in self.headers.items()}
            robots.given.append(Given(kind, self.path, headers, body, _is_signed(kind, self.path, headers, body)))
            answer = robots.answers.pop(0) if robots.answers else (200, {}, GOOD[kind])
            if isinstance(answer, float):
                time.sleep(answer)
                return
            status, more, document = answer
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send(status, content, more)

    with serving(Door) as robots.url:
        yield robots


def _is_signed(kind: str, path: str, headers: dict[str, str], body: bytes) -> bool:
    if kind == "wecom":  # its key is all there is
        return parse_qs(urlsplit(path).query)["key"] == [KEY]
    if kind == "dingtalk":
        asked = parse_qs(urlsplit(path).query)
        (timestamp,), (sign,) = asked["timestamp"], asked["sign"]
        wanted = _base64_hmac(SECRET, f"{timestamp}\n{SECRET}")
        return sign == wanted and _is_recent(int(timestamp) / 1000, AN_HOUR_S)
    if kind == "feishu":
        document = json.loads(body)
        wanted = _base64_hmac(f"{document['timestamp']}\n{SECRET}", "")
        return document["sign"] == wanted and _is_recent(int(document["timestamp"]), AN_HOUR_S)
    timestamp, sign = headers["x-xundian-timestamp"], headers["x-xundian-signature"]
    wanted = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return sign == f"sha256={wanted}" and _is_recent(int(timestamp), 300) and json.loads(body)["id"] == headers["x-xundian-event"]


def _base64_hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _is_recent(timestamp: float, seconds: float) -> bool:
    return abs(time.time() - timestamp) < seconds
