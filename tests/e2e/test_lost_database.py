"""Chromium empties all databases of an app whose log a kill has torn (ADR 18): what the company lacks is put back from the spare copy."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.phone import Phone, wait_until
from tests.e2e.phone_storage import capture_of, lose_databases, spare_paths, tear_log
from tests.e2e.server_process import ServerProcess
from tests.e2e.test_phone_lock import set_lock, unlock
from tests.e2e.walks import MakePhone, go, walking_phone
from tests.e2e.whole import assert_on_the_server, visits_of, whole_on_the_phone

ACCOUNT = "老板说刷卡机总断线"
OTHER_ACCOUNT = "柜台上没有公示牌"
COVERED_TO = """async (personId) => {
    const { replica } = await (await (await import("/m/packs.js")).load("company.js")).databases(personId);
    return (await (await (await import("/m/packs.js")).load("db/replica.js")).cursorOf(replica)).applied?.last_n ?? 0;
}"""


def signed_in(server: ServerProcess, company: Company, new_phone: MakePhone, has_lock: bool) -> Phone:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()
    phone.wait_for_shell()
    if has_lock:
        set_lock(phone.page)
        unlock(phone.page)
    return phone


def complain(phone: Phone, name: str, account: str) -> None:
    """Begin a complaint and leave it unfinished."""
    rep.open_outlet(phone.page, name)
    phone.page.get_by_test_id("take-complaint").tap()
    phone.page.get_by_test_id("p-account").fill(account)
    expect(phone.page.get_by_text("已存草稿")).to_be_visible()


def wait_until_spared(phone: Phone, stores: dict[str, int]) -> None:
    """The spare copy holds so many entries of each store, and all of the company's rows."""

    def is_spared() -> bool:
        paths = spare_paths(phone.page)
        counts = {store: sum(path.startswith(f"/spare/{store}/") for path in paths) for store in stores}
        return counts == stores and any("/whole/" in path for path in paths)

    wait_until(is_spared, 30, "no spare copy")


@pytest.mark.parametrize("has_lock", [False, True], ids=["plain", "locked"])
def test_what_the_browser_lost_is_put_back_and_arrives(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, has_lock: bool
) -> None:
    phone = signed_in(server, company, new_phone, has_lock)
    phone.cut_network()
    visit_id = rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    sizes = {} if has_lock else whole_on_the_phone(capture_of(phone.page, company.people["rep1"]), visit_id)
    complain(phone, company.new[0], ACCOUNT)
    wait_until_spared(phone, {"ops": 1, "drafts": 1, "blobs": 3})
    phone.kill()
    tear_log(phone.profile)

    phone.switch_on(is_offline=True)
    if has_lock:
        unlock(phone.page)
    complain(phone, company.new[1], OTHER_ACCOUNT)
    wait_until_spared(phone, {"ops": 1, "drafts": 2, "blobs": 3})
    phone.kill()

    phone.switch_on(is_offline=True)
    if has_lock:
        unlock(phone.page)
    page = phone.page
    go(page, "/today")
    expect(page.get_by_test_id("restored-read")).to_be_visible()
    expect(page.locator(".main")).to_contain_text("1 条记录、2 份草稿")
    page.get_by_test_id("restored-read").tap()
    expect(page.get_by_test_id("restored-read")).to_have_count(0)
    for name, account in ((company.new[0], ACCOUNT), (company.new[1], OTHER_ACCOUNT)):
        rep.open_outlet(page, name)
        page.get_by_test_id("take-complaint").tap()
        expect(page.get_by_test_id("p-account")).to_have_value(account)
    phone.restore_network()
    wait_until(lambda: visits_of(server) == {visit_id: (True, True)}, 60)
    if sizes:
        assert_on_the_server(server, company, visit_id, sizes)
    wait_until(lambda: page.evaluate(COVERED_TO, company.people["rep1"]) >= 1, 60, "no pull showed the visit")
    phone.kill()
    phone.switch_on()
    if has_lock:
        unlock(phone.page)
    wait_until(lambda: not any(path.startswith("/spare/ops/") for path in spare_paths(phone.page)), 60, "what was sent stays spare")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_notice_of_what_was_put_back_reads_well(server: ServerProcess, company: Company, new_phone: MakePhone, language: str) -> None:
    phone, walk = walking_phone(server, company, new_phone, language, set())
    phone.wait_for_shell()
    phone.cut_network()
    rep.open_outlet(phone.page, company.due)
    phone.page.get_by_test_id("take-complaint").tap()
    phone.page.get_by_test_id("p-account").fill(ACCOUNT)
    wait_until_spared(phone, {"ops": 0, "drafts": 1, "blobs": 0})
    phone.kill()
    lose_databases(phone.profile)
    phone.switch_on(is_offline=True)
    walk.listen(phone.page)
    expect(phone.page.get_by_test_id("restored-read")).to_be_visible()
    walk.look(phone.page, "today-restored")
