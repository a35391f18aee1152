"""The phone's outbox: every state and result of every kind of record, told whole in both languages and all themes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from server.clock import now
from server.db import db
from server.devices.models import Device
from server.devices.tokens import revoke_devices
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.outbox import CHIEF, CONFLICTS, REASON, fill_outbox
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import Phone, wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, phone_walk


def with_a_full_outbox(server: ServerProcess, company: Company, phone: Phone, language: str) -> dict[str, str]:
    """The company no longer takes the phone's sign-in, so what stands in the outbox stays there; entities by what is wrong."""
    phone.switch_on()
    if language == "en":
        go(phone.page, "/sign-in")
        phone.page.get_by_role("button", name="English").tap()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()
    with application(server.data, server.database_url):
        revoke_devices(now(), Device.person_id == company.people["rep1"])
        db.session.commit()
    app_address = phone.page.url
    phone.page.goto(f"{server.url}/healthz")  # of the same origin, and nothing there sends what is stored
    entities = fill_outbox(phone.page, company)
    with phone.page.expect_response("**/sync/v1/push") as refused:
        phone.page.goto(app_address)
    assert refused.value.status == 401
    phone.wait_until_ready()
    go(phone.page, "/sync")
    expect(phone.page.get_by_test_id("sign-in-again")).to_be_visible()
    return entities


def states_in(page: Page, section: str) -> list[str]:
    rows = page.locator(f"section[aria-labelledby='{section}'] [data-testid=outbox-row]")
    return [str(row.get_attribute("data-state")) for row in rows.all()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_outbox_tells_every_state_in_each_language(server: ServerProcess, company: Company, new_phone: MakePhone, language: str) -> None:
    phone = new_phone(server, company.place(company.due))
    entities = with_a_full_outbox(server, company, phone, language)
    page = phone.page
    written = {str(one[side]) for one in CONFLICTS for side in ("mine", "theirs")}
    walk = phone_walk(company, language, {REASON, CHIEF, *written, f"巡店-救援-rep1-{rep.today_text()}.json"})
    walk.listen(page)
    wait_until(
        lambda: states_in(page, "sync.under_way") == ["on_phone", "on_phone", "sent"] or page.wait_for_timeout(20)
    )  # one try more is under way
    assert states_in(page, "sync.look") == ["attention"] * 9
    assert states_in(page, "sync.review") == ["review"] * 3
    assert states_in(page, "sync.settled") == ["accepted"] * 8 + ["refused", "accepted", "refused"]
    expect(page.get_by_test_id("sign-in-again")).to_contain_text("登录后发送 3 条" if language == "zh" else "Sign in to send 3 records")
    for theme in ("light", "dark", "sunlight"):
        go(page, "/me")
        page.get_by_test_id(f"me.theme-{theme}").tap()
        go(page, "/sync")
        walk.look(page, f"sync-all-{theme}")
    for code in ("unknown_form", "invalid_record"):
        go(page, f"/visits/{entities[code]}")
        walk.look(page, f"visit-{code}")
    see_export(page, walk)
    see_conflicts(page, walk, company)
    see_leaving(phone, walk)
    assert not walk.findings, "\n".join(walk.findings)


def see_export(page: Page, walk: ScreenWalk) -> None:
    """The rescue file: what it is, made, saved, and when it cannot be made."""
    go(page, "/sync")
    page.get_by_test_id("export").tap()
    expect(page.get_by_test_id("export-summary")).to_contain_text("4")
    walk.look(page, "export")
    page.evaluate("() => { window.Kept = File; window.File = class { constructor() { throw new Error('no room'); } }; }")
    page.get_by_test_id("export-make").tap()
    expect(page.get_by_test_id("export-result").locator(".banner[data-state=overdue]")).to_be_visible()
    walk.look(page, "export-failed")
    page.evaluate(
        """() => {
            window.File = window.Kept;
            navigator.canShare = () => true;
            navigator.share = () => Promise.reject(new DOMException("", "NotAllowedError"));
        }"""
    )
    page.get_by_test_id("export-make").tap()
    expect(page.get_by_test_id("export-save")).to_be_visible()
    walk.look(page, "export-made")
    page.get_by_test_id("export-share").tap()
    expect(page.get_by_test_id("export-result").locator("br")).to_be_attached()
    walk.look(page, "export-not-shared")


def see_conflicts(page: Page, walk: ScreenWalk, company: Company) -> None:
    """Both values of a field that somebody else changed too; one's own comes back as a new change."""
    go(page, f"/outlets/{company.outlets[company.due]}")
    lost, waiting, held = (page.get_by_test_id(f"conflict-{name}") for name in ("position_text", "person_in_charge", "is_tidy"))
    for card, state in ((lost, "due"), (waiting, "waiting"), (held, "done")):
        expect(card.locator(f".state[data-state={state}]")).to_be_visible()
    expect(lost).to_contain_text("招牌在二楼")
    expect(lost.locator("dl")).to_contain_text("周敏")
    walk.look(page, "outlet-conflicts")
    expect(waiting.locator("button")).to_have_count(0)
    page.get_by_test_id("restore-position_text").tap()
    expect(lost.locator(".state[data-state=waiting]")).to_be_visible()
    expect(page.get_by_test_id("unsent-changes")).to_be_visible()
    expect(page.get_by_test_id("restore-position_text")).to_have_count(0)


def see_leaving(phone: Phone, walk: ScreenWalk) -> None:
    """Signing out with unsent work offers the file, and so does the sign-in screen afterwards."""
    page = phone.page
    phone.cut_network()
    go(page, "/me")
    page.get_by_test_id("sign-out").tap()
    expect(page.get_by_test_id("export")).to_be_visible()
    walk.look(page, "me-leaving")
    page.get_by_test_id("sign-out-keeping").tap()
    expect(page.get_by_test_id("left-work")).to_be_visible()
    walk.look(page, "sign-in-left-work")
    page.get_by_test_id("export").tap()
    expect(page.get_by_test_id("export-summary")).to_contain_text("赵广田")
    walk.look(page, "export-signed-out")


def test_outbox_follows_a_record_from_the_phone_to_the_company(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    """The push is held up on its way, then its photos are."""
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    page = phone.page
    rep.sign_in(page, "rep1")
    expect(page.get_by_test_id("outlet-row").first).to_be_visible()
    phone.cut_network()
    rep.make_visit(page, company.due, rep.photo_files(tmp_path, phone.here))
    go(page, "/sync")
    row = page.get_by_test_id("outbox-row")
    expect(row).to_have_attribute("data-state", "on_phone")
    expect(row).to_contain_text("照片 0/2")
    held: list[Route] = []
    page.route("**/sync/v1/push", lambda route: held.append(route))
    page.route("**/sync/v1/uploads", lambda route: route.abort())
    phone.restore_network()
    page.get_by_test_id("sync-now").tap()
    expect(row).to_have_attribute("data-state", "sending")
    wait_until(lambda: held or page.wait_for_timeout(20))  # which lets the held request be told
    held.pop().continue_()
    expect(row).to_have_attribute("data-state", "sent")
    expect(row).to_contain_text("照片 0/2")
    page.unroute("**/sync/v1/uploads")
    page.get_by_test_id("sync-now").tap()
    expect(row).to_have_attribute("data-state", "accepted", timeout=30_000)
    expect(row).to_contain_text("照片 2/2")


def test_outbox_asks_the_browser_to_keep_the_data_and_says_what_came_of_it(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    page = phone.page
    rep.sign_in(page, "rep1")
    go(page, "/sync")
    room = page.get_by_test_id("room")
    expect(room).to_contain_text("浏览器还没答应保留")
    page.get_by_test_id("keep-storage").tap()
    expect(room).to_contain_text("浏览器这次没答应")
    page.evaluate(
        """() => {
            let isKept = false;
            navigator.storage.persist = async () => (isKept = true);
            navigator.storage.persisted = async () => isKept;
        }"""
    )
    page.get_by_test_id("keep-storage").tap()
    expect(room).to_contain_text("浏览器答应不清理")
    expect(page.get_by_test_id("keep-storage")).to_have_count(0)


def test_outbox_says_what_came_of_trying_now(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    page = phone.page
    rep.sign_in(page, "rep1")
    go(page, "/sync")
    page.get_by_test_id("sync-now").tap()
    expect(page.get_by_role("status").filter(has_text="试过：已连上")).to_be_visible()
    phone.wait_until_whole()
    server.stop()
    page.get_by_test_id("sync-now").tap()
    expect(page.get_by_role("status").filter(has_text="试过：连不上公司")).to_be_visible()
    phone.cut_network()
    page.get_by_test_id("sync-now").tap()
    expect(page.get_by_role("status").filter(has_text="试过：没有网络")).to_be_visible()
