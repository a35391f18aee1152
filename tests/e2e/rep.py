"""What a rep does with the phone, in taps."""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, expect

from server.clock import now
from server.domain.months import business_date
from tests.e2e.company import PASSWORD
from tests.e2e.pictures import camera_photo

Look = Callable[[str], None]
QUESTIONS = 8
FINGER_LIFT_MS = 500  # Chromium takes a tap right after a swipe for a part of it
HANDLING = "已当面说明，下次带新物料。"
STROKES = (((0.15, 0.3), (0.3, 0.7), (0.4, 0.35)), ((0.5, 0.4), (0.62, 0.62), (0.75, 0.3), (0.85, 0.66)))


def nobody_looks(_screen: str) -> None:
    """For visits whose screens are not what the test is about."""


def sign_in_here(page: Page, login: str) -> None:
    """On the screen that asks for login and password."""
    page.get_by_test_id("sign-in-login").fill(login)
    page.get_by_test_id("sign-in-password").fill(PASSWORD)
    page.get_by_test_id("sign-in-submit").tap()


def sign_in(page: Page, login: str) -> None:
    page.evaluate("location.hash = '#/sign-in/password'")
    sign_in_here(page, login)
    expect(page).to_have_url(re.compile("#/today$"))


def open_outlet(page: Page, name: str) -> None:
    page.evaluate("location.hash = '#/outlets'")
    expect(page.get_by_test_id("outlet-search")).to_be_visible()  # until then the screen before stands, which may list it too
    page.get_by_test_id("outlet-row").filter(has_text=name).tap()


def make_visit(page: Page, name: str, photos: dict[str, Path], look: Look = nobody_looks) -> str:
    """A whole visit, from the list to "Saved"; returns its id. `look` is called on every screen of it."""
    open_outlet(page, name)
    look("outlet")
    page.get_by_test_id("check-in").tap()
    check_in(page, look)
    answer_checklist(page, look)
    add_photos(page, photos, look)
    page.get_by_test_id("to-owner").tap()
    expect(page.get_by_test_id("to-sign")).to_be_visible()
    look("summary")
    page.get_by_test_id("to-sign").tap()
    sign(page, look)
    return saved_visit(page, look)


def check_in(page: Page, look: Look = nobody_looks) -> None:
    expect(page.get_by_test_id("accuracy")).to_contain_text("35")
    look("check-in")
    page.get_by_test_id("checkin-confirm").tap()


def answer_checklist(page: Page, look: Look = nobody_looks) -> None:
    """Everything is as it should be: the choice that is no problem stands first."""
    for number in range(QUESTIONS):
        expect(page.get_by_text(f"{number + 1} / {QUESTIONS}")).to_be_visible()
        page.locator(".question .choice").first.tap()
        if number in (0, 3):
            look(f"checklist-{number + 1}")
        page.get_by_test_id("checklist-next").tap()


def add_photos(page: Page, photos: dict[str, Path], look: Look = nobody_looks, already: int = 0) -> None:
    for number, (slot, path) in enumerate(photos.items(), already + 1):
        page.get_by_test_id(f"photo-input-{slot}").set_input_files(path)
        expect(page.locator(".slot.filled")).to_have_count(number, timeout=30_000)
    page.get_by_test_id("handling").fill(HANDLING)
    page.get_by_test_id("handling").blur()
    look("photos")


def sign(page: Page, look: Look = nobody_looks) -> None:
    pad = page.get_by_test_id("sign-pad")
    expect(pad).to_be_visible()
    pad.scroll_into_view_if_needed()
    draw_by_finger(page)
    page.wait_for_timeout(FINGER_LIFT_MS)
    look("sign")
    page.get_by_test_id("sign-save").tap()


def draw_by_finger(page: Page) -> None:
    """Strokes on the pad as touch events."""
    box = page.get_by_test_id("sign-pad").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    for stroke in STROKES:
        for number, (x, y) in enumerate(points_along(stroke)):
            touch = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
            session.send("Input.dispatchTouchEvent", {"type": "touchMove" if number else "touchStart", "touchPoints": [touch]})
            page.wait_for_timeout(20)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def points_along(stroke: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    points = []
    for (x, y), (to_x, to_y) in pairwise(stroke):
        points += [(x + (to_x - x) * part / 4, y + (to_y - y) * part / 4) for part in range(4)]
    return [*points, stroke[-1]]


def saved_visit(page: Page, look: Look = nobody_looks) -> str:
    """Wait for the screen that says "Saved"."""
    expect(page).to_have_url(re.compile(r"#/saved/[0-9a-f-]{36}$"))
    expect(page.get_by_test_id("saved")).to_be_visible()
    look("saved")
    return page.url.rpartition("/")[2]


def today_text() -> str:
    """Today in the company's time zone, as file names have it."""
    return business_date(now()).isoformat()


def photo_files(folder: Path, place: tuple[float, float]) -> dict[str, Path]:
    """Twelve-megapixel photos for the required slots, as files of the phone's own camera."""
    files = {}
    for slot, colour in (("storefront", "#a1260d"), ("counter", "#005c4b")):
        files[slot] = folder / f"{slot}.jpg"
        files[slot].write_bytes(camera_photo(colour, datetime.now(), place))
    return files
