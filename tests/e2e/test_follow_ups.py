"""Follow-ups on the phone, without a network: looked at and registered within a visit, read by the owner; then all of it on the server."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.followups.actions import Registered, register_follow_up
from server.followups.models import FollowUp, FollowUpStep
from server.visits.models import Visit
from sync.ids import uuid7
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone

OLD, SEEN = "读卡槽松动，刷三次才有反应", "还是刷不动，催过运维"
OWN, SOLVED = "招牌灯不亮", "换了灯管"
MORE = "公示牌掉了，手边没有备用的"
GIVEN = {OLD, SEEN, OWN, SOLVED, MORE, rep.HANDLING}


def put_follow_ups(server: ServerProcess, company: Company) -> dict[str, str]:
    """One for ops and one for the rep, at the outlet where a visit is due; problem → id."""
    outlet_id, at = company.outlets[company.due], now() - timedelta(days=1)
    with application(server.data, server.database_url):
        made = {OLD: ("ops", 5), OWN: ("rep", 3)}
        office = company.people["zhoumin"]
        return {problem: register_follow_up(Registered(uuid7(), outlet_id, problem, *said, at), office, at).id for problem, said in made.items()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_follow_ups_of_a_visit_offline_reach_the_server(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path, language: str
) -> None:
    known = put_follow_ups(server, company)
    phone, walk = walking_phone(server, company, new_phone, language, GIVEN)
    page = phone.page
    go(page, "/today")
    expect(page.get_by_test_id("clock-follow_up")).to_have_count(1)  # the other one is for ops
    phone.wait_for_shell()
    phone.cut_network()
    photos = rep.photo_files(tmp_path, phone.here)

    rep.open_outlet(page, company.due)
    expect(page.get_by_test_id("work-follow_up")).to_have_count(2)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    look_again(page, walk, OLD, "no", SEEN)
    look_again(page, walk, OWN, "yes", SOLVED)
    expect(page.get_by_test_id("look-again")).to_have_count(0)
    register_in_place(page, walk, photos["counter"])
    rep.answer_checklist(page)
    rep.add_photos(page, photos)
    page.get_by_test_id("to-owner").tap()
    for problem in (OLD, MORE):
        expect(page.locator(".banner").filter(has_text=problem)).to_be_visible()
    walk.look(page, "summary-follow-ups")
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    visit_id = rep.saved_visit(page)
    rep.open_outlet(page, company.due)
    expect(page.get_by_test_id("work-follow_up")).to_have_count(2)
    walk.look(page, "outlet-follow-ups")

    phone.restore_network()
    wait_until(lambda: not page.wait_for_timeout(200) and has_arrived(server, visit_id, known), 90, "not all arrived")
    check_server(server, company, known)
    assert not walk.findings, "\n".join(walk.findings)


def look_again(page: Page, walk: ScreenWalk, problem: str, is_solved: str, note: str) -> None:
    """From the visit and back to it."""
    page.get_by_test_id("look-again").filter(has_text=problem).tap()
    page.get_by_test_id("paper-next").tap()
    expect(page.locator("#bad-is_solved")).to_be_visible()
    page.get_by_test_id(f"p-is_solved-{is_solved}").tap()
    page.get_by_test_id("p-note").fill(note)
    walk.look(page, f"follow-up-look-{is_solved}")
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_test_id("checklist-next")).to_be_visible()


def register_in_place(page: Page, walk: ScreenWalk, photo: Path) -> None:
    """The first answer names a problem; what was found is written down already."""
    page.locator(".question .choice.bad").first.tap()
    walk.look(page, "checklist-problem")
    page.get_by_test_id("register-follow-up").tap()
    problem = page.get_by_test_id("p-problem")
    expect(problem).not_to_have_value("")
    problem.fill(MORE)
    page.get_by_test_id("p-owner-supervisor").tap()
    page.get_by_test_id("p-working_days-3").tap()
    page.get_by_test_id("paper-photo").tap()
    page.get_by_test_id("system-camera").first.set_input_files(photo)
    expect(page.locator(".slot.filled img")).to_be_visible(timeout=30_000)
    walk.look(page, "follow-up-new")
    page.get_by_test_id("paper-next").tap()
    expect(page.get_by_test_id("checklist-next")).to_be_visible()


def has_arrived(server: ServerProcess, visit_id: str, known: dict[str, str]) -> bool:
    with application(server.data, server.database_url):
        made = db.session.scalars(select(FollowUp).where(FollowUp.id.not_in(known.values()))).all()
        return len(made) == 1 and db.session.get(Visit, visit_id) is not None


def check_server(server: ServerProcess, company: Company, known: dict[str, str]) -> None:
    rep1, outlet_id = company.people["rep1"], company.outlets[company.due]
    with application(server.data, server.database_url):
        made = db.session.scalars(select(FollowUp).where(FollowUp.id.not_in(known.values()))).one()
        assert (made.outlet_id, made.problem, made.owner, made.working_days, made.registered_by_id) == (outlet_id, MORE, "supervisor", 3, rep1)
        assert db.session.get_one(FollowUp, known[OLD]).solved_on is None
        assert db.session.get_one(FollowUp, known[OWN]).solved_by_id == rep1
        notes = set(db.session.scalars(select(FollowUpStep.note).where(FollowUpStep.note != "")))
        assert notes == {SEEN, SOLVED}
