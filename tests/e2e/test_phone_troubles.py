"""What goes wrong with a phone in the middle of a visit: each time it says what to do, and the visit arrives whole."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from server.db import db
from server.visits.models import Visit
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.phone import Phone, wait_until
from tests.e2e.server_process import ROOT, ServerProcess
from tests.e2e.walks import MakePhone, speak
from tests.e2e.whole import visits_of

# The app's connections, so that a test can close them under it as a phone short of memory does.
NOTE_CONNECTIONS = """() => {
    window.connections = [];
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...asked) {
        const opening = open.apply(this, asked);
        opening.addEventListener("success", () => window.connections.push(opening.result));
        return opening;
    };
}"""
NO_CAMERA = """() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError")); }"""
NO_POSITION = """() => {
    navigator.geolocation.watchPosition = (_found, failed) => (failed({ code: 1, PERMISSION_DENIED: 1 }), 1);
    navigator.geolocation.getCurrentPosition = (_found, failed) => failed({ code: 1, PERMISSION_DENIED: 1 });
}"""
NO_PROMISE = """() => {
    navigator.storage.persist = async () => false;
    navigator.storage.persisted = async () => false;
}"""


def phone_with(script: str, server: ServerProcess, company: Company, new_phone: MakePhone) -> Phone:
    """A signed-in phone in whose pages the script ran before the app."""
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    assert phone.context is not None
    phone.context.add_init_script(f"({script})()")
    phone.page.reload()
    phone.wait_until_ready()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()
    phone.wait_for_shell()
    return phone


def begin_visit(page: Page, company: Company) -> None:
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    rep.answer_checklist(page)


def end_visit(page: Page) -> str:
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    return rep.saved_visit(page)


def arrives(server: ServerProcess, visit_id: str, counts: bool = True) -> None:
    wait_until(lambda: visits_of(server) == {visit_id: (True, counts)}, 60)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_the_camera_the_phones_own_takes_the_photos(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str
) -> None:
    phone = phone_with(NO_CAMERA, server, company, new_phone)
    page = phone.page
    speak(page, language)
    begin_visit(page, company)
    for number, (slot, path) in enumerate(rep.photo_files(tmp_path, phone.here).items(), 1):
        page.get_by_test_id(f"take-{slot}").tap()
        expect(page.locator("dialog")).to_contain_text({"zh": "相机没有打开", "en": "The camera is off"}[language])
        expect(page.locator("ol.how li").first).to_be_visible()
        page.get_by_test_id("system-camera").set_input_files(path)
        expect(page.locator(".slot.filled")).to_have_count(number, timeout=30_000)
    page.get_by_test_id("handling").fill(rep.HANDLING)
    page.get_by_test_id("handling").blur()
    arrives(server, end_visit(page))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_the_position_a_reason_is_asked_and_the_visit_goes_to_review(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str
) -> None:
    phone = phone_with(NO_POSITION, server, company, new_phone)
    page = phone.page
    speak(page, language)
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    expect(page.locator("main")).to_contain_text({"zh": "拿不到位置", "en": "No position"}[language])
    page.get_by_test_id("reason-no_position").tap()
    page.get_by_test_id("checkin-confirm").tap()
    rep.answer_checklist(page)
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))
    visit_id = end_visit(page)
    arrives(server, visit_id, counts=False)
    with application(server.data, server.database_url):
        visit = db.session.get_one(Visit, visit_id)
        assert (visit.fix_lat, visit.presence_reason, visit.needs_review) == (None, "no_position", True)


def test_a_browser_that_promises_nothing_is_told_of_and_keeps_the_visit(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = phone_with(NO_PROMISE, server, company, new_phone)
    page = phone.page
    page.evaluate("location.hash = '#/me'")
    expect(page.locator("main")).to_contain_text("还没有，装到桌面会更稳")
    phone.cut_network()
    visit_id = rep.make_visit(page, company.due, rep.photo_files(tmp_path, phone.here))
    phone.kill()
    phone.switch_on()
    arrives(server, visit_id)


def test_a_database_closed_under_the_app_is_opened_again(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    phone = phone_with(NOTE_CONNECTIONS, server, company, new_phone)
    page = phone.page

    def close_all(_screen: str = "") -> None:
        assert page.evaluate("() => connections.splice(0).map((one) => one.close()).length")

    def close_on_the_way(screen: str) -> None:
        if screen in ("check-in", "checklist-4", "photos", "summary", "sign"):
            close_all()

    close_all()
    phone.cut_network()
    visit_id = rep.make_visit(page, company.due, rep.photo_files(tmp_path, phone.here), close_on_the_way)
    close_all()
    phone.restore_network()
    page.evaluate("location.hash = '#/sync'")
    page.get_by_test_id("sync-now").tap()
    arrives(server, visit_id)
    expect(page.locator(".update-bar")).to_have_count(0)


def test_one_visit_in_two_windows_is_saved_once(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    phone = phone_with("() => {}", server, company, new_phone)
    one = phone.page
    begin_visit(one, company)
    rep.add_photos(one, rep.photo_files(tmp_path, phone.here))
    other = phone.open_tab()
    rep.open_outlet(other, company.due)
    other.get_by_test_id("check-in").tap()
    expect(other.get_by_test_id("handling")).to_have_value(rep.HANDLING)
    visit_id = end_visit(other)
    one.bring_to_front()
    assert end_visit(one) == visit_id
    arrives(server, visit_id)


def offer_newer(server: ServerProcess, page: Page, folder: Path) -> Locator:
    """The bar by which the app in `page` says that a newer release is there, in which a button's words differ."""
    server.stop()
    server.root = newer_release(folder, lambda text: text.replace('"给店主看"', '"给店主看（新）"'))
    server.start()
    page.evaluate("() => navigator.serviceWorker.getRegistration('/m/').then((one) => one.update())")
    bar = page.get_by_test_id("update")
    expect(bar).to_be_visible(timeout=60_000)
    return bar


def newer_release(folder: Path, change: Callable[[str], str]) -> Path:
    for name in ("server", "sync", "pwa"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    words = folder / "pwa" / "i18n" / "zh" / "visit.js"
    text = words.read_text("utf-8")
    assert change(text) != text
    words.write_text(change(text), "utf-8")
    return folder


def test_a_page_of_the_earlier_release_goes_on_with_its_own_files(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    """Another window takes the update; what this one fetches later, without a network, is of the release that it runs."""
    phone = phone_with("() => {}", server, company, new_phone)
    old, new = phone.page, phone.open_tab()
    bar = offer_newer(server, new, tmp_path / "newer")
    with new.expect_navigation():
        bar.get_by_role("button").first.tap()
    new.wait_for_selector("html[data-ready=true]")
    server.stop()
    words = "() => fetch('/m/packs/zh.js').then((answer) => answer.text()).then((text) => text.includes('给店主看（新）'))"
    assert (old.evaluate(words), new.evaluate(words)) == (False, True)
    old.close()
    new.reload()
    new.wait_for_selector("html[data-ready=true]")
    phone.wait_for_shell()
    assert new.evaluate(words) is True


def test_an_update_put_off_in_the_middle_of_a_visit_comes_with_the_next_start(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = phone_with("() => {}", server, company, new_phone)
    page = phone.page
    begin_visit(page, company)
    bar = offer_newer(server, page, tmp_path / "newer")
    bar.get_by_role("button").last.tap()
    expect(bar).to_have_count(0)
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))
    expect(page.get_by_test_id("to-owner")).to_have_text("给店主看")
    phone.kill()
    phone.switch_on()
    page = phone.page
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    expect(page.get_by_test_id("to-owner")).to_have_text("给店主看（新）")
    expect(page.get_by_test_id("handling")).to_have_value(rep.HANDLING)
    expect(page.locator(".slot.filled")).to_have_count(2)
    arrives(server, end_visit(page))
