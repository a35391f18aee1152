"""What the owner tells during a visit goes to the office as a complaint; reasons outlive a kill; an old position is read again."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.complaints.models import Complaint
from server.db import db
from server.visits.models import Visit
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.phone import Phone, wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone
from tests.e2e.whole import visits_of

TOLD, WHY, NOTE = "到账慢，等了两天", "店主出门了，店员不愿代签", "门口修路，从后门进的"


def check_in_elsewhere(phone: Phone, company: Company) -> None:
    """The reason and its note stand again after a kill, before the check-in."""
    rep.open_outlet(phone.page, company.due)
    phone.page.get_by_test_id("check-in").tap()
    phone.page.get_by_test_id("reason-other").tap()
    phone.page.locator("#why").fill(NOTE)
    phone.page.wait_for_timeout(500)
    phone.kill()
    phone.switch_on(is_offline=True)
    go(phone.page, "/today")
    phone.page.get_by_test_id("go-on").tap()
    expect(phone.page.get_by_test_id("reason-other")).to_have_attribute("aria-checked", "true")
    expect(phone.page.locator("#why")).to_have_value(NOTE)
    phone.page.get_by_test_id("checkin-confirm").tap()


def complain(page: Page) -> None:
    """Everything is fine but for the last question."""
    for number in range(rep.QUESTIONS):
        expect(page.get_by_text(f"{number + 1} / {rep.QUESTIONS}")).to_be_visible()
        is_last = number == rep.QUESTIONS - 1
        page.locator(".question .choice").nth(1 if is_last else 0).tap()
        if is_last:
            page.locator("#complaint").fill(TOLD)
        page.get_by_test_id("checklist-next").tap()


def refuse(phone: Phone, look: rep.Look) -> None:
    """Nobody signs; the browser dies while the reason is written, and it stands there again."""
    phone.page.get_by_test_id("to-owner").tap()
    phone.page.get_by_test_id("to-sign").tap()
    phone.page.get_by_test_id("refuse").tap()
    phone.page.get_by_test_id("refusal").fill(WHY)
    phone.page.wait_for_timeout(500)
    look("sign-refused")
    phone.kill()
    phone.switch_on(is_offline=True)
    go(phone.page, "/today")
    phone.page.get_by_test_id("go-on").tap()
    expect(phone.page.get_by_test_id("refusal")).to_have_value(WHY)
    phone.page.get_by_test_id("sign-save").tap()


def test_a_complaint_told_in_a_visit_is_handled_as_one_though_nobody_signed(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone, walk = walking_phone(server, company, new_phone, "zh", {TOLD, WHY, NOTE, rep.HANDLING})
    phone.wait_for_shell()
    lat, lon = phone.here
    phone.go_to((lat + 0.02, lon))
    phone.cut_network()
    check_in_elsewhere(phone, company)
    complain(phone.page)
    rep.add_photos(phone.page, rep.photo_files(tmp_path, phone.here))
    refuse(phone, lambda screen: walk.look(phone.page, screen))
    visit_id = rep.saved_visit(phone.page)
    go(phone.page, "/today")
    expect(phone.page.get_by_text(TOLD)).to_be_visible()
    phone.restore_network()
    wait_until(lambda: visit_id in visits_of(server), 60, "the visit did not arrive")
    with application(server.data, server.database_url):
        visit, complaint = db.session.get_one(Visit, visit_id), db.session.scalars(select(Complaint)).one()
        assert (visit.has_complaint, visit.signature_refusal, visit.presence_note) == (True, WHY, NOTE)
        assert (complaint.outlet_id, complaint.account, complaint.kind) == (visit.outlet_id, TOLD, "other")
        assert (complaint.state, complaint.received_by_id, complaint.received_on) == ("received", visit.rep_id, visit.visited_on)
        assert complaint.complainant
    assert not walk.findings, "\n".join(walk.findings)


def test_a_position_that_is_a_minute_old_is_read_again(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone, walk = walking_phone(server, company, new_phone, "en", set())
    page = phone.page
    rep.open_outlet(page, company.due)
    page.get_by_test_id("check-in").tap()
    expect(page.get_by_test_id("accuracy")).to_be_visible()
    page.evaluate(
        """() => {
            const watch = navigator.geolocation.watchPosition.bind(navigator.geolocation);
            const time = Date.now;
            Date.now = () => time() + 90_000;
            navigator.geolocation.watchPosition = (...asked) => { window.moveOn = () => watch(...asked); return 0; };
        }"""
    )
    page.get_by_test_id("checkin-confirm").tap()
    expect(page.get_by_role("alert")).to_contain_text("over a minute old")
    walk.look(page, "check-in-old")
    page.evaluate("() => { moveOn(); }")
    expect(page.get_by_text("s ago")).to_be_visible()
    page.get_by_test_id("checkin-confirm").tap()
    expect(page.get_by_test_id("checklist-next")).to_be_visible()
    assert not walk.findings, "\n".join(walk.findings)
