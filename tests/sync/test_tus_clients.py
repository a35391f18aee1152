"""Clients of tus that nobody here wrote bring files to the real server, which is killed in between."""

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.databases import wait_for
from tests.e2e.company import found_company
from tests.e2e.server_process import ROOT, ServerProcess
from tests.faults.fleet import signed_in
from tests.faults.kills import kills

pytestmark = pytest.mark.xdist_group("tus_clients")  # they share a server
HERE = Path(__file__).parent
CLIENTS = {
    "tus-js-client": [sys.executable, str(ROOT / "deploy/node.py"), str(HERE / "tus_js_client.mjs")],
    "tuspy": [sys.executable, str(HERE / "tuspy_client.py")],
}
WAYS = {  # each library's own, beyond PATCH after PATCH
    "tus-js-client": [{"uploadDataDuringCreation": True}, {"overridePatchMethod": True}],
    "tuspy": [{"upload_checksum": True}],
}
CHUNK_BYTES = 50_000
PATIENT = 300
KILLS = kills(short=1, long=20)
FILE_BYTES = 5_000_000 if KILLS == 1 else 18_000_000
SECONDS = 60.0


@dataclass
class Sender:
    """A file and the client that brings it; `memory` is where the client keeps the upload's address."""

    name: str
    server: ServerProcess
    token: str
    file: Path
    memory: Path

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def start(self, retries: int = 0, chunk_bytes: int = CHUNK_BYTES, promised: str = "", **options: Any) -> "subprocess.Popen[str]":
        order = {
            "file": str(self.file),
            "endpoint": f"{self.server.url}/sync/v1/uploads",
            "token": self.token,
            "sha256": promised or self.sha256,
            "memory": str(self.memory),
            "chunk_bytes": chunk_bytes,
            "retries": retries,
            "options": options,
        }
        direct = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        words = [*CLIENTS[self.name], json.dumps(order)]
        return subprocess.Popen(words, cwd=ROOT, env=direct, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def kill_server_past(self, offset: int) -> int:
        """SIGKILL for the server while the client sends, with more than `offset` bytes in; returns how many it kept."""
        wait_for(lambda: sum(self.server.parts().values()) > offset, SECONDS)
        self.server.kill()
        [kept] = self.server.parts().values()
        assert kept < self.file.stat().st_size, "the upload was over before the server was killed"
        return kept

    def assert_all_is_there(self) -> None:
        assert hashlib.sha256(self.server.blob(self.sha256).read_bytes()).hexdigest() == self.sha256
        assert self.server.parts() == {}


def result_of(run: "subprocess.Popen[str]") -> dict[str, Any]:
    """What the client told in the end."""
    told, complaints = run.communicate(timeout=SECONDS)
    assert run.returncode == 0, complaints
    result: dict[str, Any] = json.loads(told)
    return result


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("served")
    found_company(folder)
    with ServerProcess(folder) as server:
        yield server


@pytest.fixture(params=sorted(CLIENTS))
def sender(request: pytest.FixtureRequest, server: ServerProcess, tmp_path: Path) -> Sender:
    file = tmp_path / "photo"
    file.write_bytes(random.Random(str(tmp_path)).randbytes(FILE_BYTES))
    return Sender(request.param, server, signed_in(server), file, tmp_path / "memory.json")


def test_a_client_started_anew_goes_on_where_the_killed_server_stood(sender: Sender):
    first = sender.start()
    kept = sender.kill_server_past(FILE_BYTES // 4)
    broken = result_of(first)
    assert broken["fault"]
    sender.server.start()
    whole = result_of(sender.start())
    assert whole == {"url": broken["url"], "from": kept, "to": FILE_BYTES, "fault": None}
    sender.assert_all_is_there()


@pytest.mark.timeout(1800)
def test_a_client_that_tries_again_outlives_killed_servers(sender: Sender):
    run = sender.start(retries=PATIENT)
    kept = [0]
    for number in range(1, KILLS + 1):
        kept.append(sender.kill_server_past(max(kept[-1], FILE_BYTES * number // (KILLS + 4))))
        sender.server.start()
    told = result_of(run)
    assert (told["from"], told["to"], told["fault"]) == (0, FILE_BYTES, None)
    assert kept == sorted(set(kept)), "nothing that was in got lost"
    sender.assert_all_is_there()


def test_each_way_of_a_client_brings_a_whole_file(sender: Sender):
    for options in WAYS[sender.name]:
        sender.memory.unlink(missing_ok=True)
        sender.file.write_bytes(random.Random(str(options)).randbytes(300_000))
        told = result_of(sender.start(chunk_bytes=100_000, **options))
        assert (told["to"], told["fault"]) == (300_000, None), options
        sender.assert_all_is_there()


def test_a_client_whose_file_is_not_the_promised_one_is_told(sender: Sender):
    promised = hashlib.sha256(b"another file").hexdigest()
    told = result_of(sender.start(chunk_bytes=FILE_BYTES, promised=promised))
    assert "460" in told["fault"]
    assert not sender.server.blob(promised).exists()
    assert sender.server.parts() == {}


def test_the_node_client_is_the_one_that_phones_get():
    version = json.loads((ROOT / "node_modules/tus-js-client/package.json").read_text())["version"]
    assert f"| tus-js-client | {version} |" in (ROOT / "pwa/vendor/VENDOR.md").read_text()
