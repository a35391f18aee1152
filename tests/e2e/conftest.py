"""Real browsers against real server processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, expect

from tests.databases import Cluster
from tests.e2e.company import Company, found_company
from tests.e2e.phone import Phone, launch_options
from tests.e2e.server_process import ServerProcess

expect.set_options(timeout=15_000)  # a busy machine is no failure


@pytest.fixture(scope="session")
def desk(chromium: BrowserType) -> Iterator[Browser]:
    """The browser in the office, for the console."""
    browser = chromium.launch(**launch_options())
    yield browser
    browser.close()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; SQLite in the data folder ("") unless the test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield ""
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create_database()
    yield url
    cluster.drop_database(url)


@pytest.fixture
def company(tmp_path: Path, database: str) -> Company:
    return found_company(tmp_path, database)


@pytest.fixture
def server(tmp_path: Path, database: str, company: Company) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path, database) as server:
        yield server


@pytest.fixture
def new_phone(chromium: BrowserType, tmp_path: Path) -> Iterator[Callable[[ServerProcess, tuple[float, float]], Phone]]:
    """Makes phones; whatever still runs at the end is switched off."""
    made: list[Phone] = []

    def make(server: ServerProcess, here: tuple[float, float]) -> Phone:
        phone = Phone(chromium, tmp_path / f"phone{len(made) + 1}", server.url, here)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        phone.switch_off()
