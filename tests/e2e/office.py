"""A company on its first day, and looking at its console after a deed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e import console
from tests.e2e.company import Company, found_company
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.server_process import ServerProcess


@dataclass
class Open:
    """A company on its first day."""

    server: ServerProcess
    company: Company


@contextmanager
def opened(folder: Path) -> Iterator[Open]:
    company = found_company(folder)
    with ServerProcess(folder) as server:
        yield Open(server, company)


def look(walk: ScreenWalk, page: Page, path: str, screen: str) -> None:
    page.goto(path)
    look_twice(walk, page, screen)


def look_twice(walk: ScreenWalk, page: Page, screen: str) -> None:
    """Look wide and narrow, once what was said of the deed before is put away: it would lie over the page."""
    page.wait_for_load_state("load")
    close = page.locator("[data-closes=toast]")
    if close.count():
        close.click()
    console.look_twice(walk, page, screen)
