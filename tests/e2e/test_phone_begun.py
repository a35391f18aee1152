"""What was begun: a visit let go and brought back, or finished on another day; a visit and a training at an outlet that is another rep's now."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.db import db
from server.intake.models import SyncOp
from server.training.models import Training
from server.visits.models import Visit
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.phone import wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.test_paper_forms import photograph, sign
from tests.e2e.test_reassignment import hand_over, outlets_on
from tests.e2e.walks import MakePhone, go, walking_phone
from tests.e2e.whole import visits_of

LESSON = "新收费机怎么补传"
A_DAY_LATER = """() => {
    const Real = Date;
    const now = () => Real.now() + 86_400_000;
    globalThis.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(now()); }
        static now() { return now(); }
    };
}"""


def begin(page: Page, name: str) -> None:
    rep.open_outlet(page, name)
    page.get_by_test_id("check-in").tap()


def test_a_begun_visit_is_let_go_brought_back_and_finished_on_another_day(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    phone, walk = walking_phone(server, company, new_phone, "zh", {rep.HANDLING})
    phone.wait_for_shell()
    phone.cut_network()
    page = phone.page
    begin(page, company.due)
    expect(page.get_by_test_id("accuracy")).to_be_visible()
    expect(page.get_by_test_id("discard-visit")).to_have_count(0)
    go(page, "/today")
    expect(page.get_by_test_id("next-outlet")).to_be_visible()  # it was only opened
    begin(page, company.due)
    rep.check_in(page)
    rep.answer_checklist(page)
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))

    page.get_by_test_id("discard-visit").tap()
    expect(page.get_by_test_id("checkin-confirm")).to_be_visible()
    walk.look(page, "visit-discarded")
    page.get_by_test_id("undo").tap()
    expect(page.locator(".slot.filled")).to_have_count(2)

    page.evaluate(A_DAY_LATER)
    page.get_by_test_id("to-owner").tap()
    expect(page.get_by_text("今天要重新签到")).to_be_visible()
    walk.look(page, "check-in-again")
    rep.check_in(page)
    page.get_by_test_id("checklist-next").tap()
    expect(page.get_by_text("今天要重新签到")).to_have_count(0)
    expect(page.locator(".slot.filled")).to_have_count(2)
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    rep.saved_visit(page)
    assert not walk.findings, "\n".join(walk.findings)


def test_a_begun_visit_is_finished_though_the_outlet_is_another_reps(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, tmp_path: Path
) -> None:
    phone, walk = walking_phone(server, company, new_phone, "zh", {rep.HANDLING})
    page = phone.page
    begin(page, company.due)
    rep.check_in(page)
    rep.answer_checklist(page)
    phone.cut_network()
    hand_over(desk, server, company, [company.due], "rep2")
    phone.restore_network()
    assert company.due not in outlets_on(page, len(company.new))
    go(page, "/today")
    expect(page.get_by_test_id("go-on")).to_contain_text(company.due.split("（")[0])
    page.get_by_test_id("go-on").tap()
    expect(page.get_by_text("这个网点不在这台手机上了")).to_be_visible()
    walk.look(page, "photos-outlet-gone")
    rep.add_photos(page, rep.photo_files(tmp_path, phone.here))
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    visit_id = rep.saved_visit(page)
    wait_until(lambda: visit_id in visits_of(server), 60, "the visit did not arrive")
    with application(server.data, server.database_url):
        visit = db.session.get_one(Visit, visit_id)
        assert (visit.rep_id, visit.signer_name is not None, visit.distance_m is not None) == (company.people["rep1"], True, True)
        assert db.session.scalars(select(SyncOp.code).where(SyncOp.entity_id == visit_id)).all() == ["out_of_scope_accepted"]
    assert not walk.findings, "\n".join(walk.findings)


def test_a_begun_training_is_finished_though_the_outlet_is_another_reps(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, tmp_path: Path
) -> None:
    phone, walk = walking_phone(server, company, new_phone, "en", {LESSON})
    page = phone.page
    rep.open_outlet(page, company.due)
    page.get_by_test_id("take-training").tap()
    page.get_by_test_id("p-content").fill(LESSON)
    page.get_by_test_id("p-attendee_count").fill("2")
    photograph(page, rep.photo_files(tmp_path, phone.here)["storefront"])
    phone.cut_network()
    hand_over(desk, server, company, [company.due], "rep2")
    phone.restore_network()
    assert company.due not in outlets_on(page, len(company.new))
    go(page, "/today")
    walk.look(page, "today-unfinished")
    page.get_by_test_id("unfinished").tap()
    expect(page.get_by_test_id("unfinished-form")).to_contain_text(company.due)
    walk.look(page, "unfinished")
    page.get_by_test_id("unfinished-drop").tap()
    expect(page.get_by_test_id("unfinished-form")).to_have_count(0)
    walk.look(page, "unfinished-dropped")
    page.get_by_test_id("undo").tap()
    page.get_by_test_id("unfinished-go-on").tap()
    expect(page.get_by_text("This outlet is no longer on this phone")).to_be_visible()
    expect(page.locator(".slot.filled img")).to_be_visible()
    walk.look(page, "training-outlet-gone")
    page.get_by_test_id("paper-next").tap()
    sign(page)
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_text("No visits owed this month")).to_be_visible()  # today
    expect(page.get_by_test_id("unfinished")).to_have_count(0)
    wait_until(lambda: trainings_of(server) == [(company.people["rep1"], LESSON, "out_of_scope_accepted")], 60, "the training did not arrive")
    assert not walk.findings, "\n".join(walk.findings)


def trainings_of(server: ServerProcess) -> list[tuple[str, str, str | None]]:
    """Whose, what about, and what became of the record."""
    with application(server.data, server.database_url):
        query = select(Training.trainer_id, Training.content, SyncOp.code).join(SyncOp, SyncOp.entity_id == Training.id)
        return [(trainer_id, content, code) for trainer_id, content, code in db.session.execute(query)]
