"""One POST over HTTP: to the place that was looked at, without redirects, within a time, reading no more than a little."""

import http.client
import socket
import ssl
from dataclasses import dataclass

from server.notices.addresses import Unreached, places, port_of, split_url
from server.notices.messages import Request
from server.watching import ended_after

CONNECT_S = 10.0
MOST_SECONDS = 20.0
MOST_BYTES = 65536


@dataclass(frozen=True)
class Reply:
    status: int
    retry_after: str
    body: bytes


def post(request: Request, may_be_private: bool, most_seconds: float = MOST_SECONDS) -> Reply:
    """The reply to the request; raises Unreached. Faults say no address, as that is a secret."""
    parts = split_url(request.url)
    if parts is None or (parts.scheme != "https" and not may_be_private):
        raise Unreached("private")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connected = _connect(parts.hostname or "", port_of(parts), may_be_private)
        if parts.scheme == "https":
            connected = _secured(connected, parts.hostname or "")
        return _exchange(connected, (parts.netloc, path), request, most_seconds)
    except ssl.SSLError as fault:
        raise Unreached("tls") from fault
    except TimeoutError as fault:
        raise Unreached("timeout") from fault
    except (OSError, http.client.HTTPException) as fault:
        raise Unreached("unreachable") from fault


def _connect(host: str, port: int, may_be_private: bool) -> socket.socket:
    """A connection to an address that was looked at itself: a name could be another place a moment later."""
    fault: OSError | None = None
    for family, place in places(host, port, may_be_private):
        connecting = socket.socket(family, socket.SOCK_STREAM)
        connecting.settimeout(CONNECT_S)
        try:
            connecting.connect(place)
        except OSError as found:
            connecting.close()
            fault = found
            continue
        return connecting
    raise fault or OSError("no place")


def _secured(connected: socket.socket, name: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(connected, server_hostname=name)
    except BaseException:
        connected.close()
        raise


def _exchange(connected: socket.socket, target: tuple[str, str], request: Request, most_seconds: float) -> Reply:
    try:
        with ended_after(connected, most_seconds):
            return _read(connected, target, request)
    finally:
        connected.close()


def _read(connected: socket.socket, target: tuple[str, str], request: Request) -> Reply:
    netloc, path = target
    connection = http.client.HTTPConnection(netloc)
    connection.sock = connected
    connection.request("POST", path, request.body, {"User-Agent": "Xundian", "Connection": "close", **request.headers})
    answer = connection.getresponse()
    return Reply(answer.status, (answer.getheader("Retry-After") or "").strip(), answer.read(MOST_BYTES))
