"""The visit map of a busy month, 20,000 visits at 2,000 outlets: its data, and how it moves at a quarter of this machine's speed."""

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserType, Page, expect
from sqlalchemy import select, update

from server.app import create_app
from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.serving import upgrade_database
from server.visits.models import OutletMonth, Visit
from sync.ids import uuid7
from tests.bench import large_lists
from tests.bench.measures import machine_speed, report
from tests.collecting import spared_collector
from tests.e2e import console
from tests.e2e.phone import launch_options
from tests.e2e.server_process import ServerProcess
from tests.features.browsing import console as client_of
from tests.settings import settings_for
from tests.sync.conftest import PASSWORD

VISITS, OUTLETS, REPS, ROUNDS, SLOWER = 20_000, 2_000, 40, 5, 4
MOST_DATA_MS, MOST_DATA_KB, MOST_READY_MS, MOST_FILTER_MS = 400, 500, 1000, 300
MOST_TASK_MS, MOST_FRAME_MS, MOST_TYPICAL_FRAME_MS = 100, 100, 34
WATCH = """() => {
    window.tasks = [];
    window.frames = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
    let before = performance.now();
    const look = (at) => { window.frames.push(at - before); before = at; requestAnimationFrame(look); };
    requestAnimationFrame(look);
}"""
DRAWN = """() => {
    const look = () => {
        if (document.querySelector("#map[data-visits]")) window.drawnAfterMs = performance.now();
        else requestAnimationFrame(look);
    };
    addEventListener("DOMContentLoaded", look);
}"""


@dataclass
class BusyMap:
    server: ServerProcess
    folder: Path


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyMap]:
    folder = tmp_path_factory.mktemp("map")
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'xundian.db'}"))
    with app.app_context():
        upgrade_database()
        at, day = now(), today()
        large_lists.fill_company(at, OUTLETS, REPS)
        large_lists.fill_visits(at, day, VISITS, OUTLETS, REPS)
        fill_months(str(Month.of_date(day)))
        scatter(at)
        db.session.remove()
        db.engine.dispose()
    with ServerProcess(folder) as server:
        yield BusyMap(server, folder)


def fill_months(month: str) -> None:
    """Every state at outlets of this month. Commits."""
    owed = {"owed": 1, "planned": 1, "counted": 0, "waiting": 0, "policy_version": "1", "month": month}
    named = {"rep_id": "rep-0", "outlet_class": "C"}
    states = large_lists.STATES
    large_lists.put(OutletMonth, OUTLETS, lambda n: {"outlet_id": large_lists.outlet_id(n), "state": states[n % 4], **owed, **named})
    db.session.commit()


def scatter(at: datetime) -> None:
    """Ids and fixes as phones make them: no two alike, so that they pack no better than real ones. Commits."""
    rows = db.session.execute(select(Visit.id, Visit.fix_lat, Visit.fix_lon)).all()
    for number, (visit_id, lat, lon) in enumerate(rows):
        changed = {"id": uuid7(), "fix_lat": lat + number * 7919 % 1009 / 1e6, "fix_lon": lon + number * 104729 % 1013 / 1e6}
        db.session.execute(update(Visit).where(Visit.id == visit_id).values(**changed))
    db.session.commit()


@pytest.fixture
def serving(busy: BusyMap) -> Iterator[Flask]:
    """The app as a server has it, with a collector that leaves it alone."""
    app = create_app(settings_for(busy.folder, f"sqlite:///{busy.folder / 'xundian.db'}"))
    with spared_collector():
        yield app
    with app.app_context():
        db.engine.dispose()


def test_bench_data_of_the_map(serving: Flask) -> None:
    client = client_of(serving, "chief")
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get("/visits/map.json", headers={"Accept-Encoding": "gzip"})
        spent.append((time.perf_counter() - begun) * 1000)
    points = json.loads(gzip.decompress(answer.data))
    assert (len(points["visits"]["id"]), len(points["outlets"])) == (VISITS, OUTLETS)
    ratios = [report("map_data", median(spent), "ms", MOST_DATA_MS), report("map_data", len(answer.data) / 1024, "KB", MOST_DATA_KB)]
    assert max(ratios) <= 1


@pytest.fixture(scope="module")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    browser = chromium.launch(**launch_options())
    yield browser
    browser.close()


@pytest.mark.parametrize("look", ["", "visits"])
def test_bench_map_in_a_browser(busy: BusyMap, browser: Browser, look: str) -> None:
    name = f"map_{look or 'outlets'}"
    machine_speed()
    with console.signed_in(browser, busy.server.url, "chief", password=PASSWORD) as page:
        page.add_init_script(f"({DRAWN})()")
        ready = [ready_after_ms(page, busy.server.url, look) for _ in range(3)]
        ratios = [report(f"{name}_drawn", median(ready), "ms", MOST_READY_MS)]
        ratios.append(report(f"{name}_filtered", filtered_after_ms(page), "ms", MOST_FILTER_MS))
        page.goto(f"{busy.server.url}/visits/map?look={look}")
        expect(page.locator("#map[data-visits]")).to_be_attached()
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.evaluate(WATCH)
        move_about(page)
        tasks, frames = page.evaluate("[window.tasks, window.frames]")
        assert page.locator("#map").get_attribute("data-visits") == str(VISITS)
    ratios.append(report(f"{name}_longest_task", max(tasks, default=0), "ms", MOST_TASK_MS))
    ratios.append(report(f"{name}_longest_frame", max(frames), "ms", MOST_FRAME_MS))
    ratios.append(report(f"{name}_typical_frame", median(frames), "ms", MOST_TYPICAL_FRAME_MS))
    assert max(ratios) <= 1


def ready_after_ms(page: Page, url: str, look: str) -> float:
    """From asking for the page until its points are drawn, at full speed."""
    page.goto(f"{url}/visits/map?look={look}")
    expect(page.locator("#map[data-visits]")).to_be_attached()
    page.evaluate("new Promise(requestAnimationFrame)")
    ready: float = page.evaluate("window.drawnAfterMs")
    return ready


def filtered_after_ms(page: Page) -> float:
    """From choosing a class until the map shows it, at full speed."""
    before = page.locator("#map").get_attribute("data-outlets")
    taken: float = page.evaluate(
        """async ([before]) => {
            const begun = performance.now();
            const choice = document.querySelector("#say-class");
            choice.value = "A";
            choice.dispatchEvent(new Event("change", { bubbles: true }));
            while (document.querySelector("#map").dataset.outlets === before) await new Promise((resolve) => setTimeout(resolve, 5));
            return performance.now() - begun;
        }""",
        [before],
    )
    return taken


def move_about(page: Page) -> None:
    """Drag, come nearer by the wheel as far as it goes, drag there, and go back out."""
    box: Any = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for wheel in (0, -400, -400, -400, 0, 400, 400):
        if wheel:
            page.mouse.move(x, y)
            page.mouse.wheel(0, wheel)
            page.wait_for_timeout(700)
        for across in (160, -160):
            page.mouse.move(x, y)
            page.mouse.down()
            for step in range(1, 13):
                page.mouse.move(x + across * step / 12, y + across * step / 24)
            page.mouse.up()
            page.wait_for_timeout(400)
