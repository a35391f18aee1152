"""The phone at a quarter of this machine's speed: first load over a weak link, cold start offline, photos, saving, scrolling, long queues."""

from collections.abc import Callable, Iterator
from datetime import datetime
from statistics import median, quantiles
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page

from tests.bench.measures import machine_speed, report
from tests.bench.nginx_site import nginx_site
from tests.e2e import rep
from tests.e2e.company import Company, add_due_outlets, found_company
from tests.e2e.phone import Phone, launch_options
from tests.e2e.pictures import camera_photo
from tests.e2e.server_process import ServerProcess

SLOWER = 4
WEAK_LINK = {"offline": False, "latency": 300, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 1_600_000 / 8}
ROUNDS, STARTS, QUEUED, OUTLETS = 3, 7, 500, 2000
SAVES, TURNS, PHOTOS = 25, 4, 7
SLOWED = 1.2  # by so much at most may work that waits to be sent slow anything down
LONG_TASK_MS = 50

NOTE_READY = """() => {
    const look = () => {
        if (document.documentElement?.dataset.ready) window.readyAfterMs = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
SAVE = """async ([count, bytes, pauseMs]) => {
    const { openCapture, saveDraft, saveRecord } = await (await import("/m/packs.js")).load("db/capture.js");
    const { uuid7, sha256Hex } = await (await import("/m/packs.js")).load("ids.js");
    const { currentSession } = await (await import("/m/packs.js")).load("session.js");
    const capture = await openCapture((await currentSession()).personId);
    const times = [];
    for (let number = 0; number < count; number += 1) {
        const blobs = [];
        for (let photo = 0; photo < 3 && bytes; photo += 1) {
            const content = new Uint8Array(bytes);
            for (let at = 0; at < bytes; at += 65536) crypto.getRandomValues(content.subarray(at, Math.min(at + 65536, bytes)));
            blobs.push({ sha256: await sha256Hex(content.buffer), bytes: content.buffer, mime: "image/jpeg" });
        }
        const id = uuid7();
        const at = new Date().toISOString();
        const body = { visit_id: id, outlet_id: id, photos: [], checklist: [], checked_in_at: at, checked_out_at: at };
        const named = blobs.map(({ sha256 }) => ({ sha256, size: bytes }));
        const record = { kind: "record", form: "visit.v2", entity: { type: "visit", id }, scope: `outlet:${id}`, body, blobs: named };
        await saveDraft(capture, `visit:${id}`, { photos: named }, blobs);
        const began = performance.now();
        await saveRecord(capture, record, `visit:${id}`);
        times.push(performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, pauseMs)); // the screen reads all anew after each
    }
    return times;
}"""
PREPARE = """async (url) => {
    const { preparePhoto } = await (await import("/m/packs.js")).load("capture/photo.js");
    const blob = await (await fetch(url)).blob();
    const began = performance.now();
    await preparePhoto(blob, { lines: ["09:41", "2026-11-26"], source: "file", takenAt: new Date().toISOString(), longestSide: 1600 });
    return performance.now() - began;
}"""
SCROLL = """async (outlets) => {
    const tasks = [];
    const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
    watch.observe({ type: "longtask" });
    const rows = document.getElementById("outlet-rows").getElementsByTagName("a");
    const seen = new Set();
    const isBottom = () => scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
    const isEnd = (px) => (px < 0 ? scrollY === 0 : isBottom() && !document.getElementById("more-rows"));
    for (const px of [400, -400]) {
        for (let frames = 0; !isEnd(px) && frames < 2 * outlets; frames += 1) {
            scrollBy(0, px);
            await new Promise((resolve) => requestAnimationFrame(resolve) && setTimeout(resolve, 2000)); // a frame may never come
            for (const row of rows) seen.add(row.getAttribute("href"));
        }
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    watch.disconnect();
    const stands = [scrollY, document.documentElement.scrollHeight, rows.length];
    return [scrollY === 0 ? seen.size : 0, Math.max(0, ...tasks), stands];
}"""


@pytest.fixture(scope="module")
def company_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Company, ServerProcess]]:
    folder = tmp_path_factory.mktemp("phone-bench")
    company = found_company(folder)
    add_due_outlets(folder, "", company, [f"网点{number:04d}" for number in range(OUTLETS)])
    with ServerProcess(folder, "") as server:
        yield company, server


@pytest.fixture(scope="module")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    browser = chromium.launch(**launch_options())
    yield browser
    browser.close()


def slow_down(page: Page) -> Any:
    """A quarter of the speed from now on; the session to ask for more."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


@pytest.fixture(scope="module")
def site(company_server: tuple[Company, ServerProcess], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Behind nginx, as companies serve it."""
    with nginx_site(tmp_path_factory.mktemp("nginx"), company_server[1].port) as address:
        yield address


def test_bench_first_load_over_a_weak_link(site: str, browser: Browser) -> None:
    """Before anybody signs in, headers counted."""
    seconds, sizes = [], []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block", ignore_https_errors=True)
        context.add_init_script(f"({NOTE_READY})()")
        page = context.new_page()
        session = slow_down(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", WEAK_LINK)
        got: list[float] = []
        session.on("Network.loadingFinished", lambda event, got=got: got.append(event["encodedDataLength"]))
        page.goto(f"{site}/m/")
        page.wait_for_function("() => window.readyAfterMs")
        sizes.append(sum(got))
        seconds.append(page.evaluate("window.readyAfterMs") / 1000)
        context.close()
    within = [report("phone_first_load_kb", median(sizes) / 1024, "KB", goal=120), report("phone_first_load", median(seconds), "s", goal=3)]
    assert max(within) <= 1


@pytest.fixture(scope="module")
def phones(chromium: BrowserType, company_server: tuple[Company, ServerProcess], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Phone]]:
    """Two phones of a rep that hold everything and have no network; the second has visits waiting to be sent, the first none."""
    company, server = company_server
    both = [Phone(chromium, tmp_path_factory.mktemp("profile"), server.url, company.place(company.due)) for _ in range(2)]
    for phone in both:
        phone.switch_on()
        rep.sign_in(phone.page, "rep1")
        phone.page.get_by_test_id("outlet-row").first.wait_for(timeout=120_000)
        phone.wait_for_shell()
        phone.cut_network()
    both[1].page.evaluate(SAVE, [QUEUED, 0, 0])
    for phone in both:
        phone.switch_off()
    yield both
    for phone in both:
        phone.switch_off()


def start_ms(phone: Phone) -> float:
    """From the tap on the icon to the first screen, without a network; the phone is off before and after."""
    phone.switch_on(is_offline=True)
    assert phone.context is not None
    phone.context.add_init_script(f"({NOTE_READY})()")
    slow_down(phone.page)
    phone.page.reload()
    phone.page.wait_for_function("() => window.readyAfterMs")
    ready: float = phone.page.evaluate("window.readyAfterMs")
    phone.switch_off()
    return ready


def in_turns(phones: list[Phone], turns: int, measure: Callable[[Page], Any]) -> list[list[Any]]:
    """What each phone gave, turn by turn, at a quarter of its speed; the other is left at full speed to do nothing meanwhile."""
    sessions = [phone.page.context.new_cdp_session(phone.page) for phone in phones]
    found: list[list[Any]] = [[] for _ in phones]
    for _ in range(turns):
        for phone, session, of_phone in zip(phones, sessions, found, strict=True):
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            of_phone.append(measure(phone.page))
            session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    for session in sessions:
        session.detach()
    return found


def saves_ms(page: Page) -> list[float]:
    """Of records with three photos of 300 KB that are ready."""
    times: list[float] = page.evaluate(SAVE, [SAVES, 300_000, 1500])
    return times


def p95(times: list[float]) -> float:
    """That which 95 of 100 stay below, in the unit of `times`; of a few dozen one slow one moves it much."""
    return quantiles(times, n=20)[18]


def longest_task_ms(page: Page) -> float:
    """While the list is scrolled to its end and back as fast as frames come; of some thousand frames. 0 when none was longer than a long task."""
    page.evaluate("location.hash = '#/today'")
    page.get_by_test_id("outlet-search").wait_for(state="detached")
    page.evaluate("location.hash = '#/outlets'")
    page.get_by_test_id("outlet-search").wait_for()
    shown, task, stands = page.evaluate(SCROLL, OUTLETS)
    assert shown >= OUTLETS, stands
    return float(task)


def test_bench_phone_starts(phones: list[Phone]) -> None:
    """Cold, of the two phones in turns: a machine that slows down meanwhile slows both."""
    machine_speed()
    empty, behind = zip(*([start_ms(phone) for phone in phones] for _ in range(STARTS)), strict=True)
    within = [report("phone_cold_start", median(empty) / 1000, "s", goal=1)]
    within.append(report("phone_start_behind_500", median(behind) / median(empty), "x", goal=SLOWED))
    assert max(within) <= 1


def test_bench_phone_photo_and_scrolling(phones: list[Phone]) -> None:
    """Of the two phones in turns; each must be within its bound, and behind the visits that wait by so much more as waiting work may cost."""
    machine_speed()
    photo = camera_photo("#a1260d", datetime(2026, 11, 26, 9, 41), (30.66, 104.07))
    for phone in phones:
        phone.switch_on(is_offline=True)
        phone.wait_until_whole()
        phone.page.context.route("**/bench-photo.jpg", lambda route: route.fulfill(body=photo, content_type="image/jpeg"))
    photos, photos_behind = in_turns(phones, PHOTOS, lambda page: page.evaluate(PREPARE, "/bench-photo.jpg") / 1000)
    tasks, tasks_behind = in_turns(phones, ROUNDS, longest_task_ms)
    for phone in phones:
        phone.switch_off()
    within = [report("phone_photo_12mp", median(photos), "s", goal=1)]
    within.append(report("phone_photo_12mp_behind_500", median(photos_behind) / median(photos), "x", goal=SLOWED))
    within.append(report("phone_scroll_2000_outlets", median(tasks), "ms", goal=LONG_TASK_MS))
    within.append(report("phone_scroll_2000_outlets_behind_500", median(tasks_behind), "ms", goal=LONG_TASK_MS * SLOWED))
    assert max(within) <= 1


def test_bench_phone_saves(phones: list[Phone]) -> None:
    machine_speed()
    for phone in phones:
        phone.switch_on(is_offline=True)
        phone.wait_until_whole()  # a second after the start
    saves, saves_behind = ([ms for turn in of_phone for ms in turn] for of_phone in in_turns(phones, TURNS, saves_ms))
    for phone in phones:
        phone.switch_off()
    within = [report("phone_save_p95", p95(saves), "ms", goal=100)]
    within.append(report("phone_save_p95_behind_500", p95(saves_behind), "ms", goal=100))
    within.append(report("phone_save_behind_500", p95(saves_behind) / p95(saves), "x", goal=SLOWED))
    within.append(report("phone_save_median_behind_500", median(saves_behind) / median(saves), "x", goal=SLOWED))
    assert max(within) <= 1
