"""PostgreSQL killed at and between commits while phones send: what was acknowledged is there, once (SYNC §6: I1, I2, I9, I10)."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.client import Headers, SyncClient, Transport
from tests.databases import Cluster
from tests.e2e.company import found_company
from tests.e2e.server_process import ServerProcess
from tests.faults.fleet import Sending, assert_all_in_once, capture, signed_in, transport_to
from tests.faults.kills import kills

KILLS = kills(short=2, long=90)
PHONES, VISITS = 3, 12
DOWN_SECONDS = 0.4
LONGEST_WAIT_S = 60


@pytest.fixture
def durable() -> Iterator[Cluster]:
    cluster = Cluster(is_durable=True)
    yield cluster
    cluster.remove()


class Answers:
    """What the server says while its database comes and goes."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.without_wait: list[int] = []
        self.lock = threading.Lock()

    def noted(self, send: Transport) -> Transport:
        def ask(method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
            status, given, text = send(method, path, headers, body)
            with self.lock:
                self.statuses[status] += 1
                if status == 503 and not 1 <= int(given.get("Retry-After", "0")) <= LONGEST_WAIT_S:
                    self.without_wait.append(status)
            return status, given, text

        return ask


@pytest.mark.timeout(3600)
def test_a_postgresql_killed_while_phones_send_loses_and_doubles_nothing(durable: Cluster, tmp_path: Path, capsys):
    url = durable.create_database()
    company = found_company(tmp_path, url)
    source, answers = random.Random(13), Answers()
    killed = 0
    phones: list[SyncClient] = []
    with ServerProcess(tmp_path, url) as server:
        token = signed_in(server)
        while killed < KILLS:
            fresh = [SyncClient(answers.noted(transport_to(server.port)), token) for _ in range(PHONES)]
            for phone in fresh:
                for _ in range(VISITS):
                    capture(phone, company.outlets[company.due], source)
            phones += fresh
            sending = Sending(fresh)
            while not sending.wait(source.uniform(0.05, 0.8)) and killed < KILLS:
                durable.kill()
                killed += 1
                sending.wait(DOWN_SECONDS)
                durable.start()
            sending.join()
        assert server.process is not None
        assert server.process.poll() is None, "the server is the one that was started"
        figures = assert_all_in_once(server, phones)
    with capsys.disabled():
        print(f"\nPostgreSQL: {killed} kills, {figures}, answers {dict(sorted(answers.statuses.items()))}")
    assert answers.statuses[503] > 0
    assert not answers.without_wait
    assert not answers.statuses[500]
