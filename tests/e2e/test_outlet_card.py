"""An outlet's card: printed by the office, its code typed where the position is off, shown to who reviews."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.db import db
from server.outlets.cards import card_code
from server.visits.models import Visit
from tests.e2e import console, rep
from tests.e2e.company import Company, application
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, phone_walk, speak


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_card_is_printed_and_its_code_counts_as_a_hint(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, tmp_path: Path, language: str
) -> None:
    outlet_id = company.outlets[company.due]
    with application(server.data, server.database_url):
        code = card_code(outlet_id)
    walk = ScreenWalk("card", language, given_words=company.given_words() | {f"{code[:4]}-{code[4:]}"})
    with console.signed_in(desk, server.url, "admin", language) as page:
        walk.listen(page)
        page.goto(f"{server.url}/outlets/{outlet_id}/card")
        expect(page.locator(".code")).to_have_text(f"{code[:4]}-{code[4:]}")
        console.look_twice(walk, page, "card")
        printed = page.locator(".qr-frame svg").first.screenshot()

    there = company.place(company.due)
    phone = new_phone(server, (there[0] + 0.01, there[1]))
    looks = phone_walk(company, language, {rep.HANDLING, code})
    phone.switch_on()
    looks.listen(phone.page)
    page = phone.page
    rep.sign_in(page, "rep1")
    speak(page, language)
    go(page, "/today")
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    page.get_by_test_id("reason-inaccurate").tap()
    page.locator("#card").fill(code.lower())
    hold_before_camera(page, printed)
    page.get_by_test_id("scan-card").tap()
    expect(page.locator("#card")).to_have_value(code)
    expect(page.get_by_test_id("outlet-card")).to_contain_text("是这家的卡" if language == "zh" else "This outlet’s card")
    looks.look(page, "check-in-card")
    page.get_by_test_id("checkin-confirm").tap()
    rep.answer_checklist(page)
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    visit_id = rep.saved_visit(page)
    wait_until(lambda: not page.wait_for_timeout(200) and is_genuine(server, visit_id), 90, "the visit did not arrive with its card")
    with console.signed_in(desk, server.url, "zhoumin", language) as page:
        page.goto(f"{server.url}/visits/{visit_id}")
        expect(page.get_by_text("扫过这家的卡" if language == "zh" else "This outlet’s card")).to_be_visible()
    findings = walk.findings + looks.findings
    assert not findings, "\n".join(findings)


def hold_before_camera(page: Page, picture: bytes) -> None:
    """What the camera sees from now on: the picture on a desk. This browser has no reader of its own, as iPhones have none."""
    assert page.evaluate("() => !('BarcodeDetector' in globalThis)")
    page.evaluate(
        """async (address) => {
            const image = new Image();
            image.src = address;
            await image.decode();
            const desk = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
            const paint = () => {
                const brush = desk.getContext("2d");
                brush.fillStyle = "#7a6a58";
                brush.fillRect(0, 0, 1280, 720);
                brush.drawImage(image, 490, 210, 300, 300);
            };
            paint();
            setInterval(paint, 100);
            navigator.mediaDevices.getUserMedia = async () => desk.captureStream(10);
        }""",
        f"data:image/png;base64,{base64.b64encode(picture).decode()}",
    )


def is_genuine(server: ServerProcess, visit_id: str) -> bool:
    with application(server.data, server.database_url):
        visit = db.session.get(Visit, visit_id)
        return visit is not None and visit.is_card_genuine is True
