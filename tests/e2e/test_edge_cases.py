"""The edge cases of SYNC §7 that need a phone's own storage, windows or network: 15, 16, 18, 21."""

import os
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from server.db import db
from server.media.models import Blob
from server.visits.models import VisitPhoto
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.phone import Phone, wait_until
from tests.e2e.phone_storage import capture_of, spare_paths
from tests.e2e.portal import captive_portal
from tests.e2e.server_process import ROOT, ServerProcess
from tests.e2e.whole import visits_of

MakePhone = Callable[[ServerProcess, tuple[float, float]], Phone]
WEAK_NETWORK = 60_000
SMALL_QUOTA = 12_000_000
# Second copies (ADR 18) give way before a photo is refused; here they have done so already.
DROP_SPARE_PHOTOS = """async (personId) => {
    const { capture } = await (await (await import("/m/packs.js")).load("company.js")).databases(personId);
    await (await (await import("/m/packs.js")).load("db/spare_cache.js")).dropSparePhotos(capture);
}"""
LITTLE_ROOM = 150_000


def signed_in(server: ServerProcess, company: Company, new_phone: MakePhone) -> Phone:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()
    phone.wait_for_shell()
    return phone


def grainy(path: Path) -> Path:
    """A photo that no format makes small."""
    picture = Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3)).resize((1600, 1200))
    file = BytesIO()
    picture.save(file, "JPEG", quality=60)
    path.write_bytes(file.getvalue())
    return path


def stored_files(server: ServerProcess) -> int:
    with application(server.data, server.database_url):
        return int(db.session.scalar(select(func.count()).select_from(Blob).where(Blob.stored_at.is_not(None))) or 0)


def at_the_photos_with_a_small_quota(phone: Phone, company: Company) -> Page:
    """Offline, in a visit whose checklist is done."""
    phone.switch_off()
    phone.switch_on(is_offline=True, quota=SMALL_QUOTA)
    page = phone.page
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    rep.answer_checklist(page)
    return page


def spare_photos(page: Page) -> int:
    return sum(path.startswith("/spare/blobs/") for path in spare_paths(page))


def sign_and_save(page: Page) -> str:
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    return rep.saved_visit(page)


def test_edge_15_killed_between_record_and_photo(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    """The company has the record, the browser dies while its first photo is on the way, and the photos follow after a new start."""
    phone = signed_in(server, company, new_phone)
    phone.slow_down_uploads(WEAK_NETWORK)
    visit_id = rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    wait_until(lambda: any(server.parts().values()), 60, "no photo was under way")
    phone.kill()
    assert visits_of(server) == {visit_id: (False, False)}
    assert stored_files(server) < 3
    phone.switch_on(is_offline=True)
    kept = capture_of(phone.page, company.people["rep1"])
    [op] = kept["ops"]
    assert (op["state"], op["code"], set(kept["blobs"])) == ("acked", "applied", set(op["blobs"]))
    phone.restore_network()
    wait_until(lambda: visits_of(server) == {visit_id: (True, True)}, 60)
    assert stored_files(server) == 3
    with application(server.data, server.database_url):
        assert db.session.scalar(select(func.count()).select_from(VisitPhoto)) == 2


def test_edge_15_killed_while_it_saves(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    """Either the draft is there with its photos, or the record with its files: never a half of it."""
    phone = signed_in(server, company, new_phone)
    page = phone.page
    phone.cut_network()
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    rep.answer_checklist(page)
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)  # ends with the tap on "save"
    phone.kill()
    phone.switch_on(is_offline=True)
    kept = capture_of(phone.page, company.people["rep1"])
    assert all(stored["sha256"] == sha256 for sha256, stored in kept["blobs"].items())
    if kept["ops"]:
        assert (set(kept["ops"][0]["blobs"]), kept["drafts"]) == (set(kept["blobs"]), [])
    else:
        assert {photo["sha256"] for photo in kept["drafts"][0]["draft"]["photos"]} <= set(kept["blobs"])


def test_edge_16_quota_at_photo_seven(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    """The seventh photo is refused with what to do; the six before it and the record are kept, and all of it arrives."""
    phone = signed_in(server, company, new_phone)
    page = at_the_photos_with_a_small_quota(phone, company)
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))
    filled, more = page.locator(".slot.filled"), page.get_by_test_id("photo-input-other").last
    for number in range(3, 7):
        more.set_input_files(grainy(tmp_path / f"{number}.jpg"))
        expect(filled).to_have_count(number, timeout=30_000)
    wait_until(lambda: spare_photos(page) in (6, 0), 60, "second copies are still made, or let go")
    page.evaluate(DROP_SPARE_PHOTOS, company.people["rep1"])
    assert spare_photos(page) == 0
    phone.fill_storage(leaving=LITTLE_ROOM)
    more.set_input_files(grainy(tmp_path / "7.jpg"))
    expect(page.get_by_role("alert")).to_contain_text("手机空间满了，不能再拍新照片", timeout=30_000)
    expect(page.get_by_role("alert")).to_contain_text("已拍的 6 张都在")
    expect(filled).to_have_count(6)
    visit_id = sign_and_save(page)

    phone.kill()
    phone.switch_on(is_offline=True)
    kept = capture_of(phone.page, company.people["rep1"])
    [op] = kept["ops"]
    assert (op["entity"]["id"], len(op["body"]["photos"]), len(op["blobs"])) == (visit_id, 6, 7)
    assert {sha256: stored["sha256"] for sha256, stored in kept["blobs"].items()} == {sha256: sha256 for sha256 in op["blobs"]}
    phone.restore_network()
    wait_until(lambda: visits_of(server) == {visit_id: (True, True)}, 60)


def test_edge_16_second_copies_give_way_before_a_photo_is_refused(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = signed_in(server, company, new_phone)
    page = at_the_photos_with_a_small_quota(phone, company)
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))
    filled, more = page.locator(".slot.filled"), page.get_by_test_id("photo-input-other").last
    for number in (3, 4):
        more.set_input_files(grainy(tmp_path / f"{number}.jpg"))
        expect(filled).to_have_count(number, timeout=30_000)
    wait_until(lambda: spare_photos(page) == 4, 60, "no second copies")
    phone.fill_storage(leaving=LITTLE_ROOM)
    more.set_input_files(grainy(tmp_path / "5.jpg"))
    expect(filled).to_have_count(5, timeout=30_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    wait_until(lambda: spare_photos(page) == 0, 60, "second copies stayed")  # Chromium may take a photo beyond its quota: they go just after it
    kept = capture_of(page, company.people["rep1"])
    assert {stored["sha256"] for stored in kept["blobs"].values()} == {photo["sha256"] for photo in kept["drafts"][0]["draft"]["photos"]}


def test_edge_16_a_required_photo_without_room_does_not_hold_up_the_visit(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = signed_in(server, company, new_phone)
    page = at_the_photos_with_a_small_quota(phone, company)
    phone.fill_storage(leaving=LITTLE_ROOM)
    page.get_by_test_id("photo-input-storefront").set_input_files(grainy(tmp_path / "1.jpg"))
    expect(page.get_by_role("alert")).to_contain_text("也可以先不拍", timeout=30_000)
    visit_id = sign_and_save(page)
    phone.restore_network()
    page.evaluate("location.hash = '#/sync'")
    page.get_by_test_id("sync-now").tap()
    wait_until(lambda: visits_of(server) == {visit_id: (False, False)}, 60)


def newer_tree(folder: Path) -> Path:
    """The code of a release to come, whose capture database is one version further."""
    for name in ("server", "sync", "pwa"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    schema = folder / "pwa" / "db" / "capture_schema.js"
    text = schema.read_text("utf-8")
    version, first = "const PLAIN = 1;", "if (oldVersion < PLAIN) createFirstStores(db, tx);"
    assert version in text and first in text
    newer = text.replace(version, "const PLAIN = 2;").replace(first, 'if (oldVersion < 2) db.createObjectStore("of_tomorrow");')
    schema.write_text(newer, "utf-8")
    return folder


def database_version(page: Page, person_id: str) -> int:
    found: int = page.evaluate(
        "(name) => indexedDB.databases().then((all) => all.find((one) => one.name === name).version)", f"xundian-capture-{person_id}"
    )
    return found


def test_edge_18_old_tab_new_tab(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    """A second tab moves on to a release whose database is newer, while the first is in the middle of a visit."""
    phone = signed_in(server, company, new_phone)
    old, photos, rep_id = phone.page, rep.photo_files(tmp_path, phone.here), company.people["rep1"]
    visits = [rep.make_visit(old, company.due, photos)]
    phone.go_to(company.place(company.new[0]))
    rep.open_outlet(old, company.new[0])
    old.get_by_test_id("check-in").tap()
    rep.check_in(old)
    rep.answer_checklist(old)
    rep.add_photos(old, photos)

    new = phone.open_tab()
    phone.go_to(company.place(company.due))
    visits.append(rep.make_visit(new, company.due, photos))
    server.stop()
    server.root = newer_tree(tmp_path / "newer")
    server.start()
    new.reload()
    expect(new.get_by_test_id("update")).to_be_visible(timeout=60_000)
    assert database_version(new, rep_id) == 1, "a new release waits until it is asked for"
    new.get_by_test_id("update").get_by_role("button").first.tap()
    expect(old.get_by_test_id("outdated")).to_be_visible(timeout=30_000)
    assert database_version(new, rep_id) == 2
    new.wait_for_selector("html[data-ready=true]")
    visits.append(rep.make_visit(new, company.due, photos))

    old.bring_to_front()
    old.get_by_test_id("outdated-reload").tap()
    expect(old.get_by_test_id("handling")).to_have_value(rep.HANDLING)
    expect(old.locator(".slot.filled")).to_have_count(2)
    visits.append(sign_and_save(old))
    numbers = sorted(op["n"] for op in capture_of(old, rep_id)["ops"])
    assert numbers == [1, 2, 3, 4]
    wait_until(lambda: set(visits_of(server)) == set(visits) and all(is_complete for is_complete, _ in visits_of(server).values()), 60)


def test_edge_21_captive_portal(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    """A network that answers 200 with a page of its own settles nothing; the app starts, says what may help, and goes on after."""
    phone = signed_in(server, company, new_phone)
    phone.cut_network()
    visit_id = rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    server.stop()
    with captive_portal(server.port) as asked:
        phone.switch_off()
        phone.switch_on()
        page = phone.page
        page.evaluate("location.hash = '#/sync'")
        page.get_by_test_id("sync-now").tap()
        expect(page.get_by_test_id("sync-summary")).to_contain_text("网络没通到公司")
        expect(page.get_by_test_id("sync-summary")).to_contain_text("1条还没发")
        assert "/sync/v1/push" in asked
        assert capture_of(page, company.people["rep1"])["ops"][0]["state"] == "pending"
    server.start()
    page.get_by_test_id("sync-now").tap()
    expect(page.get_by_test_id("outbox-row")).to_have_attribute("data-state", "accepted", timeout=60_000)
    assert visits_of(server) == {visit_id: (True, True)}
