"""Lighthouse's scores of the phone's screens as it looks at phones by default (slow 4G, a quarter of the speed): 95 of 100 is the least."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserType

from tests.bench.measures import report_at_least
from tests.bench.nginx_site import nginx_site
from tests.e2e import rep
from tests.e2e.company import Company, add_due_outlets, found_company
from tests.e2e.phone import CHROMIUM, QUIET, TRUSTING, Phone, wait_until
from tests.e2e.server_process import ROOT, ServerProcess, free_port

LEAST = 95
ROUNDS, OUTLETS = 3, 200
CATEGORIES = ("performance", "accessibility", "best-practices")
SCRIPT = Path(__file__).parent / "lighthouse.mjs"


@pytest.fixture(scope="module")
def company_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Company, ServerProcess]]:
    folder = tmp_path_factory.mktemp("lighthouse")
    company = found_company(folder)
    add_due_outlets(folder, "", company, [f"网点{number:03d}" for number in range(OUTLETS)])
    with ServerProcess(folder, "") as server:
        yield company, server


@pytest.fixture(scope="module")
def site(company_server: tuple[Company, ServerProcess], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Behind nginx, as companies serve it."""
    with nginx_site(tmp_path_factory.mktemp("nginx"), company_server[1].port) as address:
        yield address


@contextmanager
def listening_chromium(profile: Path) -> Iterator[int]:
    """Chromium on a profile; the port on which it takes orders."""
    port = free_port()
    words = [CHROMIUM, "--headless=new", f"--user-data-dir={profile}", f"--remote-debugging-port={port}", TRUSTING, *QUIET]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(port), 30, "Chromium did not start")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with suppress(OSError):
        urlopen(f"http://127.0.0.1:{port}/json/version", timeout=5).close()
        return True
    return False


def looks_at(profile: Path, here: tuple[float, float], urls: list[str], keeps_storage: bool) -> list[list[dict[str, Any]]]:
    """What Lighthouse found in each round at each address."""
    with listening_chromium(profile) as port:
        order = {"port": port, "lat": here[0], "lon": here[1], "urls": urls, "rounds": ROUNDS, "keepsStorage": keeps_storage}
        words = [sys.executable, "deploy/node.py", str(SCRIPT), json.dumps(order)]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    looks = json.loads(done.stdout)
    return [looks[start : start + ROUNDS] for start in range(0, len(looks), ROUNDS)]


def assert_scores(screen: str, looks: list[dict[str, Any]], url: str) -> None:
    assert [look["shown"] for look in looks] == [url] * ROUNDS, "another screen was looked at"
    weak = []
    for category in CATEGORIES:
        score = median(look[category]["score"] for look in looks)
        if report_at_least(f"lighthouse_{screen}_{category}", score, "points", goal=LEAST) > 1:
            weak.append((category, score, looks[-1][category]["lost"]))
    assert not weak


def test_bench_lighthouse_of_the_sign_in(site: str, company_server: tuple[Company, ServerProcess], tmp_path: Path) -> None:
    """A phone that was never here."""
    url = f"{site}/m/#/sign-in"
    company = company_server[0]
    looks = looks_at(tmp_path / "profile", company.place(company.due), [url], keeps_storage=False)
    assert_scores("sign_in", looks[0], url)


def test_bench_lighthouse_of_a_signed_in_phone(
    site: str, company_server: tuple[Company, ServerProcess], chromium: BrowserType, tmp_path: Path
) -> None:
    """Today and a visit at its check-in, from the app that the worker keeps."""
    company, _ = company_server
    phone = Phone(chromium, tmp_path / "profile", site, company.place(company.due), trusts_all=True)
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    phone.page.get_by_test_id("outlet-row").first.wait_for()
    phone.wait_for_shell()
    phone.switch_off()
    today, visit = f"{site}/m/#/today", f"{site}/m/#/outlets/{company.outlets[company.due]}/visit"
    looks = looks_at(phone.profile, phone.here, [today, visit], keeps_storage=True)
    assert_scores("today", looks[0], today)
    assert_scores("visit", looks[1], visit)
