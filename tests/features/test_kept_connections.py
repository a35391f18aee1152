"""Connections between phone and server last longer than one request, also past answers without a body."""

import http.client
import json
from collections.abc import Iterator

import pytest

from sync import connections
from sync.connections import Connections
from tests.e2e.company import PASSWORD, found_company
from tests.e2e.server_process import ServerProcess

UPLOADS = "/sync/v1/uploads"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data = tmp_path_factory.mktemp("kept")
    found_company(data)
    with ServerProcess(data) as server:
        yield server


def is_open_after(server: ServerProcess, headers: dict[str, str], version: str = "HTTP/1.1") -> bool:
    """Whether the server leaves the connection open after 204, which has no length."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection._http_vsn_str = version  # type: ignore[attr-defined]
    connection.request("OPTIONS", UPLOADS, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 204
    is_open = connection.sock is not None
    connection.close()
    return is_open


def test_a_connection_stays_after_an_answer_without_a_body(server):
    assert is_open_after(server, {})


def test_a_connection_ends_when_the_phone_asks_for_it(server):
    assert not is_open_after(server, {"Connection": "close"})


def test_a_connection_of_the_first_version_ends(server):
    assert not is_open_after(server, {}, "HTTP/1.0")


def test_the_reference_client_asks_again_on_the_same_connection(server):
    ask = Connections(server.url)
    used = set()
    for method, path in (("OPTIONS", UPLOADS), ("GET", "/healthz"), ("OPTIONS", UPLOADS)):
        ask(method, path, {}, b"")
        used.add(ask.own.connection.sock.getsockname())
    assert len(used) == 1


def test_the_reference_client_leaves_a_connection_that_lay_idle(server, monkeypatch):
    ask = Connections(server.url)
    ask("GET", "/healthz", {}, b"")
    before = ask.own.connection.sock.getsockname()
    monkeypatch.setattr(connections, "IDLE_S", -1.0)
    ask("GET", "/healthz", {}, b"")
    assert ask.own.connection.sock.getsockname() != before


def test_the_reference_client_comes_back_after_a_server_that_died(server):
    ask = Connections(server.url)
    ask("GET", "/healthz", {}, b"")
    server.kill()
    with pytest.raises((OSError, http.client.HTTPException)):
        ask("GET", "/healthz", {}, b"")
    server.start()
    assert ask("GET", "/healthz", {}, b"")[0] == 200


def test_a_long_question_goes_gzipped_and_is_understood(server, monkeypatch):
    sent: list[tuple[str | None, int]] = []
    request = http.client.HTTPConnection.request

    def noted(self, method, path, body, headers):
        sent.append((headers.get("Content-Encoding"), len(body)))
        request(self, method, path, body, headers)

    monkeypatch.setattr(http.client.HTTPConnection, "request", noted)
    question = json.dumps({"sha256": ["0" * 64] * 40}).encode()
    status, _, answer = Connections(server.url)(
        "POST", "/sync/v1/blobs/have", JSON | {"Authorization": f"Bearer {signed_in_token(server)}"}, question
    )
    assert (status, json.loads(answer)) == (200, {"missing": []})
    short, long = sent
    assert short[0] is None
    assert long[0] == "gzip" and long[1] < len(question)


def signed_in_token(server: ServerProcess) -> str:
    asked = json.dumps({"login": "rep1", "password": PASSWORD}).encode()
    token: str = json.loads(Connections(server.url)("POST", "/auth/v1/sign-in", JSON, asked)[2])["token"]
    return token
