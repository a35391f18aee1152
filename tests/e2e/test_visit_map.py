"""The visit map in the browser: tiles of the company's own and of nobody else, points that open, fresh points by themselves, a day."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from server.domain.gcj02 import gcj02_of
from tests.e2e import console
from tests.e2e.company import CENTRE, Company, found_company
from tests.e2e.history import earlier_visit
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.server_process import ServerProcess
from tests.features.local_http import QuietDoor, serving

WORDS_OF_MAPS = ("https://tiles.example.com/{z}/{x}/{y}.png", "https://", "https", "{z}", "{x}", "{y}", "GCJ-02", "WGS-84", "OpenStreetMap")
CREDIT = "© 测绘 <i>公司</i>"
asked: list[str] = []


class TileDoor(QuietDoor):
    """A grey square for every tile."""

    def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
        asked.append(self.path)
        self.send(200, grey_square(), {"Content-Type": "image/png"})


def grey_square() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    rows = b"".join(b"\x00" + (b"\xb4" if row % 64 else b"\x90") * 256 for row in range(256))
    head = (256).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, Company]]:
    folder: Path = tmp_path_factory.mktemp("map")
    company = found_company(folder)
    with ServerProcess(folder) as server:
        earlier_visit(server, company, "rep1", company.due, days_ago=0)
        earlier_visit(server, company, "rep1", company.new[0], days_ago=0)
        server.run("nightly")
        yield server, company


def open_map(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/visits/map{query}")
    expect(page.locator("#map[data-visits]")).to_be_attached()


def middle(page: Page) -> tuple[float, float]:
    """Of the part of the map over which no legend lies."""
    box, legend = page.locator("#map").bounding_box(), page.locator("#map-frame .legend").bounding_box()
    assert box
    assert legend
    return box["x"] + box["width"] / 2, box["y"] + (box["height"] - legend["height"]) / 2


def test_without_tiles_nobody_else_is_asked_and_points_open(office: tuple[ServerProcess, Company], desk: Browser) -> None:
    server, company = office
    with console.signed_in(desk, server.url, "zhoumin") as page:
        elsewhere: list[Request] = []
        page.on("request", lambda request: None if request.url.startswith((server.url, "data:", "blob:")) else elsewhere.append(request))
        open_map(page, server.url, "?class=C&state=done")
        expect(page.locator("#map")).to_have_attribute("data-outlets", "1")
        expect(page.locator("#map")).to_have_attribute("data-shapes", re.compile("[1-9]"))
        page.mouse.click(*middle(page))  # the one outlet that is done is the office's place, in the middle
        expect(page.locator("#panel")).to_contain_text(company.due)
        open_map(page, server.url, "?look=visits")
        expect(page.locator("#map")).to_have_attribute("data-visits", "2")
        assert elsewhere == []


def test_a_visit_point_opens_its_visit(office: tuple[ServerProcess, Company], desk: Browser) -> None:
    server, company = office
    with console.signed_in(desk, server.url, "zhoumin") as page:
        open_map(page, server.url, "?look=visits&verdict=done")
        points = page.request.get(f"{server.url}/visits/map.json?look=visits").json()["visits"]
        place = points["lon"].index(min(points["lon"]))
        page.mouse.move(*middle(page))
        for _ in range(4):
            page.mouse.wheel(0, 200)
            page.wait_for_timeout(300)
        expect(page.locator("#map")).to_have_attribute("data-shapes", "1")  # far out both are one cluster
        page.mouse.click(*where_titled(page, "2 次巡检"))
        expect(page.locator("#map")).to_have_attribute("data-shapes", "2")
        page.wait_for_timeout(500)
        page.mouse.click(*where_titled(page, company.due))
        expect(page).to_have_url(f"{server.url}/visits/{points['id'][place]}")


def where_titled(page: Page, words: str) -> tuple[float, float]:
    """Where the pointer must be for the map to say these words."""
    box = page.locator("#map").bounding_box()
    assert box
    for y in range(8, int(box["height"]), 12):
        for x in range(8, int(box["width"]), 12):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if words in (page.locator("#map").get_attribute("title") or ""):
                return box["x"] + x, box["y"] + y
    raise AssertionError(f"nothing on the map says {words}")


def test_the_map_reads_anew_by_itself(office: tuple[ServerProcess, Company], desk: Browser) -> None:
    server, company = office
    with console.signed_in(desk, server.url, "zhoumin") as page:
        open_map(page, server.url)
        before = int(page.locator("#map").get_attribute("data-visits") or 0)
        earlier_visit(server, company, "rep2", company.others[0], days_ago=0)
        page.locator("#map-source").evaluate("(source) => { source.dataset.every = '1'; }")
        expect(page.locator("#map")).to_have_attribute("data-visits", str(before + 1))


TICKED = {"zh": "勾选了 {} 个", "en": "{} ticked"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_outlets_ticked_by_keyboard_stay_ticked_and_are_planned(office: tuple[ServerProcess, Company], desk: Browser, language: str) -> None:
    server, company = office
    walk = ScreenWalk("map-plan", language, given_words=company.given_words())
    with console.signed_in(desk, server.url, "zhoumin", language) as page:
        walk.listen(page)
        open_map(page, server.url, f"?rep={company.people['rep1']}")
        boxes, said = page.locator("input[name=outlet]"), page.locator("[data-ticked]")
        expect(said).to_have_text(TICKED[language].format(0))
        boxes.first.focus()
        page.keyboard.press("Space")
        expect(said).to_have_text(TICKED[language].format(1))
        page.evaluate("document.activeElement.blur()")
        page.locator("#map-source").evaluate("(source) => { source.dataset.every = '1'; }")
        page.wait_for_timeout(2500)  # the table is not read anew under what is ticked
        expect(boxes.first).to_be_checked()
        page.locator("[data-picks]").click()
        expect(said).to_have_text(TICKED[language].format(boxes.count()))
        offered = page.locator("#f-planned_on").input_value()
        page.locator("#f-planned_on").fill("2020-01-01")
        page.locator("#plan-many button[type=submit]").click()
        expect(page.locator("#f-planned_on")).to_have_attribute("aria-invalid", "true")
        console.look_twice(walk, page, "faults")
        page.locator("#f-planned_on").fill(offered)
        page.locator("#f-rep").select_option(company.people["rep2"])
        page.locator("main form.card button[type=submit]").click()
        expect(page.locator("main tbody tr").first).to_be_visible()
        console.look_twice(walk, page, "left-out")
    assert not walk.findings, "\n".join(walk.findings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_companys_tiles_are_fetched_and_shown(office: tuple[ServerProcess, Company], desk: Browser, language: str) -> None:
    server, company = office
    walk = ScreenWalk("map", language, given_words=company.given_words() | {CREDIT, "测绘", "公司", *WORDS_OF_MAPS})
    with serving(TileDoor) as tiles:
        asked.clear()
        set_tiles(walk, desk, server, f"{tiles}/{{z}}/{{x}}/{{y}}.png", language)
        with console.signed_in(desk, server.url, "zhoumin", language) as page:
            walk.listen(page)
            open_map(page, server.url)
            expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached()
            assert page.locator("img.leaflet-tile-loaded").first.evaluate("(tile) => tile.naturalWidth") == 256
            expect(page.locator(".credit")).to_have_text(CREDIT)
            assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in asked) and asked
            shown = page.request.get(f"{server.url}/visits/map.json").json()["offices"][0]
            assert shown[1:] == list(gcj02_of(*CENTRE))
            console.look_twice(walk, page, "tiles")
            open_map(page, server.url, "?look=visits")
            console.look_twice(walk, page, "visits")
            page.goto(f"{server.url}/visits/day?rep={company.people['rep1']}")
            expect(page.locator("#map[data-stops='2']")).to_be_attached()
            page.get_by_role("button", name="按顺序播放" if language == "zh" else "Play in order").click()
            expect(page.locator("#stop-1.now")).to_be_attached()
            expect(page.locator("#stop-2.now")).to_be_attached()
            console.look_twice(walk, page, "day")
            page.emulate_media(color_scheme="dark")
            walk.look(page, "day-dark")
            open_map(page, server.url)
            walk.look(page, "tiles-dark")
    with console.signed_in(desk, server.url, "admin", language) as page:
        page.goto(f"{server.url}/map-tiles")
        page.get_by_role("button", name="去掉底图" if language == "zh" else "Remove the tiles").click()
        expect(page.locator("#map-tiles-none")).to_be_attached()
        open_map(page, server.url)
        page.emulate_media(color_scheme="dark")
        walk.look(page, "plain-dark")
        expect(page.locator("img.leaflet-tile")).to_have_count(0)
    assert not walk.findings, "\n".join(walk.findings)


def set_tiles(walk: ScreenWalk, desk: Browser, server: ServerProcess, url: str, language: str) -> None:
    with console.signed_in(desk, server.url, "admin", language) as page:
        walk.listen(page)
        page.goto(f"{server.url}/map-tiles")
        page.locator("[name=url]").fill("http://tiles.example.com/{z}/{x}/{y}.png")
        page.locator("[name=frame][value=gcj02]").check()
        page.locator("[name=attribution]").fill(CREDIT)
        page.locator("form[action='/map-tiles'] button.go").click()
        expect(page.locator("#bad-url")).to_be_visible()
        console.look_twice(walk, page, "settings-fault")
        page.locator("[name=url]").fill(url)
        page.locator("form[action='/map-tiles'] button.go").click()
        expect(page.get_by_role("button", name="去掉底图" if language == "zh" else "Remove the tiles")).to_be_visible()
        page.locator("[data-closes=toast]").click()
        console.look_twice(walk, page, "settings")
