"""A rep's calendar in a browser: visits dragged, moved by keyboard, leave with a substitute; in both languages."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from server.clock import today
from server.domain.months import Month
from tests.e2e import console
from tests.e2e.office import Open, look, look_twice, opened
from tests.e2e.page_checks import ScreenWalk

NEXT = Month.of_date(today()).next()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with opened(tmp_path_factory.mktemp("calendar")) as office:
        yield office


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_supervisor_moves_visits_and_enters_leave(office: Open, desk: Browser, language: str) -> None:
    walk = ScreenWalk("calendar", language, given_words=office.company.given_words())
    url, rep_id = office.server.url, office.company.people["rep1"]
    address = f"{url}/visit-plans?month={NEXT}&rep={rep_id}"
    with console.signed_in(desk, url, "zhoumin", language) as page:
        walk.listen(page)
        look(walk, page, address, "calendar-empty")
        page.locator("form[action$='/proposal'] button").first.click()
        expect(page.locator("[data-chip] form[action*='/move']").first).to_be_attached()
        look_twice(walk, page, "calendar")
        drag(page)
        move_by_keyboard(walk, page)
        enter_leave(walk, page, url, rep_id)
    assert not walk.findings, "\n".join(walk.findings)


def drag(page: Page) -> None:
    """The first visit to a day without any; the page comes back at it."""
    free = page.locator(".day[data-day]:not(.has):not(.off)").last
    day = free.get_attribute("data-day")
    page.locator(".cal [data-chip] > summary").first.drag_to(free)
    expect(page).to_have_url(re.compile(f"#v-.*-{day}$"))
    expect(page.locator(f".day[data-day='{day}'] [data-chip]")).to_have_count(1)


def move_by_keyboard(walk: ScreenWalk, page: Page) -> None:
    chip = page.locator(".cal [data-chip]").first
    chip.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("open", "")
    look_twice(walk, page, "calendar-open")
    day = page.locator(".day[data-day]:not(.has):not(.off)").first.get_attribute("data-day") or ""
    chip.locator("[name=planned_on]").fill(day)
    chip.locator("form.move button").press("Enter")
    expect(page.locator(f".day[data-day='{day}'] [data-chip]")).to_have_count(1)


def enter_leave(walk: ScreenWalk, page: Page, url: str, rep_id: str) -> None:
    """A slip first; then the calendar names what stands within the leave, and the person's page ends it."""
    day = page.locator(".cal .day.has").first.get_attribute("data-day") or ""
    page.locator("a[href$='/leaves/new']").click()
    page.locator("#f-starts_on").fill(day)
    page.locator("#f-ends_on").fill(str(NEXT.first_day - timedelta(days=1)))
    page.locator("main form[action$='/leaves'] button").click()
    expect(page.locator("#f-ends_on")).to_have_attribute("aria-invalid", "true")
    look_twice(walk, page, "leave-faults")
    page.locator("#f-ends_on").fill(day)
    page.locator("#f-substitute_id").select_option(index=1)
    page.locator("main form[action$='/leaves'] button").click()
    expect(page.locator(".day.leave")).to_have_count(1)
    look_twice(walk, page, "calendar-leave")
    look(walk, page, f"{url}/people/{rep_id}", "person-leave")
    page.locator("form[action$='/end'] button").click()
    expect(page.locator("form[action$='/end']")).to_have_count(0)
