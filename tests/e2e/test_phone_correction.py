"""A sent visit is corrected at the phone: by a record of its own, signed anew, that takes the place of the first."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.db import db
from server.visits.models import OutletMonth, Visit, VisitFlag, VisitPhoto
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.phone import Phone, wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone
from tests.e2e.whole import visits_of

CONDITION = "海报换过了，先前写错。"


def corrected_until_killed(phone: Phone, visit_id: str, look: rep.Look) -> None:
    """The first answer was wrong, and so was what was found; then the browser dies."""
    page = phone.page
    go(page, f"/visits/{visit_id}")
    page.get_by_test_id("correct-visit").tap()
    expect(page.locator(".slot.filled")).to_have_count(2)
    look("correction-photos")
    page.get_by_test_id("condition").fill(CONDITION)
    page.get_by_test_id("condition").blur()
    page.locator("button.wide-button").first.tap()
    answer_first_question(page)
    page.get_by_label(re.compile("^(上一项|Previous)$")).tap()
    expect(page).to_have_url(re.compile(f"#/visits/{visit_id}$"))
    phone.kill()


def answer_first_question(page: Page) -> None:
    page.locator(".question .choice").nth(1).tap()
    expect(page.get_by_test_id("draft-state").locator("svg[data-state=done]")).to_be_visible()


def finished(phone: Phone, look: rep.Look) -> str:
    """Gone on with from the day's screen, read and signed by the owner; the id of the new record."""
    page = phone.page
    go(page, "/today")
    look("today-correction")
    page.get_by_test_id("go-on").tap()
    rep_walks_on(page)
    page.get_by_test_id("to-owner").tap()
    expect(page.get_by_test_id("to-sign")).to_be_visible()
    look("correction-summary")
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    return rep.saved_visit(page)


def rep_walks_on(page: Page) -> None:
    """From the first question to the photos; every answer stands as it was given."""
    for number in range(rep.QUESTIONS):
        expect(page.get_by_text(f"{number + 1} / {rep.QUESTIONS}")).to_be_visible()
        page.get_by_test_id("checklist-next").tap()


def photos_of(visit_id: str) -> list[str]:
    return list(db.session.scalars(select(VisitPhoto.sha256).where(VisitPhoto.visit_id == visit_id).order_by(VisitPhoto.position)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_correction_takes_the_place_of_the_visit(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str
) -> None:
    phone, walk = walking_phone(server, company, new_phone, language, {CONDITION, rep.HANDLING})
    first_id = rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    wait_until(lambda: visits_of(server).get(first_id) == (True, True), 60, "the visit did not arrive")
    phone.cut_network()

    def look(screen: str) -> None:
        walk.look(phone.page, screen)

    corrected_until_killed(phone, first_id, look)
    phone.switch_on(is_offline=True)
    second_id = finished(phone, look)
    phone.restore_network()
    wait_until(lambda: visits_of(server).get(second_id) == (True, True), 60, "the correction did not arrive")
    server.run("nightly")
    with application(server.data, server.database_url):
        first, second = db.session.get_one(Visit, first_id), db.session.get_one(Visit, second_id)
        assert (first.counts, first.reasons, first.condition) == (False, ["replaced"], "")
        assert (second.corrects_id, second.condition) == (first_id, CONDITION)
        assert (second.checked_in_at, second.checked_out_at, second.fix_lat) == (first.checked_in_at, first.checked_out_at, first.fix_lat)
        assert photos_of(second_id) == photos_of(first_id)
        assert second.signature_sha256 not in (None, first.signature_sha256)
        assert [one["answer"] for one in second.checklist][1:] == [one["answer"] for one in first.checklist][1:]
        assert db.session.scalars(select(VisitFlag)).all() == []
        assert second.checklist[0]["answer"] != first.checklist[0]["answer"]
        month = db.session.scalars(select(OutletMonth).where(OutletMonth.outlet_id == first.outlet_id, OutletMonth.month == company.month)).one()
        assert (month.counted, month.state) == (1, "done")
    see_both(phone.page, first_id, second_id)
    look("past-visit-corrected")
    assert not walk.findings, "\n".join(walk.findings)


def see_both(page: Page, first_id: str, second_id: str) -> None:
    """Each leads to the other, and the first can be corrected no more."""
    go(page, f"/visits/{second_id}")
    page.locator(f"a[href='#/visits/{first_id}']").tap()
    expect(page).to_have_url(re.compile(f"#/visits/{first_id}$"))
    expect(page.locator(f"a[href='#/visits/{second_id}']")).to_be_visible()
    expect(page.get_by_test_id("correct-visit")).to_have_count(0)
