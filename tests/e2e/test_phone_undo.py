"""What a finger takes away by mistake comes back: a photo, a signature, a cashier; not past eight seconds, and not under changed content.

A photo that the phone lost is told, and taken again.
"""

from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone_storage import lose_last_photo
from tests.e2e.pictures import camera_photo
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone

CASHIER = "李敏"
DARK_PIXELS = """(canvas) => {
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return data.filter((level, at) => at % 4 === 0 && level < 128).length;
}"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_taken_away_comes_back(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str) -> None:
    phone, walk = walking_phone(server, company, new_phone, language, {rep.HANDLING, CASHIER})
    page = phone.page
    bring_back_a_cashier(page, company, walk)
    photos = rep.photo_files(tmp_path, phone.here)
    another = tmp_path / "another.jpg"
    another.write_bytes(camera_photo("#8a5a00", datetime.now(), phone.here))
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    rep.answer_checklist(page)
    rep.add_photos(page, photos)
    bring_back_a_photo(page, another)
    take_a_lost_photo_again(page, walk, company, photos["counter"])
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    bring_back_a_signature(page)
    page.get_by_test_id("sign-save").tap()
    rep.saved_visit(page)
    expect(page.get_by_test_id("undo-toast")).to_have_count(0)
    assert not walk.findings, "\n".join(walk.findings)


def bring_back_a_cashier(page: Page, company: Company, walk: ScreenWalk) -> None:
    rep.open_outlet(page, company.due)
    page.get_by_test_id("edit-file").tap()
    page.get_by_test_id("add-cashier").tap()
    page.get_by_test_id("cashier-0").fill(CASHIER)
    page.get_by_test_id("drop-cashier-0").tap()
    expect(page.get_by_test_id("cashier")).to_have_count(0)
    page.get_by_test_id("undo").focus()  # which stops the time
    walk.look(page, "undo-cashier")
    page.get_by_test_id("undo").tap()
    expect(page.get_by_test_id("cashier-0")).to_have_value(CASHIER)
    expect(page.get_by_test_id("undo-toast")).to_have_count(0)
    page.get_by_test_id("drop-cashier-0").tap()
    go(page, "/today")
    expect(page.get_by_test_id("undo-toast")).to_have_count(0)  # its form is not there any more


def bring_back_a_photo(page: Page, file: Path) -> None:
    filled = page.locator(".slot.filled")
    page.get_by_test_id("photo-input-other").set_input_files(file)
    expect(filled).to_have_count(3, timeout=30_000)
    drop_last_photo(page)
    page.get_by_test_id("undo").tap()
    expect(filled).to_have_count(3)
    expect(filled.last.locator("img")).to_be_visible()
    drop_last_photo(page)
    expect(page.get_by_test_id("undo-toast")).to_have_count(0, timeout=20_000)
    expect(filled).to_have_count(2)


def take_a_lost_photo_again(page: Page, walk: ScreenWalk, company: Company, file: Path) -> None:
    lose_last_photo(page, company.people["rep1"], "visit:")
    page.reload()
    lost = page.locator(".slot.filled").nth(1)
    expect(lost).to_contain_text("丢了" if walk.language == "zh" else "Lost")
    expect(page.get_by_test_id("to-owner")).to_have_count(0)
    expect(page.get_by_test_id("take-counter")).to_be_visible()
    walk.look(page, "photo-lost")
    lost.locator("button.frame").tap()
    for choice in ("photo-again", "photo-drop"):
        expect(page.get_by_test_id(choice)).to_be_visible()
    expect(page.get_by_test_id("photo-keep")).to_have_count(0)
    page.locator("dialog .icon-button").first.tap()
    page.get_by_test_id("photo-input-counter").set_input_files(file)
    expect(lost.locator("img")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("to-owner")).to_be_visible()


def drop_last_photo(page: Page) -> None:
    page.locator(".slot.filled .frame").last.tap()
    page.get_by_test_id("photo-drop").tap()
    expect(page.locator(".slot.filled")).to_have_count(2)
    expect(page.get_by_test_id("undo-toast")).to_be_visible()


def bring_back_a_signature(page: Page) -> None:
    page.get_by_test_id("sign-pad").scroll_into_view_if_needed()
    rep.draw_by_finger(page)
    page.wait_for_timeout(rep.FINGER_LIFT_MS)
    drawn = dark_pixels(page)
    assert drawn > 100
    page.get_by_test_id("sign-clear").tap()
    assert dark_pixels(page) == 0
    page.get_by_test_id("undo").tap()
    assert abs(dark_pixels(page) - drawn) < drawn / 10  # strokes drawn at once differ a little at their edges


def dark_pixels(page: Page) -> int:
    count: int = page.get_by_test_id("sign-pad").evaluate(DARK_PIXELS)
    return count
