"""A checklist from the designer to the phone: designed in the console, asked offline with its conditions, read by the owner, kept on the server."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from server.checklists.models import ChecklistVersion
from server.db import db
from server.visits.models import Visit
from tests.e2e import console, rep
from tests.e2e.company import Company, application
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import wait_until
from tests.e2e.pictures import camera_photo
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone

WHY = "灯管坏了，已报修"
NAME, LAMP, PROOF, REASON, PEOPLE, SINCE = "夜间巡检", "灯箱亮不亮", "拍下不亮的灯箱", "为什么不亮", "排队人数", "哪天起"
WORDS = {NAME, LAMP, PROOF, REASON, PEOPLE, SINCE, WHY, "人", "12 人", rep.HANDLING}

IN_THE_DESIGNER = {
    "XLSForm",
    "survey",
    "choices",
    ".xlsx",
    "是 / Yes",
    "否 / No",
    "不适用 / Not applicable",
    "是",
    "否",
    "不适用",
    "Yes",
    "No",
    "Not applicable",
    "50 人",
}


@pytest.fixture
def office(server: ServerProcess, desk: Browser) -> Iterator[Page]:
    """The console of who designs."""
    with console.signed_in(desk, server.url, "admin") as page:
        yield page


def design(page: Page, base: str) -> None:
    """As the manager does it: each question by its button, then the words, then out to the phones."""
    page.goto(f"{base}/checklists")
    page.get_by_role("link", name="新清单").click()
    page.get_by_label("名称", exact=True).fill(NAME)
    page.get_by_role("button", name="建好，去写问题").click()
    for kind in ("是 / 否 / 不适用", "照片", "文字", "数字", "日期"):
        page.get_by_role("button", name=kind, exact=True).click()
    for place, words in enumerate((LAMP, PROOF, REASON, PEOPLE, SINCE)):
        page.locator(f"#f-q-{place}-zh").fill(words)
    page.get_by_role("button", name="存草稿").last.click()
    for place in (1, 2):
        page.locator(f"#f-q-{place}-show_if").select_option(label=f"{LAMP}: 否")
    page.locator("#f-q-3-lowest").fill("0")
    page.locator("#f-q-3-highest").fill("50")
    page.locator("#f-q-3-unit_zh").fill("人")
    page.locator("input[name=q-4-required]").uncheck()


def publish(page: Page, number: int) -> None:
    page.get_by_role("button", name="发布到手机").click()
    expect(page.get_by_text(f"手机上是第 {number} 版")).to_be_visible()


def published(server: ServerProcess) -> str:
    with application(server.data, server.database_url):
        return db.session.scalars(select(ChecklistVersion.id).order_by(ChecklistVersion.number.desc())).first()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_checklist_of_the_company_is_asked_offline(
    server: ServerProcess, company: Company, new_phone: MakePhone, office: Page, tmp_path: Path, language: str
) -> None:
    design(office, server.url)
    publish(office, 1)
    version_id = published(server)
    phone, walk = walking_phone(server, company, new_phone, language, WORDS)
    page = phone.page
    go(page, "/today")
    phone.wait_for_shell()
    phone.cut_network()
    photos = rep.photo_files(tmp_path, phone.here)
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)

    expect(page.get_by_text("1 / 4")).to_be_visible()
    page.get_by_test_id("answer-yes").tap()
    page.get_by_test_id("checklist-next").tap()
    fill_number(page, walk)
    page.get_by_test_id("checklist-next").tap()  # the day may be left out
    page.get_by_test_id("answer-no").tap()  # no complaint
    page.get_by_test_id("checklist-next").tap()
    rep.add_photos(page, photos)
    back_to_the_lamp(page)
    page.get_by_test_id("answer-no").tap()  # it is dark after all, so two more are asked
    expect(page.get_by_text("1 / 6")).to_be_visible()
    page.get_by_test_id("checklist-next").tap()
    page.get_by_test_id("checklist-next").tap()
    expect(page.get_by_role("alert")).to_be_visible()  # the photo is missing
    page.get_by_test_id("answer-photo-input").set_input_files(dark_lamp(tmp_path, phone.here))
    expect(page.locator(".question .photo-strip img")).to_be_visible(timeout=30_000)
    walk.look(page, "checklist-photo")
    page.get_by_test_id("checklist-next").tap()
    expect(page.get_by_text("3 / 6")).to_be_visible()
    page.get_by_test_id("answer").fill(WHY)
    walk.look(page, "checklist-text")
    for _ in range(3):
        page.get_by_test_id("checklist-next").tap()
    page.get_by_test_id("checklist-next").tap()
    page.get_by_test_id("to-owner").tap()
    for words in (LAMP, WHY, "12"):
        expect(page.locator("main.owner")).to_contain_text(words)
    walk.look(page, "summary-checklist")
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    visit_id = rep.saved_visit(page)

    phone.restore_network()
    wait_until(lambda: not page.wait_for_timeout(200) and kept(server, visit_id), 90, "the visit did not arrive")
    visit = kept(server, visit_id)
    assert visit.checklist_version_id == version_id and visit.is_checklist_complete
    given = {one["key"]: one["answer"] for one in visit.checklist}
    assert given["q2"] in {photo.sha256 for photo in visit.photos}
    assert {**given, "q2": ""} == {"q1": "no", "q2": "", "q3": WHY, "q4": "12", "owner_complaint": "no"}
    assert not walk.findings, "\n".join(walk.findings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_designer_reads_well_in_both_languages(server: ServerProcess, company: Company, office: Page, desk: Browser, language: str) -> None:
    design(office, server.url)
    publish(office, 1)
    walk = ScreenWalk("checklists", language, given_words=company.given_words() | WORDS | IN_THE_DESIGNER)
    with console.signed_in(desk, server.url, "admin", language) as page:
        walk.listen(page)
        page.goto(f"{server.url}/checklists")
        console.look_twice(walk, page, "list")
        page.locator("main tbody a").first.click()
        console.look_twice(walk, page, "design")
        page.locator("#f-q-0-zh").fill("")
        page.locator("button[value=publish]").click()
        expect(page.get_by_role("alert")).to_be_visible()
        console.look_twice(walk, page, "design-faults")
        page.goto(f"{server.url}/checklists/new")
        console.look_twice(walk, page, "new")
    assert not walk.findings, "\n".join(walk.findings)


def test_questions_are_dragged_into_another_order(server: ServerProcess, company: Company, office: Page) -> None:
    design(office, server.url)
    office.get_by_role("button", name="存草稿").last.click()
    office.locator("#q-4 .grip").drag_to(office.locator("#q-3 legend"))
    office.get_by_role("button", name="存草稿").last.click()
    expect(office.locator("#f-q-3-zh")).to_have_value(SINCE)
    expect(office.locator("#f-q-4-zh")).to_have_value(PEOPLE)


def dark_lamp(folder: Path, place: tuple[float, float]) -> Path:
    """A photo of its own: the same picture twice in a visit is one."""
    path = folder / "lamp.jpg"
    path.write_bytes(camera_photo("#30343c", datetime.now(), place))
    return path


def fill_number(page: Page, walk: ScreenWalk) -> None:
    page.get_by_test_id("answer").fill("51")
    page.get_by_test_id("checklist-next").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    walk.look(page, "checklist-number")
    page.get_by_test_id("answer").fill("12")
    page.get_by_test_id("checklist-next").tap()


def back_to_the_lamp(page: Page) -> None:
    page.locator(".card.row.wide-button").first.tap()
    page.locator(".answered").first.tap()


def test_a_visit_under_way_keeps_its_version_and_a_photo_dropped_later_is_asked_for_again(
    server: ServerProcess, company: Company, new_phone: MakePhone, office: Page, tmp_path: Path
) -> None:
    design(office, server.url)
    publish(office, 1)
    first = published(server)
    phone, _ = walking_phone(server, company, new_phone, "zh", set())
    page = phone.page
    go(page, "/today")
    photos = rep.photo_files(tmp_path, phone.here)
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    office.locator("#f-q-0-zh").fill("招牌亮不亮")
    publish(office, 2)
    assert published(server) != first
    page.get_by_test_id("answer-no").tap()
    page.get_by_test_id("checklist-next").tap()
    page.get_by_test_id("answer-photo-input").set_input_files(dark_lamp(tmp_path, phone.here))
    expect(page.locator(".question .photo-strip img")).to_be_visible(timeout=30_000)
    page.get_by_test_id("checklist-next").tap()
    expect(page.get_by_text("3 / 6")).to_be_visible()
    page.get_by_test_id("answer").fill(WHY)
    page.get_by_test_id("checklist-next").tap()
    expect(page.get_by_text("4 / 6")).to_be_visible()
    page.get_by_test_id("answer").fill("3")
    for _ in range(2):
        page.get_by_test_id("checklist-next").tap()
    page.get_by_test_id("answer-no").tap()
    page.get_by_test_id("checklist-next").tap()
    rep.add_photos(page, photos, already=1)
    page.locator(".slot.filled .frame").last.tap()
    page.get_by_test_id("photo-drop").tap()
    expect(page.locator(".slot.filled")).to_have_count(2)
    page.get_by_test_id("to-owner").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("2 / 6")).to_be_visible()
    page.get_by_test_id("answer-photo-input").set_input_files(dark_lamp(tmp_path, phone.here))
    expect(page.locator(".question .photo-strip img")).to_be_visible(timeout=30_000)
    for number in range(2, 7):
        expect(page.get_by_text(f"{number} / 6")).to_be_visible()
        page.get_by_test_id("checklist-next").tap()
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    visit_id = rep.saved_visit(page)
    wait_until(lambda: not page.wait_for_timeout(200) and kept(server, visit_id), 90, "the visit did not arrive")
    visit = kept(server, visit_id)
    assert visit.checklist_version_id == first and visit.is_checklist_complete
    assert {one["key"]: one["answer"] for one in visit.checklist}["q2"] in {photo.sha256 for photo in visit.photos}


def kept(server: ServerProcess, visit_id: str) -> Visit | None:
    with application(server.data, server.database_url):
        return db.session.scalar(select(Visit).where(Visit.id == visit_id).options(selectinload(Visit.photos)))
