"""A proxy that stands between phone and server and does what networks do: lose answers, answer itself, take its time."""

import http.client
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal

Deed = Literal["pass", "lose", "cut", "portal", "too_large"]
Rule = Callable[[str, str, int], Deed]

PORTAL_PAGE = "<!doctype html><title>Wi-Fi</title><h1>请先登录无线网络</h1>".encode()
TOO_LARGE_PAGE = b"<html><head><title>413 Request Entity Too Large</title></head></html>"
OWN_HEADERS = ("connection", "transfer-encoding", "keep-alive", "content-length", "server", "date")


def pass_all(_method: str, _path: str, _size: int) -> Deed:
    return "pass"


class Proxy:
    """Forwards to a server on the loopback interface. `rule` decides for each request by method, path and size of the body.

    `lose`: the request never arrives. `cut`: the server has answered, and the connection ends before the answer gets through.
    `portal`: 200 with a page of HTML. `too_large`: 413 as nginx says it. `seen` lists what came and what was done with it.
    """

    def __init__(self, port: int, rule: Rule = pass_all, delay_s: float = 0.0) -> None:
        self.target = port
        self.rule = rule
        self.delay_s = delay_s
        self.seen: list[tuple[str, str, Deed]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def count(self, deed: Deed) -> int:
        return sum(1 for _, _, done in self.seen if done == deed)

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    def decide(self, method: str, path: str, size: int) -> Deed:
        deed = self.rule(method, path, size)
        self.seen.append((method, path, deed))
        return deed


def _handler_of(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            deed = proxy.decide(self.command, self.path, size)
            if deed == "lose":
                self.close_connection = True
            elif deed == "portal":
                self._answer(200, [("Content-Type", "text/html; charset=utf-8")], PORTAL_PAGE)
            elif deed == "too_large":
                self._answer(413, [("Content-Type", "text/html")], TOO_LARGE_PAGE)
            else:
                self._forward(body, is_cut=deed == "cut")

        do_GET = do_POST = do_PATCH = do_HEAD = do_DELETE = do_OPTIONS = do_PUT = handle_any  # noqa: N815 (names of the base class)

        def _forward(self, body: bytes, is_cut: bool) -> None:
            try:
                status, headers, content = _asked(proxy.target, self.command, self.path, dict(self.headers), body)
            except (OSError, http.client.HTTPException):
                status, headers, content = 502, [("Content-Type", "text/html")], b"<h1>502 Bad Gateway</h1>"
            time.sleep(proxy.delay_s)
            if is_cut:
                self.close_connection = True
                return
            self._answer(status, headers, content)

        def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, TimeoutError):  # the phone went away
                pass

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _asked(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {name: value for name, value in headers.items() if name.lower() not in OWN_HEADERS})
        answer = connection.getresponse()
        return answer.status, [(name, value) for name, value in answer.getheaders() if name.lower() not in OWN_HEADERS], answer.read()
    finally:
        connection.close()
