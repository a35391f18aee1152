"""A rep reads last month's slip without a network, asks about it, gets the office's answer, confirms, and asks once more."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.months import Month, business_date
from server.payroll.models import PayslipStep
from tests.e2e import console
from tests.e2e.company import Company, application
from tests.e2e.phone import wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, walking_phone
from tests.sheets import add_sheet

ASKED, ANSWER, AGAIN = "少算了一户新增客户。", "核对过，下月补记。", "点错了，还有一户没算。"


def steps(server: ServerProcess) -> list[str]:
    with application(server.data, server.database_url):
        return list(db.session.scalars(select(PayslipStep.action).order_by(PayslipStep.at, PayslipStep.id)))


def open_slip(page: Page) -> None:
    page.evaluate("location.hash = '#/month'")
    page.get_by_test_id("payslip-row").tap()
    expect(page.get_by_test_id("payslip-total")).to_contain_text("2,000.00")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_payslip_is_questioned_offline_answered_and_confirmed(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, language: str
) -> None:
    month = str(Month.of_date(business_date(now()).replace(day=1) - timedelta(days=1)))
    with application(server.data, server.database_url):
        add_sheet(company.people["rep1"], month, state="closed")
    phone, walk = walking_phone(server, company, new_phone, language, {ASKED, ANSWER, AGAIN})
    page = phone.page
    page.evaluate("location.hash = '#/month'")
    expect(page.get_by_test_id("payslip-row")).to_be_visible()
    walk.look(page, "month-slips")
    phone.cut_network()
    open_slip(page)
    walk.look(page, "payslip")
    page.get_by_test_id("payslip-object").tap()
    page.get_by_test_id("payslip-send").tap()
    expect(page.locator("[role=alert]")).to_be_visible()
    page.get_by_test_id("payslip-text").fill(ASKED)
    walk.look(page, "payslip-asking")
    page.get_by_test_id("payslip-send").tap()
    expect(page.get_by_test_id("payslip-steps")).to_contain_text(ASKED)
    walk.look(page, "payslip-asked")

    phone.restore_network()
    wait_until(lambda: not page.wait_for_timeout(200) and steps(server) == ["seen", "objected"], 60, "the question did not arrive")
    with console.signed_in(desk, server.url, "payroll") as office:
        office.goto(f"{server.url}/payroll/{month}/{company.people['rep1']}")
        expect(office.get_by_text(ASKED)).to_be_visible()
        office.locator("textarea[name=text]").fill(ANSWER)
        office.locator("form:has(textarea[name=text]) button").click()
        expect(office.get_by_text(ANSWER)).to_be_visible()
    page.evaluate("location.hash = '#/sync'")
    page.get_by_test_id("sync-now").tap()
    expect(page.get_by_test_id("outbox-row").first).to_be_visible()
    for words in ("不归你", "no longer yours"):  # a reply is at no outlet
        expect(page.locator("main")).not_to_contain_text(words)
    open_slip(page)
    expect(page.get_by_test_id("payslip-steps")).to_contain_text(ANSWER, timeout=30_000)
    page.get_by_test_id("payslip-confirm").tap()
    expect(page.get_by_test_id("payslip-confirm")).to_have_count(0)
    wait_until(lambda: not page.wait_for_timeout(200) and steps(server)[-1] == "confirmed", 60, "the confirmation did not arrive")
    walk.look(page, "payslip-confirmed")
    page.get_by_test_id("payslip-object").tap()
    page.get_by_test_id("payslip-text").fill(AGAIN)
    page.get_by_test_id("payslip-send").tap()
    expect(page.get_by_test_id("payslip-object")).to_have_count(0)
    wait_until(lambda: not page.wait_for_timeout(200) and steps(server)[-1] == "objected", 60, "the second question did not arrive")
    assert not walk.findings, "\n".join(walk.findings)
