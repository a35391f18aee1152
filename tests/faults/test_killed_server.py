"""A server that is killed over and over while a phone sends: all arrives, nothing twice (SYNC §6: I1, I2, I9, I10)."""

import random
from pathlib import Path

import pytest

from sync.client import SyncClient
from tests.databases import Cluster
from tests.e2e.company import found_company
from tests.e2e.server_process import ServerProcess
from tests.faults.fleet import Sending, assert_all_in_once, capture, signed_in, transport_to
from tests.faults.kills import kills

KILLS = kills(short=2, long=40)
VISITS = 40


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_server_killed_while_a_phone_sends_loses_and_doubles_nothing(kind, tmp_path: Path, cluster: Cluster, capsys):
    url = cluster.create_database() if kind == "postgresql" else ""
    company = found_company(tmp_path, url)
    source = random.Random(7)
    killed, phones = 0, []
    with ServerProcess(tmp_path, url, is_cold=True) as server:
        token = signed_in(server)
        while killed < KILLS:
            phone = SyncClient(transport_to(server.port), token)
            phones.append(phone)
            for _ in range(VISITS):
                capture(phone, company.outlets[company.due], source)
            sending = Sending([phone])
            while not sending.wait(source.uniform(0.05, 0.6)) and killed < KILLS:
                server.kill()
                killed += 1
                server.start()
            sending.join()
        figures = assert_all_in_once(server, phones)
    with capsys.disabled():
        print(f"\nserver on {kind}: {killed} kills, {figures}")
