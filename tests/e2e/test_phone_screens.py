"""Every screen of the phone, in both languages: whole, narrow enough, usable, without complaints."""

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.clock import now
from sync.times import iso_instant
from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.history import earlier_visit
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import Phone
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, phone_walk

NOTED = "柜台整洁"  # what earlier visits found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_phone_screens_are_whole_in_each_language(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str
) -> None:
    lat, lon = company.place(company.due)
    rough = {"lat": lat + 0.03, "lon": lon, "accuracy_m": 240.0, "taken_at": iso_instant(now() - timedelta(days=35, hours=2)), "source": "gps"}
    flagged_id = earlier_visit(server, company, "rep1", company.due, days_ago=35, fix=rough)
    earlier_visit(server, company, "rep1", company.new[0], days_ago=1, fix=None, presence_reason="no_position")
    server.run("nightly")
    phone = new_phone(server, company.place(company.due))
    walk = phone_walk(company, language, {rep.HANDLING, NOTED})
    phone.switch_on()
    walk.listen(phone.page)
    see_before_sign_in(phone.page, walk)
    rep.sign_in(phone.page, "rep1")
    see_roots(phone.page, walk)
    see_new_notice(phone.page, walk)
    see_flags(phone.page, walk, flagged_id)
    see_visit(phone.page, walk, company, rep.photo_files(tmp_path, phone.here) | {"dark": dark_photo(tmp_path)})
    see_elsewhere(phone, walk, company)
    see_themes(phone.page, walk)
    see_offline(phone, walk, company)
    assert not walk.findings, "\n".join(walk.findings)


def see_before_sign_in(page: Page, walk: ScreenWalk) -> None:
    if walk.language == "en":
        page.get_by_role("button", name="English").tap()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    for path, screen in (("/sign-in", "sign-in"), ("/sign-in/link", "sign-in-link"), ("/privacy", "privacy")):
        go(page, path)
        walk.look(page, screen)
    go(page, "/link/x-code-that-nobody-made")
    walk.look(page, "sign-in-code")
    go(page, "/sign-in/password")
    walk.look(page, "sign-in-password")


def see_roots(page: Page, walk: ScreenWalk) -> None:
    expect(page.get_by_test_id("outlet-row").first).to_be_visible()
    for path in ("/today", "/outlets", "/month", "/me", "/sync"):
        go(page, path)
        walk.look(page, path[1:])


def see_new_notice(page: Page, walk: ScreenWalk) -> None:
    """Who accepted an older notice is asked again, and the company hears of it."""
    page.evaluate(
        """() => new Promise((done) => {
            indexedDB.open("xundian-session").onsuccess = ({ target: { result: db } }) => {
                const sessions = db.transaction("sessions", "readwrite").objectStore("sessions");
                sessions.getAll().onsuccess = ({ target: { result: [row] } }) => {
                    sessions.put({ ...row, notice: { ...row.notice, version: 1 } }).transaction.oncomplete = () => done(db.close());
                };
            };
        })"""
    )
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    go(page, "/today")
    walk.look(page, "today-new-notice")
    page.get_by_test_id("new-notice").tap()
    expect(page.get_by_test_id("accept-notice")).to_be_visible()
    walk.look(page, "privacy-new")
    page.get_by_test_id("accept-notice").tap()
    expect(page.get_by_test_id("notice-accepted").locator(".state[data-state=done]")).to_be_visible()
    expect(page.get_by_test_id("accept-notice")).to_have_count(0)


def see_visit(page: Page, walk: ScreenWalk, company: Company, photos: dict[str, Path]) -> None:
    """A visit whose storefront photo is shot by the camera in the app."""

    def look(screen: str) -> None:
        walk.look(page, screen)

    rep.open_outlet(page, company.due)
    look("outlet")
    page.get_by_test_id("check-in").tap()
    rep.check_in(page, look)
    rep.answer_checklist(page, look)
    see_full_phone(page, walk)
    see_camera_denied(page, walk)
    page.get_by_test_id("take-storefront").tap()
    page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0")
    look("camera")
    page.get_by_test_id("shutter").tap()
    keep, filled = page.get_by_test_id("photo-keep"), page.locator(".slot.filled")
    expect(keep.or_(filled).first).to_be_visible(timeout=30_000)
    if keep.is_visible():  # the moving test picture of Chromium was caught blurred
        keep.tap()
    expect(filled).to_have_count(1)
    leave_next_photo(page, walk)
    page.get_by_test_id("photo-input-other").last.set_input_files(photos["dark"])
    expect(filled).to_have_count(2)
    filled.last.locator("button").first.tap()
    expect(keep).to_be_visible()
    look("photo-review")
    page.get_by_test_id("photo-drop").tap()
    expect(filled).to_have_count(1)
    rep.add_photos(page, {"counter": photos["counter"]}, look, already=1)
    page.get_by_test_id("to-owner").tap()
    expect(page.get_by_test_id("to-sign")).to_be_visible()
    look("summary")
    page.get_by_test_id("to-sign").tap()
    rep.sign(page, look)
    visit_id = rep.saved_visit(page, look)
    go(page, "/sync")
    expect(page.get_by_test_id("outbox-row").first).to_have_attribute("data-state", "accepted", timeout=30_000)
    look("sync-accepted")
    go(page, f"/visits/{visit_id}")
    look("past-visit")
    go(page, "/today")
    look("today-done")


def leave_next_photo(page: Page, walk: ScreenWalk) -> None:
    """The camera goes on to what is still missing, and can be left."""
    expect(page.locator("dialog .title small")).to_have_text("2 / 2")
    page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0")
    walk.look(page, "camera-next")
    page.locator("dialog .icon-button").first.tap()
    expect(page.locator("dialog")).to_have_count(0)


def see_flags(page: Page, walk: ScreenWalk, visit_id: str) -> None:
    """A visit of long ago whose position was far, rough and old."""
    go(page, f"/visits/{visit_id}")
    expect(page.get_by_test_id("flags")).to_contain_text("55")
    walk.look(page, "past-visit-flagged")


def dark_photo(folder: Path) -> Path:
    Image.new("RGB", (800, 600), "#080808").save(folder / "dark.jpg")
    return folder / "dark.jpg"


def see_full_phone(page: Page, walk: ScreenWalk) -> None:
    page.evaluate(
        """() => {
            const real = navigator.storage.estimate.bind(navigator.storage);
            navigator.storage.estimate = async () => ({ usage: 9e9, quota: 9e9 + 1e6 });
            window.giveRoom = () => { navigator.storage.estimate = real; };
        }"""
    )
    page.get_by_test_id("take-storefront").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)
    walk.look(page, "photos-full")
    page.evaluate("giveRoom()")


def see_camera_denied(page: Page, walk: ScreenWalk) -> None:
    page.evaluate(
        """() => {
            const devices = navigator.mediaDevices;
            const open = devices.getUserMedia.bind(devices);
            devices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
            window.allowCamera = () => { devices.getUserMedia = open; };
        }"""
    )
    page.get_by_test_id("take-storefront").tap()
    expect(page.get_by_test_id("system-camera")).to_be_attached()
    expect(page.locator("ol.how")).to_be_visible()
    walk.look(page, "camera-denied")
    page.evaluate("allowCamera()")
    page.locator("dialog .icon-button").first.tap()
    expect(page.locator("ol.how")).to_have_count(0)


def see_elsewhere(phone: Phone, walk: ScreenWalk, company: Company) -> None:
    """Checking in 400 m away asks for a reason; a signature may be refused; what is under way stays a draft."""
    page = phone.page
    rep.open_outlet(page, company.new[0])
    walk.look(page, "outlet-waiting")
    page.get_by_test_id("check-in").tap()
    expect(page.get_by_test_id("reason-moved")).to_be_visible()
    walk.look(page, "check-in-outside")
    page.get_by_test_id("checkin-confirm").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    walk.look(page, "check-in-outside-no-reason")
    page.get_by_test_id("reason-moved").tap()
    page.get_by_test_id("checkin-confirm").tap()
    expect(page.get_by_test_id("checklist-next")).to_be_visible()
    go(page, f"/outlets/{company.outlets[company.new[0]]}")
    walk.look(page, "outlet-draft")
    page.evaluate("() => { navigator.geolocation.watchPosition = (_found, failed) => (failed({ code: 1 }), 1); }")
    rep.open_outlet(page, company.new[1])
    page.get_by_test_id("check-in").tap()
    expect(page.get_by_test_id("reason-no_position")).to_be_visible()
    walk.look(page, "check-in-denied")
    go(page, "/privacy")
    expect(page.get_by_test_id("position-reads").locator("dt")).to_have_count(2)
    walk.look(page, "privacy-reads")


def see_themes(page: Page, walk: ScreenWalk) -> None:
    for theme in ("dark", "sunlight"):
        go(page, "/me")
        page.get_by_test_id(f"me.theme-{theme}").tap()
        walk.look(page, f"me-{theme}")
        for path in ("/today", "/month", "/sync"):
            go(page, path)
            walk.look(page, f"{path[1:]}-{theme}")
    go(page, "/me")
    page.get_by_test_id("me.theme-light").tap()


def see_offline(phone: Phone, walk: ScreenWalk, company: Company) -> None:
    page = phone.page
    phone.cut_network()
    for path in ("/today", "/sync"):
        go(page, path)
        walk.look(page, f"{path[1:]}-offline")
    go(page, f"/outlets/{company.outlets[company.others[0]]}")
    walk.look(page, "outlet-gone")
    go(page, "/me")
    phone.restore_network()
    page.get_by_test_id("sign-out").tap()
    expect(page.get_by_role("link").first).to_be_visible()
    page.evaluate("() => { indexedDB.open('xundian-session', 2); }")  # as a newer app in another window would
    expect(page.get_by_test_id("outdated")).to_be_visible()
    walk.look(page, "outdated")
