"""The first visit of somebody who has never seen the app, walking only by what the screen says (the solid button, the first answer): few taps."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone

MOST_TAPS = 25
COUNT_TAPS = """() => {
    window.taps = [];
    const isOfPad = (element) => element.closest('.sign') !== null;
    document.addEventListener('click', (event) => {
        const button = event.target.closest('a, button, input, textarea');
        if (button && !isOfPad(button) && button.type !== 'file') window.taps.push(button.textContent.trim() || button.tagName);
    }, true);
}"""


def test_a_first_visit_takes_few_taps(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    page = phone.page
    expect(page.get_by_test_id("next-outlet")).to_be_visible()
    page.evaluate(COUNT_TAPS)
    page.get_by_test_id("next-outlet").tap()
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    rep.answer_checklist(page)
    for number, photo in enumerate(rep.photo_files(tmp_path, phone.here).items(), 1):
        photograph_next(page, *photo)
        expect(page.locator(".slot.filled")).to_have_count(number, timeout=30_000)
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    rep.saved_visit(page)
    taps = page.evaluate("() => window.taps")
    assert len(taps) <= MOST_TAPS, taps
    print(f"first visit: {len(taps)} taps and fields besides camera and signature (at most {MOST_TAPS})")


def photograph_next(page: Page, slot: str, path: Path) -> None:
    """The picture itself comes from a file: what the camera asks is no matter of this count."""
    page.get_by_test_id(f"photo-input-{slot}").set_input_files(path)
