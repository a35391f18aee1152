"""Photos of past visits on the phone: from its own bytes, from the company on another phone, a quiet frame without a network."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.phone import Phone, wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, phone_walk, speak, walking_phone
from tests.e2e.whole import visits_of

CACHED_PHOTOS = """async () => {
    const addresses = [];
    for (const name of await caches.keys()) for (const kept of await (await caches.open(name)).keys()) addresses.push(kept.url);
    return addresses.filter((address) => address.includes("/photos/"));
}"""
WIDTH_PX = "(image) => image.decode().then(() => image.naturalWidth)"


def shown(page: Page) -> Locator:
    return page.get_by_test_id("past-photo").locator("img")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_photos_of_a_visit_are_seen_on_the_phone_that_took_them_and_on_another(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str
) -> None:
    phone, walk = walking_phone(server, company, new_phone, language, {rep.HANDLING})
    visit_id = rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    wait_until(lambda: visits_of(server).get(visit_id) == (True, True), 60, "the visit did not arrive")
    phone.cut_network()
    go(phone.page, f"/visits/{visit_id}")
    expect(shown(phone.page)).to_have_count(2)
    own_px = shown(phone.page).first.evaluate(WIDTH_PX)
    assert own_px > 1000
    walk.look(phone.page, "past-visit-photos")
    phone.page.get_by_test_id("past-photo").first.tap()
    walk.look(phone.page, "photo-large")
    phone.page.get_by_test_id("photo-close").tap()
    expect(phone.page.get_by_test_id("photo-large")).to_have_count(0)
    phone.switch_off()

    other = new_phone(server, company.place(company.due))
    other.switch_on()
    other_walk = phone_walk(company, language, {rep.HANDLING})
    other_walk.listen(other.page)
    rep.sign_in(other.page, "rep1")
    speak(other.page, language)
    see_from_the_company(other, company, visit_id, own_px)
    without_a_network(other, visit_id)
    other_walk.look(other.page, "past-visit-photos-offline")
    other.restore_network()
    expect(shown(other.page)).to_have_count(2)
    assert other.page.evaluate(CACHED_PHOTOS) == []
    findings = walk.findings + other_walk.findings
    assert not findings, "\n".join(findings)


def see_from_the_company(phone: Phone, company: Company, visit_id: str, own_px: int) -> None:
    """Small ones on the outlet's page and the visit's; at a tap as large as a screen."""
    page = phone.page
    rep.open_outlet(page, company.due)
    expect(shown(page)).to_have_count(2)
    assert shown(page).first.evaluate(WIDTH_PX) <= 320
    page.get_by_test_id("past-photos").scroll_into_view_if_needed()
    go(page, f"/visits/{visit_id}")
    expect(shown(page)).to_have_count(2)
    page.get_by_test_id("past-photo").first.tap()
    large = page.get_by_test_id("photo-large").locator("img")
    page.wait_for_function("() => document.querySelector('[data-testid=photo-large] [role=status]') === null")
    assert 320 < large.evaluate(WIDTH_PX) <= own_px
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)


def without_a_network(phone: Phone, visit_id: str) -> None:
    phone.wait_for_shell()
    phone.cut_network()
    go(phone.page, "/today")
    go(phone.page, f"/visits/{visit_id}")
    expect(phone.page.get_by_test_id("photo-offline")).to_have_count(2)
    expect(phone.page.get_by_test_id("photo-offline").first).to_contain_text(re.compile("没有网络|No network"))
    expect(shown(phone.page)).to_have_count(0)
