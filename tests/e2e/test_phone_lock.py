"""The PIN lock: what it hides, what opens it, and that nothing is lost by it."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.phone import Phone, wait_until
from tests.e2e.rescue_files import exported
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, phone_walk, speak
from tests.e2e.whole import visits_of

PIN, OTHER_PIN = "370514", "902718"

# All that the browser stores for the app, as one text; bytes of files as Latin-1, so that texts inside are found.
READ_ALL = """async () => {
    const texts = [JSON.stringify(localStorage)];
    const seen = (key, value) => (value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? new TextDecoder("latin1").decode(value) : value);
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((resolve, reject) => {
            const opening = indexedDB.open(name);
            opening.onsuccess = () => resolve(opening.result);
            opening.onerror = () => reject(opening.error);
        });
        for (const store of db.objectStoreNames) {
            const rows = await new Promise((resolve, reject) => {
                const reading = db.transaction(store).objectStore(store).getAll();
                reading.onsuccess = () => resolve(reading.result);
                reading.onerror = () => reject(reading.error);
            });
            texts.push(JSON.stringify({ [`${name}.${store}`]: rows }, seen));
        }
        db.close();
    }
    for (const name of (await caches.keys()).filter((one) => one.startsWith("xundian-spare-"))) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const content = await (await cache.match(request)).arrayBuffer();
            texts.push(new TextDecoder("latin1").decode(content), new TextDecoder().decode(content), decodeURIComponent(request.url));
        }
    }
    return texts;
}"""


def stored(page: Page) -> str:
    texts: list[str] = page.evaluate(READ_ALL)
    return "\n".join(texts)


def started(server: ServerProcess, company: Company, new_phone: MakePhone) -> Phone:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()
    return phone


def set_lock(page: Page, pin: str = PIN) -> None:
    go(page, "/lock")
    page.get_by_test_id("pin").fill(pin)
    page.get_by_test_id("again").fill(pin)
    page.get_by_test_id("pin-set").tap()


def unlock(page: Page, pin: str = PIN) -> None:
    """The last digit opens it without a tap."""
    expect(page.get_by_test_id("unlock")).to_be_visible()
    page.get_by_test_id("pin").press_sequentially(pin)
    expect(page.get_by_test_id("unlock")).to_have_count(0)


def locked(server: ServerProcess, company: Company, new_phone: MakePhone) -> Phone:
    """A phone whose lock is set and open."""
    phone = started(server, company, new_phone)
    phone.wait_for_shell()
    set_lock(phone.page)
    unlock(phone.page)
    return phone


def test_a_locked_phone_shows_and_stores_nothing_readable_and_loses_nothing(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = locked(server, company, new_phone)
    page, photos = phone.page, rep.photo_files(tmp_path, phone.here)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    phone.cut_network()
    visit_id = rep.make_visit(page, company.due, photos)
    rep.open_outlet(page, company.new[0])
    page.get_by_test_id("take-complaint").tap()
    page.get_by_test_id("p-account").fill("老板说刷卡机总断线")
    expect(page.get_by_text("已存草稿")).to_be_visible()
    wait_until(lambda: company.due not in stored(page), 30)
    phone.kill()

    phone.switch_on(is_offline=True)
    page = phone.page
    expect(page.get_by_test_id("unlock-left")).to_contain_text("1")
    everything = stored(page)
    for secret in (company.due, company.new[0], rep.HANDLING, "刷卡机总断线", "JFIF", "Exif", '"checklist"', '"token":"'):
        assert secret not in everything, secret
    for path in ("/today", "/outlets", f"/outlets/{company.outlets[company.due]}", "/month", "/sync", "/me", "/lock"):
        page.evaluate("(hash) => { location.hash = hash; }", f"#{path}")
        expect(page.get_by_test_id("unlock")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text(company.due)
    go(page, f"/outlets/{company.outlets[company.new[0]]}/complaint/new")
    unlock(page)
    expect(page.get_by_test_id("p-account")).to_have_value("老板说刷卡机总断线")
    phone.restore_network()
    wait_until(lambda: visits_of(server) == {visit_id: (True, True)}, 60)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lock_screens_are_whole_in_each_language(server: ServerProcess, company: Company, new_phone: MakePhone, language: str) -> None:
    phone = started(server, company, new_phone)
    page, walk = phone.page, phone_walk(company, language, set())
    walk.listen(page)
    speak(page, language)
    phone.wait_for_shell()
    go(page, "/me")
    walk.look(page, "me-lock-off")
    page.get_by_test_id("lock").tap()
    expect(page.get_by_test_id("pin-set")).to_be_visible()
    walk.look(page, "lock-set")
    for pin, again, screen in (("123456", "123456", "lock-weak"), (PIN, OTHER_PIN, "lock-differs")):
        page.get_by_test_id("pin").fill(pin)
        page.get_by_test_id("again").fill(again)
        page.get_by_test_id("pin-set").tap()
        expect(page.get_by_test_id("lock-result")).to_be_visible()
        walk.look(page, screen)
    phone.cut_network()
    set_lock(page)
    expect(page.get_by_test_id("lock-result")).to_be_visible()
    walk.look(page, "lock-unreachable")
    phone.restore_network()
    set_lock(page)
    expect(page.get_by_test_id("unlock")).to_be_visible()
    walk.look(page, "unlock")
    page.get_by_test_id("pin").press_sequentially("000001")
    expect(page.locator(".banner")).to_be_visible()
    walk.look(page, "unlock-wrong")
    for _ in range(4):
        page.get_by_test_id("pin").press_sequentially("000001")
        expect(page.get_by_test_id("pin")).to_have_value("")
        expect(page.get_by_test_id("unlock")).to_have_attribute("aria-busy", "false")
    walk.look(page, "unlock-wait")
    page.get_by_test_id("pin-forgotten").tap()
    expect(page.get_by_test_id("sign-in-login")).to_have_value("rep1")
    walk.look(page, "unlock-by-sign-in")
    rep.sign_in_here(page, "rep1")
    expect(page.get_by_test_id("pin-stays")).to_be_visible()
    walk.look(page, "lock-new")
    page.get_by_test_id("pin-stays").tap()
    go(page, "/lock")
    walk.look(page, "lock-on")
    page.get_by_test_id("off").fill("000001")
    page.get_by_test_id("lock-off").tap()
    expect(page.get_by_test_id("lock-result")).to_be_visible()
    walk.look(page, "lock-off-wrong")
    assert not walk.findings, "\n".join(walk.findings)


def test_a_forgotten_pin_costs_a_sign_in_and_no_data(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    phone = locked(server, company, new_phone)
    phone.cut_network()
    visit_id = rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    phone.kill()
    phone.switch_on()
    page = phone.page
    page.get_by_test_id("pin-forgotten").tap()
    rep.sign_in_here(page, "rep1")
    page.get_by_test_id("pin").fill(OTHER_PIN)
    page.get_by_test_id("again").fill(OTHER_PIN)
    page.get_by_test_id("pin-set").tap()
    expect(page).to_have_url(f"{server.url}/m/#/today")
    wait_until(lambda: visits_of(server) == {visit_id: (True, True)}, 60)
    page.reload()
    page.get_by_test_id("pin").press_sequentially(PIN)
    expect(page.locator(".banner")).to_contain_text("密码不对")
    unlock(page, OTHER_PIN)


def test_the_lock_closes_when_untouched_and_keeps_what_was_typed(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = started(server, company, new_phone)
    page = phone.page
    phone.wait_for_shell()
    page.clock.install()
    go(page, "/lock")
    page.get_by_test_id("idle-1").tap()
    page.get_by_test_id("pin").fill(PIN)
    page.get_by_test_id("again").fill(PIN)
    page.get_by_test_id("pin-set").tap()
    unlock(page)
    go(page, f"/outlets/{company.outlets[company.due]}/complaint/new")
    page.get_by_test_id("p-account").fill("电费单找不到")
    expect(page.get_by_text("已存草稿")).to_be_visible()
    page.clock.run_for(50_000)
    page.get_by_test_id("p-account").press("End")  # somebody is there
    page.clock.run_for(50_000)
    expect(page.get_by_test_id("p-account")).to_be_visible()
    page.clock.run_for(20_000)
    unlock(page)
    expect(page.get_by_test_id("p-account")).to_have_value("电费单找不到")


def test_a_lock_set_in_another_tab_takes_this_one_too(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = started(server, company, new_phone)
    phone.wait_for_shell()
    old, new = phone.page, phone.open_tab()
    set_lock(new)
    unlock(new)
    expect(old.get_by_test_id("outdated")).to_be_visible()
    old.bring_to_front()
    old.get_by_test_id("outdated-reload").tap()
    unlock(old)
    expect(old.get_by_test_id("outlet-row").first).to_be_visible()


def test_a_lock_set_again_in_another_tab_takes_this_one_too(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = locked(server, company, new_phone)
    new = phone.page
    go(new, "/lock")
    new.get_by_test_id("off").fill(PIN)
    new.get_by_test_id("lock-off").tap()
    expect(new.get_by_test_id("pin-set")).to_be_visible()
    old = phone.open_tab()
    expect(old.get_by_test_id("outlet-row").first).to_be_visible()
    set_lock(new)
    unlock(new)
    expect(new.get_by_test_id("outdated")).to_have_count(0)
    old.bring_to_front()
    old.get_by_test_id("outdated-reload").tap()
    unlock(old)
    expect(old.get_by_test_id("outlet-row").first).to_be_visible()


def test_what_somebody_left_locked_is_exported_by_their_pin_only(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = locked(server, company, new_phone)
    phone.cut_network()
    rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    phone.kill()
    phone.switch_on(is_offline=True)
    page = phone.page
    go(page, "/sign-in")
    page.get_by_test_id("export").tap()
    expect(page.get_by_test_id("export-make")).to_have_count(0)
    page.get_by_test_id("pin").press_sequentially("000001")
    expect(page.get_by_text("密码不对")).to_be_visible()
    page.get_by_test_id("pin").press_sequentially(PIN)
    expect(page.get_by_test_id("export-make")).to_be_visible()
    go(page, "/sync")
    _, content = exported(page)
    record: dict[str, Any] = json.loads(content)
    assert json.loads(record["ops"][0]["body_text"])["handling"] == rep.HANDLING
    assert len(record["blobs"]) == 3


def test_a_lock_that_is_taken_off_leaves_everything_readable(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = locked(server, company, new_phone)
    page = phone.page
    wait_until(lambda: company.due not in stored(page), 30)
    go(page, "/lock")
    page.get_by_test_id("off").fill(PIN)
    page.get_by_test_id("lock-off").tap()
    expect(page.get_by_test_id("pin-set")).to_be_visible()
    phone.kill()
    phone.switch_on(is_offline=True)
    expect(phone.page.get_by_test_id("outlet-row").filter(has_text=company.due).first).to_be_visible()
