"""A phone that cannot send: its work leaves it as a file, and when it sends after all, nothing is there twice (SYNC §5, §7.24)."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import func, select

from server.clock import now
from server.db import db
from server.intake.models import SyncOp
from server.intake.rescue import import_rescue
from server.media.models import Blob
from server.visits.models import Visit, VisitPhoto
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.phone import Phone
from tests.e2e.phone_storage import capture_of
from tests.e2e.rescue_files import exported
from tests.e2e.server_process import ServerProcess

MakePhone = Callable[[ServerProcess, tuple[float, float]], Phone]


def with_an_unsent_visit(server: ServerProcess, company: Company, phone: Phone, folder: Path) -> str:
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()
    phone.wait_for_shell()
    phone.cut_network()
    server.stop()
    return rep.make_visit(phone.page, company.due, rep.photo_files(folder, phone.here))


def assert_holds_what_the_phone_kept(content: dict[str, Any], kept: dict[str, Any], company: Company) -> None:
    assert (content["format"], content["person_id"], content["person_name"]) == ("xundian-rescue.v1", company.people["rep1"], "赵广田")
    [op], [stored] = content["ops"], kept["ops"]
    assert op == {name: stored[name] for name in ("op_id", "kind", "form", "entity", "scope", "base_v", "body_text", "blobs", "t")}
    assert len(op["blobs"]) == 3
    assert {sha256: hashlib.sha256(base64.b64decode(text)).hexdigest() for sha256, text in content["blobs"].items()} == {s: s for s in op["blobs"]}


def assert_there_once(server: ServerProcess, visit_id: str) -> None:
    with application(server.data, server.database_url):
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.id, visit.is_complete, visit.counts) == (visit_id, True, True)
        assert db.session.scalars(select(SyncOp.code)).all() == ["applied"]
        assert db.session.scalar(select(func.count()).select_from(VisitPhoto)) == 2
        assert db.session.scalar(select(func.count()).select_from(Blob).where(Blob.stored_at.is_not(None))) == 3


def test_rescue_file_of_an_offline_phone_is_imported_and_the_phone_sends_as_well(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = new_phone(server, company.place(company.due))
    visit_id = with_an_unsent_visit(server, company, phone, tmp_path)
    kept = capture_of(phone.page, company.people["rep1"])
    phone.page.evaluate("location.hash = '#/sync'")
    name, raw = exported(phone.page)
    assert name == f"巡店-救援-rep1-{rep.today_text()}.json"
    assert_holds_what_the_phone_kept(json.loads(raw), kept, company)
    assert capture_of(phone.page, company.people["rep1"]) == kept, "the export took something from the phone"
    with application(server.data, server.database_url):
        import_rescue(raw, company.people["admin"], now())
    assert_there_once(server, visit_id)

    server.start()
    phone.restore_network()
    phone.page.evaluate("location.hash = '#/sync'")
    phone.page.get_by_test_id("sync-now").tap()
    expect(phone.page.get_by_test_id("outbox-row")).to_have_attribute("data-state", "accepted", timeout=30_000)
    assert_there_once(server, visit_id)
    with application(server.data, server.database_url):
        import_rescue(raw, company.people["admin"], now())
    assert_there_once(server, visit_id)
    phone.page.get_by_test_id("export").tap()
    expect(phone.page.get_by_text("没有要导出的")).to_be_visible()


def test_rescue_file_is_made_after_signing_out_without_a_network(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone = new_phone(server, company.place(company.due))
    visit_id = with_an_unsent_visit(server, company, phone, tmp_path)
    page = phone.page
    page.evaluate("location.hash = '#/me'")
    page.get_by_test_id("sign-out").tap()
    _, before = exported(page)
    page.evaluate("location.hash = '#/me'")
    page.get_by_test_id("sign-out").tap()
    page.get_by_test_id("sign-out-keeping").tap()
    expect(page.get_by_test_id("left-work")).to_contain_text("赵广田")
    name, after = exported(page)
    assert name.startswith("巡店-救援-rep1-")
    assert {key: value for key, value in json.loads(after).items() if key != "made_at"} == {
        key: value for key, value in json.loads(before).items() if key != "made_at"
    }
    with application(server.data, server.database_url):
        import_rescue(after, company.people["admin"], now())
    assert_there_once(server, visit_id)


def test_a_visit_that_was_under_way_goes_on_on_another_phone(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    """The phone breaks in mid-visit: the file takes the form along with its photos; the company counts nothing until the visit is made."""
    old = new_phone(server, company.place(company.due))
    old.switch_on()
    rep.sign_in(old.page, "rep1")
    rep.open_outlet(old.page, company.due)
    old.page.get_by_test_id("check-in").tap()
    rep.check_in(old.page)
    rep.answer_checklist(old.page)
    rep.add_photos(old.page, rep.photo_files(tmp_path, old.here))
    expect(old.page.get_by_test_id("draft-state")).to_contain_text("已存草稿")
    old.cut_network()
    old.page.evaluate("location.hash = '#/sync'")
    _, raw = exported(old.page)
    old.switch_off()
    with application(server.data, server.database_url):
        report = import_rescue(raw, company.people["admin"], now())
        assert (report.is_unchanged, [one["kind"] for one in report.drafts]) == (True, ["visit"])
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 0

    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    phone.page.evaluate("location.hash = '#/sync'")
    phone.page.get_by_test_id("export").tap()
    phone.page.get_by_test_id("bring").tap()
    phone.page.get_by_test_id("bring-file").set_input_files({"name": "rescue.json", "mimeType": "application/json", "buffer": raw})
    expect(phone.page.get_by_test_id("bring-result")).to_contain_text("取回了 1 份")
    phone.page.get_by_test_id("unfinished-go-on").tap()
    expect(phone.page.locator(".slot.filled img")).to_have_count(2)
    phone.page.get_by_test_id("to-owner").tap()
    phone.page.get_by_test_id("to-sign").tap()
    rep.sign(phone.page)
    visit_id = rep.saved_visit(phone.page)
    phone.page.evaluate("location.hash = '#/sync'")
    expect(phone.page.get_by_test_id("outbox-row")).to_have_attribute("data-state", "accepted", timeout=30_000)
    assert_there_once(server, visit_id)


def test_rescue_file_of_somebody_who_never_used_this_phone_is_empty(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    phone.page.evaluate("(id) => { location.hash = `#/export/${id}`; }", company.people["rep2"])
    expect(phone.page.get_by_text("没有要导出的")).to_be_visible()
    expect(phone.page.get_by_test_id("export-make")).to_have_count(0)
    names = phone.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert not [name for name in names if company.people["rep2"] in name], "asking must not make a database"
