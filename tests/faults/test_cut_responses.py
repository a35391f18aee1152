"""Answers that do not get through, and answers that others give: nothing is lost, nothing is doubled (SYNC §7: 1, 21, 22)."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.client import Refused, SyncClient
from tests.databases import Cluster
from tests.e2e.company import Company, found_company
from tests.e2e.server_process import ServerProcess
from tests.faults.fleet import Sending, assert_all_in_once, capture, signed_in, transport_to
from tests.faults.proxy import Deed, Proxy, pass_all

VISITS = 30
PUSH = "/sync/v1/push"

Site = tuple[ServerProcess, Company]


on_both_databases = pytest.mark.parametrize("site", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A server with a company in it; on SQLite unless the test asks for PostgreSQL."""
    is_postgres = getattr(request, "param", "sqlite") == "postgresql"
    cluster: Cluster | None = request.getfixturevalue("cluster") if is_postgres else None
    url = cluster.create_database() if cluster else ""
    company = found_company(tmp_path, url)
    with ServerProcess(tmp_path, url) as server:
        yield server, company
    if cluster:
        cluster.drop_database(url)


def phone_behind(proxy: Proxy, site: Site, visits: int = VISITS, timeout: float = 20.0) -> SyncClient:
    server, company = site
    phone = SyncClient(transport_to(proxy.port, timeout), signed_in(server))
    source = random.Random(11)
    for _ in range(visits):
        capture(phone, company.outlets[company.due], source)
    return phone


@on_both_databases
def test_an_answer_lost_after_the_commit_is_given_again(site: Site):
    """Edge case 1: the phone offers the batch again and gets the stored results."""
    losses = iter(["cut"])

    def lose_first_push(_method: str, path: str, _size: int) -> Deed:
        return next(losses, "pass") if path == PUSH else "pass"  # type: ignore[return-value]

    with Proxy(site[0].port, lose_first_push) as proxy:
        phone = phone_behind(proxy, site)
        with pytest.raises(Refused):
            phone.sync()
        assert not any(op.result for op in phone.ops), "nothing counts as sent that was not answered"
        phone.sync()
        assert [path for _, path, _ in proxy.seen].count(PUSH) == 2
    assert_all_in_once(site[0], [phone])


@on_both_databases
def test_a_third_of_all_answers_lost_at_random_loses_and_doubles_nothing(site: Site):
    chance = random.Random(3)

    def lose_a_third(_method: str, _path: str, _size: int) -> Deed:
        return chance.choice(["pass", "pass", "pass", "pass", "cut", "lose"])

    with Proxy(site[0].port, lose_a_third) as proxy:
        phones = [phone_behind(proxy, site, 8)]
        Sending(phones).join()
        assert proxy.count("cut") > 5
    assert_all_in_once(site[0], phones)


@on_both_databases
def test_a_phone_that_hangs_up_before_the_answer_comes_sends_nothing_twice(site: Site):
    with Proxy(site[0].port, delay_s=1.0) as proxy:
        phone = phone_behind(proxy, site, 5, timeout=0.5)
        with pytest.raises(Refused):
            phone.sync()
        assert proxy.seen[0] == ("POST", PUSH, "pass")
        assert not any(op.result for op in phone.ops)
        proxy.delay_s = 0.0
        Sending([phone]).join()
    assert_all_in_once(site[0], [phone])


def test_a_captive_portal_is_not_taken_for_the_server(site: Site):
    """Edge case 21: 200 with a page says nothing about records."""

    def portal(_method: str, _path: str, _size: int) -> Deed:
        return "portal"

    with Proxy(site[0].port, portal) as proxy:
        phone = phone_behind(proxy, site)
        with pytest.raises(Refused):
            phone.sync()
        assert len(phone.capture.pending()) == VISITS
        proxy.rule = pass_all
        phone.sync()
    assert_all_in_once(site[0], [phone])


def test_a_proxy_that_refuses_large_requests_gets_small_ones(site: Site):
    """Edge case 22: batches are halved until they fit."""
    most_bytes = 6_000

    def narrow(_method: str, path: str, size: int) -> Deed:
        return "too_large" if path == PUSH and size > most_bytes else "pass"

    with Proxy(site[0].port, narrow) as proxy:
        phone = phone_behind(proxy, site)
        phone.sync()
        assert proxy.count("too_large") > 0
    assert_all_in_once(site[0], [phone])
