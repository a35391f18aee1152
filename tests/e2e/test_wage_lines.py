"""Every kind of wage line opens to its records, down to photo and signature, in at most three taps; own sheets only for a rep."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.domain.wage_kinds import WAGE_KINDS
from tests.e2e import console
from tests.e2e.server_process import ServerProcess
from tests.e2e.wage_company import FILE_NAME, Records, found_wage_company

MOST_TAPS = 3
VISIT, OUTLET = "a[href*='/visits/']", "a[href*='/outlets/']:not([href*='/volume/'])"
PHOTO_OF_VISIT, SIGNATURE = "figure.photo img", "img.sign"
BOTH = ("img.shot", SIGNATURE)


@dataclass(frozen=True)
class Way:
    """From a line on: the links to tap behind the opened line, and what must stand at the end: pictures, or rows with these words."""

    links: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    rows: str = ""


WAYS: dict[str, tuple[Way, ...]] = {
    "base": (Way(("a[href*='/calendar']",), rows="12月"),),
    "new_customers": (Way((OUTLET, f"table {VISIT}"), (PHOTO_OF_VISIT, SIGNATURE)),),
    "volume": (Way(("a[href*='/volume/']",), rows=FILE_NAME),),
    "award_complaints": (Way(("a[href*='/complaints/']",), (SIGNATURE,)),),
    "award_trainings": (Way(("a[href*='/trainings/']",), BOTH),),
    "award_visits": (Way((VISIT,), (PHOTO_OF_VISIT, SIGNATURE)),),
    "deduct_inadequate_training": (Way(("a[href*='/callbacks/']",), rows="店主说没有讲过"), Way(("a[href*='/trainings/']",), BOTH)),
    "deduct_churned": (Way(("a[href*='/churn/']",), rows="700.00"), Way(("a[href*='/volume/']",), rows=FILE_NAME)),
    "deduct_inaccurate_file": (
        Way(("a[href*='/callbacks/']",), rows="店主说没有讲过"),
        Way((VISIT,), (PHOTO_OF_VISIT, SIGNATURE)),
    ),
    "deduct_missed_visit": (Way((VISIT,), (PHOTO_OF_VISIT, SIGNATURE)),),
    "deduct_complaint_about_rep": (Way(("a[href*='/complaints/']",), (SIGNATURE,)),),
    "deduct_complaint_unhandled": (Way(("a[href*='/complaints/']",), (SIGNATURE,)),),
    "deduct_late_materials": (Way(("a[href*='/materials/']",), BOTH),),
}
EARNED = [kind.code for kind in WAGE_KINDS if kind.sign > 0]
DEDUCTED = [kind.code for kind in WAGE_KINDS if kind.sign < 0]


@dataclass
class Open:
    server: ServerProcess
    records: Records

    def sheet(self, login: str) -> str:
        return f"{self.server.url}/payroll/{self.records.month}/{self.records.company.people[login]}"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    folder: Path = tmp_path_factory.mktemp("wages")
    records = found_wage_company(folder)
    with ServerProcess(folder) as server:
        yield Open(server, records)


class Finger:
    """Taps links one after another and counts them."""

    def __init__(self, page: Page, is_touch: bool) -> None:
        self.page, self.is_touch, self.taps = page, is_touch, 0

    def tap(self, link: Locator) -> None:
        self.taps += 1
        link.scroll_into_view_if_needed()
        if self.is_touch:
            link.tap()
        else:
            link.click()


@contextmanager
def holding(desk: Browser, office: Open, login: str, is_phone: bool) -> Iterator[Page]:
    """A page of this person on a desktop, or on a touch screen of 360 px."""
    if not is_phone:
        with console.signed_in(desk, office.server.url, login) as page:
            yield page
        return
    context = desk.new_context(viewport=console.NARROW, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True, is_mobile=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{office.server.url}/login")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(console.PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile("/login"))
    yield page
    context.close()


def walk(page: Page, sheet: str, kind: str, way: Way, is_touch: bool) -> int:
    """Open the line, follow the links, look at what stands at the end; how many taps it took."""
    page.goto(f"{sheet}?open=", wait_until="domcontentloaded")
    finger = Finger(page, is_touch)
    finger.tap(page.locator(f"#open-{kind}"))
    behind = page.locator("tr.more")
    for link in way.links:
        finger.tap(behind.locator(link).first)
        page.wait_for_load_state("domcontentloaded")
        behind = page.locator("main")
    for picture in way.pictures:
        assert console.shown_width(page, f"main {picture}") > 0, (kind, picture, page.url)
    if way.rows:
        expect(page.locator("main")).to_contain_text(way.rows)
    return finger.taps


def test_every_kind_of_line_has_a_way_to_walk() -> None:
    assert list(WAYS) == [kind.code for kind in WAGE_KINDS]


@pytest.mark.parametrize(
    ("login", "whose", "kinds", "is_phone"),
    [
        ("manager", "rep1", EARNED, False),
        ("manager", "rep2", DEDUCTED, False),
        ("rep1", "rep1", EARNED, True),
        ("rep2", "rep2", DEDUCTED, True),
    ],
)
def test_every_line_opens_down_to_its_records(office: Open, desk: Browser, login: str, whose: str, kinds: list[str], is_phone: bool) -> None:
    taps = {}
    with holding(desk, office, login, is_phone) as page:
        for kind in kinds:
            for number, way in enumerate(WAYS[kind]):
                taps[f"{kind} {number}"] = walk(page, office.sheet(whose), kind, way, is_phone)
    assert {name: count for name, count in taps.items() if count > MOST_TAPS} == {}
    assert max(taps.values()) >= 2  # taps were counted


def test_a_photo_opens_in_full_by_one_tap_more(office: Open, desk: Browser) -> None:
    with holding(desk, office, "rep2", is_phone=True) as page:
        way = WAYS["deduct_late_materials"][0]
        assert walk(page, office.sheet("rep2"), "deduct_late_materials", way, is_touch=True) == 2
        full = page.locator("main a[href*='/photos/']").first.get_attribute("href")
        answer = page.request.get(f"{office.server.url}{full}")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")


def test_an_importer_opens_the_import_behind_a_volume(office: Open, desk: Browser) -> None:
    with holding(desk, office, "admin", is_phone=False) as page:
        way = Way(("a[href*='/volume/']", "a[href*='/imports/']"), rows=FILE_NAME)
        assert walk(page, office.sheet("rep1"), "volume", way, is_touch=False) == MOST_TAPS


def test_a_rep_sees_nothing_of_anothers_sheet_and_records(office: Open, desk: Browser) -> None:
    records = office.records
    with holding(desk, office, "rep2", is_phone=True) as page:
        own = {name: page.request.get(f"{office.server.url}{path}").status for name, path in records.pages.items() if name != "outlet"}
        assert set(own.values()) == {200}, own
    with holding(desk, office, "rep1", is_phone=True) as page:
        places = [office.sheet("rep2"), *(f"{office.server.url}{path}" for path in records.pages.values())]
        places += [f"{office.server.url}/photos/{sha256}" for sha256 in records.pictures]
        assert len(places) > 12
        assert {place: status for place in places if (status := page.request.get(place).status) != 404} == {}
