"""How long a start and a push of one phone take on this machine (two cores are the yardstick)."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.bench.measures import report
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

ROUNDS = 5
OPS = 20


def test_bench_start_of_the_application(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "from server.app import create_app; create_app()"]
    environment = os.environ | {"XUNDIAN_DATA": str(tmp_path)}
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        subprocess.run(words, env=environment, check=True)
        seconds.append(time.perf_counter() - begun)

    assert report("start_application", median(seconds), "s", goal=3.0) <= 1


def test_bench_push_of_saved_visits(phone: Phone, company: Company, database_url: str) -> None:
    phone.push(phone.op(company.outlet_id))
    seconds = []
    for _ in range(ROUNDS):
        ops = [phone.op(company.outlet_id) for _ in range(OPS)]
        begun = time.perf_counter()
        answer = phone.push(*ops)
        seconds.append((time.perf_counter() - begun) / OPS)
        assert answer.status_code == 200

    kind = database_url.partition(":")[0].partition("+")[0]
    assert report(f"push_visit_{kind}", median(seconds) * 1000, "ms", goal=50) <= 1
