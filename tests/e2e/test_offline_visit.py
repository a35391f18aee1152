"""The browser story: one visit without a network, from the phone to the wage sheet, whatever is killed on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import console, rep
from tests.e2e.company import Company
from tests.e2e.phone import Phone, wait_until
from tests.e2e.phone_storage import capture_of
from tests.e2e.server_process import ServerProcess
from tests.e2e.whole import arrived, assert_on_the_server, whole_on_the_phone

MakePhone = Callable[[ServerProcess, tuple[float, float]], Phone]
WEAK_NETWORK = 60_000


def captured_offline(server: ServerProcess, company: Company, phone: Phone, folder: Path) -> str:
    """Sign in online, lose network, server and browser, and make a visit from a cold start; returns the visit's id."""
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_contain_text(company.due)
    phone.wait_for_shell()
    phone.cut_network()
    server.stop()
    phone.switch_off()
    phone.switch_on(is_offline=True)
    return rep.make_visit(phone.page, company.due, rep.photo_files(folder, phone.here))


def killed_and_kept(company: Company, phone: Phone, visit_id: str) -> dict[str, int]:
    """SIGKILL the browser, start it offline, and find the visit with the bytes of its files; returns their sizes by hash."""
    phone.kill()
    phone.switch_on(is_offline=True)
    kept = capture_of(phone.page, company.people["rep1"])
    sizes = whole_on_the_phone(kept, visit_id)
    phone.page.evaluate("location.hash = '#/sync'")
    expect(phone.page.get_by_test_id("outbox-row")).to_have_count(1)
    return sizes


def assert_in_the_office(server: ServerProcess, company: Company, desk: Browser, visit_id: str) -> None:
    """The supervisor's map and table show the visit, and the wage sheet's line opens it."""
    with console.signed_in(desk, server.url, "zhoumin") as page:
        points: dict[str, Any] = page.request.get(f"{server.url}/visits/map.json").json()
        assert visit_id in points["visits"]["id"]
        states = {outlet[1]: outlet[4] for outlet in points["outlets"]}
        assert states[company.due] == "done"
        page.goto(f"{server.url}/visits/map")
        expect(page.get_by_text(company.due).first).to_be_visible()
        page.goto(f"{server.url}/compliance")
        row = page.get_by_role("row").filter(has_text=company.due).first
        expect(row.get_by_role("cell", name="达标", exact=True)).to_be_visible()
    with console.signed_in(desk, server.url, "payroll") as page:
        page.goto(f"{server.url}/payroll/{company.month}/{company.people['rep1']}")
        page.get_by_role("link", name="巡检按计划完成").first.click()
        page.locator(f"a[href*='/visits/{visit_id}']").first.click()
        expect(page).to_have_url(f"{server.url}/visits/{visit_id}")
        assert console.shown_width(page, "figure.photo img") > 0
        assert console.shown_width(page, "img[alt='网点签字']") > 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_visit_captured_offline_ends_on_the_wage_sheet(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, tmp_path: Path
) -> None:
    phone = new_phone(server, company.place(company.due))
    visit_id = captured_offline(server, company, phone, tmp_path)
    sizes = killed_and_kept(company, phone, visit_id)
    server.start()
    phone.restore_network()
    wait_until(lambda: arrived(server, set(sizes)), 60, "the photos did not arrive without a tap")
    expect(phone.page.get_by_test_id("outbox-row").first).to_have_attribute("data-state", "accepted", timeout=30_000)
    server.run("nightly")
    server.run("payroll", "draft", "--month", company.month)
    assert_on_the_server(server, company, visit_id, sizes)
    assert_in_the_office(server, company, desk, visit_id)


def test_visit_arrives_whole_when_the_server_is_killed_during_a_photo(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, tmp_path: Path
) -> None:
    phone = new_phone(server, company.place(company.due))
    visit_id = captured_offline(server, company, phone, tmp_path)
    sizes = killed_and_kept(company, phone, visit_id)
    server.start()
    phone.restore_network()
    phone.slow_down_uploads(WEAK_NETWORK)
    begun = wait_until(lambda: {path: size for path, size in server.parts().items() if size > 0}, 60, "no photo was under way")
    server.kill()
    assert all(0 < server.parts()[path] < max(sizes.values()) for path in begun)
    assert not arrived(server, set(sizes))
    phone.slow_down_uploads(0)
    server.start()
    wait_until(lambda: arrived(server, set(sizes)), 90, "the photos did not arrive after the restart")
    server.run("nightly")
    server.run("payroll", "draft", "--month", company.month)
    assert_on_the_server(server, company, visit_id, sizes)
    assert_in_the_office(server, company, desk, visit_id)
