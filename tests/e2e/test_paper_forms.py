"""Complaints, materials, trainings and churn on the phone, without a network: taken down, handled, signed; then all of it on the server."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from server.churn.models import ChurnCase, ChurnWord
from server.clock import now
from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import Month, business_date
from server.intake.models import SyncOp
from server.materials.actions import Wanted, request_materials
from server.materials.models import MaterialRequest
from server.training.actions import Arrangement, arrange_training, plan_outlet
from server.training.models import Training
from sync.ids import uuid7
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import Phone, wait_until
from tests.e2e.phone_storage import lose_last_photo
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, speak, walking_phone

ACCOUNT, WHO = "交电费 200 元，两天没到账", "刘女士"
FOUND, DONE, THANKS = "收费机断网，交易没补传", "当场补传成功，200 元已到账", "下次快一点"
NEW_ACCOUNT, NEW_WHO, DEMAND = "公示牌掉了没人管", "王秀兰", "换一块新的"
ASKED, WANTED = "POS 纸 10 卷", "公示牌 1 块"
LESSON, NAMES, PLACE = "新收费机怎么补传", "王秀兰\n李敏", "店里柜台"
STAYS = "店主说还在做，上月停电"
WHY_NOT = "店员说老板不在，不敢签"
GIVEN = {ACCOUNT, WHO, FOUND, DONE, THANKS, NEW_ACCOUNT, NEW_WHO, DEMAND, ASKED, WANTED, LESSON, *NAMES.split("\n"), NAMES, PLACE, STAYS, WHY_NOT}


@dataclass(frozen=True)
class Waiting:
    """Ids of what waits at the outlet."""

    complaint: str
    request: str
    case: str


def put_work(server: ServerProcess, company: Company) -> Waiting:
    """One thing of each kind, at the outlet where a visit is due too."""
    outlet_id, at = company.outlets[company.due], now()
    today = business_date(at)
    with application(server.data, server.database_url):
        office = company.people["zhoumin"]
        intake = Intake(uuid7(), outlet_id, "settlement", False, True, today, WHO, "13977781234", ACCOUNT, "")
        complaint = receive_complaint(intake, office, at)
        request = request_materials(Wanted(uuid7(), outlet_id, ASKED, today), office, at)
        month = Month.of_date(today)
        plan_outlet(month, outlet_id, office, at)
        arrange_training(month, outlet_id, Arrangement(None, PLACE, LESSON), office, at)
        due_on = today + timedelta(days=6)
        case = ChurnCase(id=uuid7(), outlet_id=outlet_id, month=str(month), listed_on=today, due_on=due_on, state="open", made_at=at)
        db.session.add(case)
        db.session.commit()
        return Waiting(complaint.id, request.id, case.id)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_paper_forms_filled_offline_reach_the_server(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str
) -> None:
    waiting = put_work(server, company)
    phone, walk = walking_phone(server, company, new_phone, language, GIVEN)
    page = phone.page
    go(page, "/today")
    for work in ("complaint", "delivery", "churn", "training"):
        expect(page.get_by_test_id(f"clock-{work}")).to_be_visible()
    walk.look(page, "today-clocks")
    phone.wait_for_shell()
    phone.cut_network()
    photos = rep.photo_files(tmp_path, phone.here)
    handle_complaint(phone, walk, company)
    deliver(phone.page, walk, company, photos["counter"])
    train(phone.page, walk, company, photos["storefront"])  # which is lost once, and with it no other record's
    say_they_stay(phone.page, walk, company)
    take_down(phone.page, walk, company)
    page = phone.page
    go(page, "/sync")
    expect(page.get_by_test_id("outbox-row")).to_have_count(6)
    walk.look(page, "sync-papers")

    phone.restore_network()
    page.get_by_test_id("sync-now").tap()
    wait_until(lambda: not page.wait_for_timeout(200) and arrived(server) == 6, 90, "not all forms arrived")
    check_server(server, company, waiting)
    rep.open_outlet(page, company.due)
    expect(page.get_by_test_id("history-row")).to_have_count(3, timeout=30_000)
    for work in ("complaint", "delivery", "churn", "training"):
        expect(page.get_by_test_id(f"work-{work}")).to_have_count(0)
    walk.look(page, "outlet-worked")
    assert not walk.findings, "\n".join(walk.findings)


def handle_complaint(phone: Phone, walk: ScreenWalk, company: Company) -> None:
    """Three steps; the phone is killed before the last, and goes on where it was. A change takes the signature away."""
    page = phone.page
    rep.open_outlet(page, company.due)
    walk.look(page, "outlet-work")
    page.get_by_test_id("work-complaint").tap()
    page.get_by_test_id("paper-next").tap()
    expect(page.locator("#bad-investigation")).to_be_visible()
    walk.look(page, "complaint-missing")
    page.get_by_test_id("p-investigation").fill(FOUND)
    page.get_by_test_id("p-verdict-founded").tap()
    page.get_by_test_id("paper-next").tap()
    page.get_by_test_id("p-handling").fill(DONE)
    page.get_by_test_id("p-is_present-yes").tap()
    walk.look(page, "complaint-handling")
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_test_id("sign-pad")).to_be_visible()
    phone.kill()
    phone.switch_on(is_offline=True)
    walk.listen(phone.page)
    page = phone.page
    speak(page, walk.language)  # the kill came before Chromium wrote down what was chosen
    rep.open_outlet(page, company.due)
    page.get_by_test_id("work-complaint").tap()
    feedback = page.get_by_test_id("p-feedback_result-satisfied")
    expect(feedback.or_(page.get_by_test_id("p-handling"))).to_be_visible()
    if not feedback.is_visible():  # the kill was faster than the note of the last step
        expect(page.get_by_test_id("p-handling")).to_have_value(DONE)
        page.get_by_test_id("p-is_present-yes").tap()
        page.get_by_test_id("paper-next").tap()
    feedback.tap()
    page.get_by_test_id("p-feedback_speed-fair").tap()
    sign(page)
    page.get_by_test_id("p-feedback_text").fill(THANKS)
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    sign(page)
    walk.look(page, "complaint-feedback")
    save(page)
    expect(page.get_by_test_id("history-row")).to_have_count(1)


def deliver(page: Page, walk: ScreenWalk, company: Company, photo: Path) -> None:
    page.get_by_test_id("work-delivery").tap()
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    photograph(page, photo)
    walk.look(page, "delivery")
    page.get_by_test_id("paper-next").tap()
    sign(page)
    walk.look(page, "delivery-sign")
    refuse_to_sign(page, walk)
    save(page)
    expect(page.get_by_test_id("history-row").first).to_contain_text({"zh": "未签字", "en": "unsigned"}[walk.language])
    expect(page.get_by_test_id("history-row")).to_have_count(2)


def refuse_to_sign(page: Page, walk: ScreenWalk) -> None:
    """What was drawn is there again for who signs after all; without a reason nothing is saved."""
    page.get_by_test_id("refuse").tap()
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_test_id("refuse").tap()
    expect(page.get_by_test_id("sign-pad")).to_be_visible()
    page.get_by_test_id("refuse").tap()
    page.get_by_test_id("refusal").fill(WHY_NOT)
    walk.look(page, "delivery-unsigned")


def train(page: Page, walk: ScreenWalk, company: Company, photo: Path) -> None:
    page.get_by_test_id("work-training").tap()
    expect(page.get_by_test_id("p-content")).to_have_value(LESSON)
    page.get_by_test_id("p-attendee_count").fill("0")
    page.get_by_test_id("paper-next").tap()
    expect(page.locator("#bad-attendee_count")).to_be_visible()
    page.get_by_test_id("p-attendee_count").fill("2")
    page.get_by_test_id("p-attendees").fill(NAMES)
    photograph(page, photo)
    look_without_retaking(page)
    walk.look(page, "training")
    page.get_by_test_id("paper-next").tap()
    sign(page)
    walk.look(page, "training-sign")
    lose_last_photo(page, company.people["rep1"], "training:")
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_role("alert")).to_contain_text("照片在手机里丢了" if walk.language == "zh" else "A photo was lost")
    walk.look(page, "training-photo-lost")
    page.locator(".topbar .icon-button").first.tap()
    take_again(page, photo)
    page.get_by_test_id("paper-next").tap()
    sign(page)
    save(page)
    expect(page.get_by_test_id("history-row")).to_have_count(3)


def say_they_stay(page: Page, walk: ScreenWalk, company: Company) -> None:
    page.get_by_test_id("work-churn").tap()
    page.get_by_test_id("p-is_gone-no").tap()
    page.get_by_test_id("p-note").fill(STAYS)
    walk.look(page, "churn")
    save(page)
    expect(page.get_by_test_id("work-churn")).to_have_count(0)


def take_down(page: Page, walk: ScreenWalk, company: Company) -> None:
    """A complaint and a request at another outlet."""
    rep.open_outlet(page, company.new[0])
    page.get_by_test_id("take-complaint").tap()
    page.get_by_test_id("p-kind-materials").tap()
    page.get_by_test_id("p-account").fill(NEW_ACCOUNT)
    page.get_by_test_id("p-complainant").fill(NEW_WHO)
    page.get_by_test_id("p-demand").fill(DEMAND)
    walk.look(page, "new-complaint")
    save(page)
    expect(page.get_by_test_id("work-complaint")).to_contain_text(NEW_ACCOUNT)
    page.get_by_test_id("take-delivery").tap()
    page.get_by_test_id("p-contents").fill(WANTED)
    walk.look(page, "material-request")
    save(page)
    expect(page.get_by_test_id("work-delivery")).to_contain_text(WANTED)


def photograph(page: Page, photo: Path) -> None:
    """What will be drawn on it names the outlet, as the form does."""
    outlet = page.locator(".topbar .title small").inner_text()
    page.get_by_test_id("paper-photo").tap()
    expect(page.locator(".stamp")).to_contain_text(outlet)
    page.get_by_test_id("system-camera").first.set_input_files(photo)
    expect(page.locator(".slot.filled img")).to_be_visible(timeout=30_000)


def take_again(page: Page, photo: Path) -> None:
    """A photo whose bytes the phone has lost."""
    slot = page.locator(".slot.filled")
    expect(slot.locator(".state")).to_be_visible()
    expect(slot.locator("img")).to_have_count(0)
    slot.locator("button").tap()
    page.get_by_test_id("photo-again").tap()
    page.get_by_test_id("system-camera").first.set_input_files(photo)
    expect(slot.locator("img")).to_be_visible(timeout=30_000)
    expect(slot).to_have_count(1)


def look_without_retaking(page: Page) -> None:
    """Whoever thinks better of taking it again still has the photo."""
    page.locator(".slot.filled button").tap()
    page.get_by_test_id("photo-again").tap()
    page.locator("dialog .icon-button").first.tap()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".slot.filled img")).to_have_count(1)


def save(page: Page) -> None:
    """The last button; the outlet's page follows once the phone's storage has the record."""
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_test_id("check-in")).to_be_visible()


def sign(page: Page) -> None:
    pad = page.get_by_test_id("sign-pad")
    expect(pad).to_be_visible()
    pad.scroll_into_view_if_needed()
    rep.draw_by_finger(page)
    page.wait_for_timeout(rep.FINGER_LIFT_MS)


def arrived(server: ServerProcess) -> int:
    with application(server.data, server.database_url):
        return db.session.scalar(select(func.count()).select_from(SyncOp).where(SyncOp.code == "applied")) or 0


def check_server(server: ServerProcess, company: Company, waiting: Waiting) -> None:
    rep1, outlet_id, other_id = company.people["rep1"], company.outlets[company.due], company.outlets[company.new[0]]
    with application(server.data, server.database_url):
        complaint = db.session.get_one(Complaint, waiting.complaint)
        assert (complaint.state, complaint.verdict, complaint.investigation, complaint.handling) == ("resolved", "founded", FOUND, DONE)
        feedback = (complaint.feedback_result, complaint.feedback_speed, complaint.feedback_text)
        assert (complaint.assigned_to_id, *feedback) == (rep1, "satisfied", "fair", THANKS)
        request = db.session.get_one(MaterialRequest, waiting.request)
        assert (request.delivered_by_id, request.delivered_on) == (rep1, business_date(now()))
        assert (request.signature_refusal, request.signature_sha256, request.signer_name) == (WHY_NOT, None, "")
        training = db.session.scalars(select(Training).where(Training.outlet_id == outlet_id)).one()
        assert (training.signer_name, training.signature_refusal) == ("王秀兰", None)
        assert (training.trainer_id, training.content, training.attendee_count, training.place) == (rep1, LESSON, 2, PLACE)
        assert [one["name"] for one in training.attendees] == NAMES.split("\n")
        word = db.session.scalars(select(ChurnWord).where(ChurnWord.case_id == waiting.case)).one()
        assert (word.source, word.is_gone, word.note, word.by_id) == ("marketing", False, STAYS, rep1)
        heard = db.session.scalars(select(Complaint).where(Complaint.outlet_id == other_id)).one()
        assert (heard.state, heard.kind, heard.account, heard.demand, heard.received_by_id) == ("received", "materials", NEW_ACCOUNT, DEMAND, rep1)
        asked = db.session.scalars(select(MaterialRequest).where(MaterialRequest.outlet_id == other_id)).one()
        assert (asked.contents, asked.requested_by_id, asked.delivered_on) == (WANTED, rep1, None)
        files = [complaint.signature_sha256, request.photo_sha256, training.signature_sha256, *training.photos]
    wait_until(lambda: all(sha256 and server.blob(sha256).exists() for sha256 in files), 60, "not all files arrived")
