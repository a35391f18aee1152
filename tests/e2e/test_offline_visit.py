"""The browser story: one visit without a network, from the phone to the wage sheet, whatever is killed on the way."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from server.db import db
from server.intake.models import SyncOp
from server.media.models import Blob
from server.visits.models import OutletMonth, Visit, VisitPhoto
from tests.e2e import console, rep
from tests.e2e.company import Company, application
from tests.e2e.phone import Phone, wait_until
from tests.e2e.phone_storage import capture_of
from tests.e2e.server_process import ServerProcess

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
    assert [op["entity"]["id"] for op in kept["ops"]] == [visit_id]
    body = kept["ops"][0]["body"]
    hashes = {photo["sha256"] for photo in body["photos"]} | {body["signature"]["sha256"]}
    assert len(hashes) == 3
    assert set(kept["blobs"]) == hashes
    for sha256, stored in kept["blobs"].items():
        assert stored["sha256"] == sha256
    assert body["fix"]["accuracy_m"] == 35
    assert body["signature"]["strokes"]
    phone.page.evaluate("location.hash = '#/sync'")
    expect(phone.page.get_by_test_id("outbox-row")).to_have_count(1)
    return {sha256: stored["size"] for sha256, stored in kept["blobs"].items()}


def arrived(server: ServerProcess, hashes: set[str]) -> bool:
    return all(server.blob(sha256).exists() for sha256 in hashes) and not server.parts()


def assert_on_the_server(server: ServerProcess, company: Company, visit_id: str, sizes: dict[str, int]) -> None:
    """Every byte is there once, and the visit counts."""
    for sha256, size in sizes.items():
        content = server.blob(sha256).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)
    with application(server.data, server.database_url):
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.id, visit.rep_id, visit.counts, visit.reasons) == (visit_id, company.people["rep1"], True, [])
        assert visit.fix_accuracy_m == 35
        assert db.session.scalars(select(SyncOp.code)).all() == ["applied"]
        assert set(db.session.scalars(select(Blob.sha256).where(Blob.stored_at.is_not(None)))) == set(sizes)
        assert db.session.scalar(select(func.count()).select_from(VisitPhoto)) == 2
        row = db.session.scalars(select(OutletMonth).where(OutletMonth.outlet_id == visit.outlet_id, OutletMonth.month == company.month)).one()
        assert (row.owed, row.counted, row.state) == (1, 1, "done")
        storefront = db.session.scalar(select(VisitPhoto.sha256).where(VisitPhoto.slot == "storefront"))
    with Image.open(BytesIO(server.blob(str(storefront)).read_bytes())) as picture:
        assert picture.size == (1200, 1600), "turned upright and scaled"
        red, _, blue = picture.convert("RGB").getpixel((1100, 60))  # type: ignore[misc]
        assert red > blue + 40, "the stored picture's first corner is the upright one's upper right"


def assert_in_the_office(server: ServerProcess, company: Company, desk: Browser, visit_id: str) -> None:
    """The supervisor's map and table show the visit, and the wage sheet's line opens it."""
    with console.signed_in(desk, server.url, "zhoumin") as page:
        points: dict[str, Any] = page.request.get(f"{server.url}/visits/map.json").json()
        assert visit_id in [visit[0] for visit in points["visits"]]
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
