"""A rep objects to a finding without a network; the manager's answer comes back to the phone (RULEBOOK §11)."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.months import Month, business_date
from server.findings.actions import Proposal, propose_findings
from server.findings.models import Finding, FindingObjection
from tests.e2e import console, rep
from tests.e2e.company import Company, application
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import Phone, wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, speak, walking_phone

SAID = "那天门店停电，当天就报了主管。"
REASON = "上月没有巡检"
ANSWER = "属实，停电有通知"


def propose(server: ServerProcess, company: Company) -> str:
    """A missed visit of last month; returns the finding's id."""
    month = str(Month.of_date(business_date(now()).replace(day=1) - timedelta(days=1)))
    outlet_id = company.outlets[company.due]
    with application(server.data, server.database_url):
        one = Proposal(f"missed_visit:{outlet_id}:{month}", "missed_visit", month, company.people["rep1"], outlet_id, Decimal("50"), REASON, ())
        propose_findings([one], now())
        db.session.commit()
        return db.session.scalars(select(Finding.id)).one()


def open_finding(page: Page) -> None:
    page.evaluate("location.hash = '#/month'")
    page.get_by_test_id("finding-row").tap()
    expect(page.locator("h2").first).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_offline_objection_reaches_the_manager_and_the_answer_the_phone(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, tmp_path: Path, language: str
) -> None:
    finding_id = propose(server, company)
    phone, walk = walking_phone(server, company, new_phone, language, {SAID, REASON, ANSWER, "我做过了", "I did it"})
    page = phone.page
    page.evaluate("location.hash = '#/month'")
    expect(page.get_by_test_id("finding-row")).to_be_visible()
    walk.look(page, "month-finding")
    phone.wait_for_shell()
    phone.cut_network()
    open_finding(page)
    walk.look(page, "finding")
    page.get_by_test_id("send-objection").tap()
    expect(page.locator("[role=alert]")).to_be_visible()
    write_objection(phone, walk, rep.photo_files(tmp_path, phone.here)["counter"])
    page = phone.page
    page.get_by_test_id("send-objection").tap()
    expect(page.get_by_test_id("objection-waiting")).to_contain_text(SAID)
    walk.look(page, "finding-said")

    phone.restore_network()
    wait_until(lambda: not page.wait_for_timeout(200) and arrived(server), 60, "the objection did not arrive")
    answer(server, desk, finding_id)
    page.evaluate("location.hash = '#/sync'")
    page.get_by_test_id("sync-now").tap()
    open_finding(page)
    expect(page.get_by_test_id("objection")).to_contain_text(ANSWER, timeout=30_000)
    walk.look(page, "finding-answered")
    assert not walk.findings, "\n".join(walk.findings)


def write_objection(phone: Phone, walk: ScreenWalk, photo: Path) -> None:
    """Ground, words and a photo; the phone is killed before they are sent, and has them still."""
    page = phone.page
    page.get_by_test_id("ground-was_done").tap()
    page.get_by_test_id("objection-text").fill(SAID)
    page.get_by_test_id("objection-photo").tap()
    page.get_by_test_id("gallery").set_input_files(photo)
    expect(page.locator(".slot.filled img")).to_be_visible(timeout=30_000)
    walk.look(page, "finding-written")
    phone.kill()
    phone.switch_on(is_offline=True)
    walk.listen(phone.page)
    speak(phone.page, walk.language)  # the kill came before Chromium wrote down what was chosen
    open_finding(phone.page)
    expect(phone.page.get_by_test_id("objection-text")).to_have_value(SAID)
    expect(phone.page.locator(".slot.filled img")).to_be_visible()


def arrived(server: ServerProcess) -> bool:
    """With its photo."""
    with application(server.data, server.database_url):
        photos = db.session.scalar(select(FindingObjection.photos))
    return photos is not None and all(server.blob(sha256).exists() for sha256 in photos)


def answer(server: ServerProcess, desk: Browser, finding_id: str) -> None:
    """The manager takes the finding back, on its page."""
    with console.signed_in(desk, server.url, "manager") as page:
        page.goto(f"{server.url}/findings/{finding_id}")
        expect(page.get_by_text(SAID)).to_be_visible()
        page.locator("textarea[name=reason]").fill(ANSWER)
        page.get_by_role("button", name="不予认定").click()
        expect(page.get_by_text("已不予认定").first).to_be_visible()
        page.goto(f"{server.url}/findings/{finding_id}")
        expect(page.get_by_text(ANSWER).first).to_be_visible()
