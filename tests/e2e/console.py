"""The console in the office's browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.e2e.company import PASSWORD
from tests.e2e.page_checks import ScreenWalk

DESKTOP = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}


@contextmanager
def signed_in(desk: Browser, url: str, login: str, language: str = "zh", password: str = PASSWORD) -> Iterator[Page]:
    """A page of this person, in a browser that has never been here."""
    context = desk.new_context(viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "language", "value": language, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/login")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile("/login"))
    yield page
    context.close()


def look_twice(walk: ScreenWalk, page: Page, screen: str) -> None:
    """Look at the page wide and narrow; it is left wide."""
    page.wait_for_load_state("load")
    walk.look(page, screen)
    page.set_viewport_size(NARROW)
    walk.look(page, f"{screen}-narrow")
    page.set_viewport_size(DESKTOP)


def shown_width(page: Page, selector: str) -> int:
    """Pixels of a picture that really loaded; 0 when it did not."""
    picture = page.locator(selector).first
    picture.scroll_into_view_if_needed()
    picture.evaluate("async (image) => { await image.decode().catch(() => {}); }")
    width: int = picture.evaluate("(image) => image.naturalWidth")
    return width
