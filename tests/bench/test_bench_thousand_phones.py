"""A thousand phones come back after an outage, each with thirty visits: all arrive, none twice, and the server stays upright.

One phone in twenty also sends photos and signatures; the others' visits have none, so that the storm is one of records.
`PHONES=60 make bench` is a smaller storm.
"""

import heapq
import os
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.clock import now, today
from server.db import db
from server.intake.models import SyncOp
from server.people import actions as people_actions
from server.serving import upgrade_database
from server.simulation.company import capture_visit, found_company, new_token
from server.visits.models import Visit
from sync.client import Headers, SyncClient
from sync.replica_store import Row
from tests.bench.measures import report
from tests.databases import Cluster
from tests.e2e.company import application
from tests.e2e.server_process import ServerProcess
from tests.faults.fleet import transport_to

PHONES = int(os.environ.get("PHONES") or 1000)
VISITS = 30
WITH_FILES = 20
AT_ONCE = 100
MOST_MEMORY_MB = 400
PATIENCE_S = 1500


@dataclass
class Line:
    """A phone's network: counts answers that put it off, and requests that came before their time."""

    port: int
    not_before: float = 0.0
    put_off: int = 0
    too_early: int = 0
    requests: int = 0

    def __call__(self, method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        self.requests += 1
        if path.startswith("/sync/v1/p") and time.time() < self.not_before:
            self.too_early += 1
        answer = transport_to(self.port, timeout=120)(method, path, headers, body)
        if answer[0] in (429, 503):
            self.put_off += 1
            self.not_before = time.time() + float(answer[1]["Retry-After"]) - 0.5
        return answer


@dataclass
class Storm:
    """Phones in the order in which each may try again, worked on by many threads."""

    phones: list[SyncClient]
    due: list[tuple[float, int]] = field(default_factory=list)
    left: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    faults: list[BaseException] = field(default_factory=list)

    def run(self) -> None:
        self.due = [(0.0, number) for number in range(len(self.phones))]
        self.left = len(self.phones)
        threads = [threading.Thread(target=self._work) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)

    def _work(self) -> None:
        while self.left and not self.faults:
            number = self._next()
            if number is None:
                time.sleep(0.02)
                continue
            try:
                self._advance(number)
            except BaseException as fault:  # told by the test
                self.faults.append(fault)

    def _next(self) -> int | None:
        with self.lock:
            return heapq.heappop(self.due)[1] if self.due and self.due[0][0] <= time.time() else None

    def _advance(self, number: int) -> None:
        """One phone until it rests or must wait."""
        phone = self.phones[number]
        while (step := phone.advance()).do not in ("rest", "wait", "stop"):
            pass
        assert step.do != "stop", phone.state
        with self.lock:
            if step.do == "rest":
                self.left -= 1
            else:
                heapq.heappush(self.due, (step.until, number))


def gather(server: ServerProcess, data: Path, url: str) -> list[SyncClient]:
    """The phones, signed in, each with its visits captured during the outage."""
    chance, phones = random.Random(3), []
    with application(data, url):
        upgrade_database()
        company = found_company(PHONES, today() - timedelta(days=60), now())
        for number, person_id in enumerate(company.reps):
            phone = SyncClient(Line(server.port), new_token(person_id, now()), app="storm", chance=random.Random(number).random)
            outlets = company.outlets[3 * number : 3 * number + 3]
            _know(phone, outlets)
            for visit in range(VISITS):
                capture_visit(phone, person_id, now() - timedelta(hours=visit), chance, has_files=number % WITH_FILES == 0)
            phone.store.rows.clear()
            phones.append(phone)
    return phones


def _know(phone: SyncClient, outlets: list[str]) -> None:
    """The phone has pulled before the outage; what it shows matters only for the captures."""
    for outlet_id in outlets:
        phone.store.rows["outlet", outlet_id] = Row(f"outlet:{outlet_id}", 1, {"id": outlet_id, "lat": 30.66, "lon": 104.07, "phone": ""}, 1)


def peak_memory_mb(server: ServerProcess) -> float:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_bench_phones_that_come_back_all_at_once(kind, tmp_path: Path, cluster: Cluster, capsys, monkeypatch):
    monkeypatch.setattr(people_actions, "hash_password", lambda _password: "nobody signs in with it")
    url = cluster.create_database() if kind == "postgresql" else ""
    server = ServerProcess(tmp_path, url, is_cold=True)
    phones = gather(server, tmp_path, url)
    with server:
        before, started = peak_memory_mb(server), time.monotonic()
        storm = Storm(phones)
        storm.run()
        seconds, peak = time.monotonic() - started, peak_memory_mb(server)
    assert not storm.faults, storm.faults[0]
    assert storm.left == 0
    lines = [phone.transport for phone in phones]
    put_off, too_early, requests = (sum(getattr(line, name) for line in lines) for name in ("put_off", "too_early", "requests"))
    sent = PHONES * VISITS
    with application(tmp_path, url), capsys.disabled():
        kept = db.session.scalar(select(func.count()).select_from(Visit))
        ops = db.session.scalar(select(func.count()).select_from(SyncOp).where(SyncOp.code == "applied"))
        print(
            f"\n{kind}: {PHONES} phones, {sent} visits in {seconds:.0f} s ({sent / seconds:.0f} a second), {requests} requests, "
            f"{put_off} put off, {too_early} came too early, server memory {before:.0f} → {peak:.0f} MB"
        )
        is_within = report(f"storm_memory_{kind}", peak, "MB", goal=MOST_MEMORY_MB) <= 1
    assert kept == ops == sent
    assert {op.code for phone in phones for op in phone.ops} == {"applied"}
    assert too_early == 0
    assert is_within
