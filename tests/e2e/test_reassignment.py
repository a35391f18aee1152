"""Outlets change hands while the phone that has them is offline with work at one of them (SYNC §3, §7.8)."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.db import db
from server.intake.models import SyncOp
from server.visits.models import Visit
from tests.e2e import console, rep
from tests.e2e.company import Company, application
from tests.e2e.history import earlier_visit
from tests.e2e.phone import Phone
from tests.e2e.server_process import ServerProcess


def outlets_on(page: Page, count: int) -> set[str]:
    """The names in the phone's list, once it has so many rows."""
    page.evaluate("location.hash = '#/outlets'")
    rows = page.get_by_test_id("outlet-row")
    expect(rows).to_have_count(count, timeout=30_000)
    return {name.strip() for name in rows.locator(".name").all_inner_texts()}


def hand_over(desk: Browser, server: ServerProcess, company: Company, names: list[str], login: str) -> None:
    """The supervisor gives outlets to another rep, one page after the other."""
    with console.signed_in(desk, server.url, "zhoumin") as page:
        for name in names:
            page.goto(f"{server.url}/outlets/{company.outlets[name]}")
            choice = page.locator("select[name=person_id]")
            if not choice.is_visible():
                page.locator("details:has(select[name=person_id]) > summary").click()
            choice.select_option(company.people[login])
            page.locator("form:has(select[name=person_id]) button[type=submit], form:has(select[name=person_id]) button:not([type])").click()
            expect(page.get_by_text("负责人已改")).to_be_visible()


def test_reassigned_outlets_move_with_history_and_the_offline_visit_is_credited(
    server: ServerProcess, company: Company, new_phone: Callable[[ServerProcess, tuple[float, float]], Phone], desk: Browser, tmp_path: Path
) -> None:
    visited, other = company.due, company.new[0]
    earlier_visit(server, company, "rep1", other, days_ago=3)
    first, second = new_phone(server, company.place(visited)), new_phone(server, company.place(visited))
    first.switch_on()
    rep.sign_in(first.page, "rep1")
    assert outlets_on(first.page, 3) == {visited, *company.new}
    second.switch_on()
    rep.sign_in(second.page, "rep2")
    assert outlets_on(second.page, 1) == set(company.others)

    first.cut_network()
    visit_id = rep.make_visit(first.page, visited, rep.photo_files(tmp_path, first.here))
    hand_over(desk, server, company, [visited, other], "rep2")
    first.restore_network()

    assert outlets_on(first.page, 1) == {company.new[1]}
    first.page.evaluate("location.hash = '#/sync'")
    row = first.page.get_by_test_id("outbox-row")
    expect(row).to_have_count(1)
    expect(row).to_have_attribute("data-state", "accepted", timeout=30_000)
    expect(row).to_contain_text("现在的负责人： 林晓月")
    with application(server.data, server.database_url):
        visit = db.session.get(Visit, visit_id)
        assert visit is not None
        assert (visit.rep_id, visit.counts) == (company.people["rep1"], True)
        codes = select(SyncOp.code).where(SyncOp.entity_id == visit_id)
        assert db.session.scalars(codes).all() == ["out_of_scope_accepted"]

    second.page.evaluate("location.reload()")
    second.wait_until_ready()
    assert outlets_on(second.page, 3) == {visited, other, *company.others}
    for name in (visited, other):
        rep.open_outlet(second.page, name)
        expect(second.page.get_by_test_id("visit-row")).to_have_count(1)
        expect(second.page.get_by_test_id("visit-row")).to_contain_text("赵广田")
