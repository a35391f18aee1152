"""A server that is killed over and over while a phone sends: all arrives, nothing twice (SYNC §6: I1, I2, I9, I10)."""

import hashlib
import http.client
import json
import os
import random
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from server.db import db
from server.intake.models import SyncOp
from server.media.models import Blob
from server.visits.models import Visit
from sync.client import Headers, Refused, SyncClient
from tests.databases import Cluster
from tests.e2e.company import PASSWORD, application, found_company
from tests.e2e.server_process import ServerProcess
from tests.sync.conftest import visit_body

KILLS = max(3, min(200, int(os.environ.get("FAULTS", "0")) // 1000))
VISITS = 40
CUT_OFF = (OSError, http.client.HTTPException, Refused)


def transport(server: ServerProcess):
    def send(method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        try:
            connection.request(method, urlsplit(path).path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()

    return send


def signed_in(server: ServerProcess) -> str:
    asked = json.dumps({"login": "rep1", "password": PASSWORD}).encode()
    _, _, answer = transport(server)("POST", "/auth/v1/sign-in", {}, asked)
    token: str = json.loads(answer)["token"]
    return token


def capture(phone: SyncClient, outlet_id: str, source: random.Random) -> None:
    photo, signature = source.randbytes(40_000), source.randbytes(900)
    body = visit_body(outlet_id, photo, signature)
    phone.save_record("visit.v1", ("visit", body["visit_id"]), f"outlet:{outlet_id}", body, [photo, signature], datetime.now(UTC))


def send_all(phone: SyncClient, finished: threading.Event) -> None:
    """Try until the server has everything, as a phone does."""
    while not finished.is_set():
        try:
            phone.sync()
            finished.set()
        except CUT_OFF:
            finished.wait(0.05)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_server_killed_while_a_phone_sends_loses_and_doubles_nothing(kind, tmp_path: Path, cluster: Cluster, capsys):
    url = cluster.create_database() if kind == "postgresql" else ""
    company = found_company(tmp_path, url)
    source = random.Random(7)
    kills = sent = 0
    with ServerProcess(tmp_path, url) as server:
        token = signed_in(server)
        while kills < KILLS:
            phone = SyncClient(transport(server), token)
            for _ in range(VISITS):
                capture(phone, company.outlets[company.due], source)
            sent += VISITS
            finished = threading.Event()
            sender = threading.Thread(target=send_all, args=(phone, finished))
            sender.start()
            while not finished.wait(source.uniform(0.05, 0.6)) and kills < KILLS:
                server.kill()
                kills += 1
                server.start()
            sender.join(120)
            assert finished.is_set()
            assert {op.result["code"] for op in phone.ops if op.result} == {"applied"}
    with application(tmp_path, url), capsys.disabled():
        kept, applied = (db.session.scalar(select(func.count()).select_from(table)) for table in (Visit, SyncOp))
        blobs = list(db.session.scalars(select(Blob.sha256).where(Blob.stored_at.is_not(None))))
        print(f"\n{kind}: {kills} kills, {sent} visits sent, {kept} kept, {len(blobs)} files whole")
        assert kept == applied == sent
        assert len(blobs) == 2 * sent
        assert all(hashlib.sha256(server.blob(name).read_bytes()).hexdigest() == name for name in blobs)
