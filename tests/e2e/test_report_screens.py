"""The pages of reports in a browser, in both languages: exports, the monthly report, tokens of the reporting API, notices."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.clock import now
from server.complaints.actions import Intake, receive_complaint
from server.db import db
from server.domain.months import Month
from server.materials.actions import Wanted, request_materials
from server.visits.compliance import refresh_outlet_months
from server.visits.plan_models import PlannedVisit
from sync.ids import uuid7
from tests.e2e import console
from tests.e2e.company import Company, application, found_company
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.server_process import ServerProcess

NOTE = "柜台整洁"
TOKEN_NAME = "经营分析"
CHANNEL_NAME = "城东主管群"
WORDS = frozenset({NOTE, TOKEN_NAME, CHANNEL_NAME, "http", "api"})
SETTINGS = frozenset({"XUNDIAN_BASE_URL", "webhook", "key=", "https://", "nowhere.invalid", "cdef"})


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, Company]]:
    folder: Path = tmp_path_factory.mktemp("reports")
    company = found_company(folder)
    with application(folder, ""):
        add_work(company)
    with ServerProcess(folder) as server:
        yield server, company


def add_work(company: Company) -> None:
    """Something open, and a plan for the next month."""
    month, outlet_id = Month.parse(company.month), company.outlets[company.due]
    refresh_outlet_months(month, now())
    receive_complaint(Intake(uuid7(), outlet_id, "other", False, True, month.first_day, NOTE, "", NOTE, ""), company.people["ops"], now())
    request_materials(Wanted(uuid7(), outlet_id, NOTE, month.first_day), company.people["rep1"], now())
    planned_on = date(month.next().year, month.next().month, 5)
    db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=planned_on, made_by_id=company.people["zhoumin"], made_at=now()))
    db.session.commit()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_reports_are_whole(reports: tuple[ServerProcess, Company], desk: Browser, language: str) -> None:
    server, company = reports
    walk = ScreenWalk("reports", language, given_words=company.given_words() | WORDS)
    with console.signed_in(desk, server.url, "zhoumin", language) as page:
        walk.listen(page)
        look(walk, page, f"{server.url}/exports", "exports")
        look(walk, page, f"{server.url}/visits", "visits")
        look(walk, page, f"{server.url}/reports/monthly/{company.month}", "monthly")
        page.locator("main tbody a").first.click()
        look(walk, page, page.url, "monthly-rep")
        look(walk, page, f"{page.url}/print", "monthly-paper")
    with console.signed_in(desk, server.url, "admin", language) as page:
        walk.listen(page)
        page.goto(f"{server.url}/report-tokens")
        page.locator("#f-name").fill(TOKEN_NAME)
        page.locator("[name=parts]").first.check()
        page.locator("main form[action$='/report-tokens'] button[type=submit]").click()
        secret = page.locator("main input[readonly]").first.input_value()
        walk.given_words |= {secret}
        console.look_twice(walk, page, "token")
        look(walk, page, f"{server.url}/report-tokens", "tokens")
        rows = page.request.get(f"{server.url}/api/v1/visits", headers={"Authorization": f"Bearer {secret}"})
        assert rows.status == 200 and rows.json()["data"] == []
        look(walk, page, f"{server.url}/deeds", "deeds")
        page.goto(f"{server.url}/deeds?action=report_token.made")
        expect(page.locator("main tbody tr").first).to_contain_text(TOKEN_NAME)
        page.locator("main tbody a[href*=subject]").last.click()
        look(walk, page, page.url, "deeds-of-one-record")
        look(walk, page, f"{server.url}/deeds?action=op.poison", "deeds-none")
    assert not walk.findings, "\n".join(walk.findings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_notices_are_whole(reports: tuple[ServerProcess, Company], desk: Browser, language: str) -> None:
    server, company = reports
    walk = ScreenWalk("notices", language, given_words=company.given_words() | WORDS | SETTINGS)
    with console.signed_in(desk, server.url, "manager", language) as page:
        walk.listen(page)
        look(walk, page, f"{server.url}/notices", "list")
        page.locator("main .head a.b.go").click()
        console.look_twice(walk, page, "new")
        page.locator("#f-name").fill(CHANNEL_NAME)
        page.locator("#f-address").fill("https://127.0.0.1/cgi-bin/webhook/send?key=0123456789abcdef")
        page.locator("#f-language").select_option(language)
        page.locator("main form button[type=submit]").click()
        expect(page.locator("#f-address")).to_have_attribute("aria-invalid", "true")
        console.look_twice(walk, page, "faults")
        page.locator("#f-address").fill("https://nowhere.invalid/cgi-bin/webhook/send?key=0123456789abcdef")
        page.locator("main form button[type=submit]").click()
        page.locator("main .head form button").click()
        expect(page.locator("main tbody tr")).to_have_count(1)
        page.locator("[data-closes=toast]").click()
        console.look_twice(walk, page, "channel")
        page.locator("input[name=regions]").first.check()
        page.locator("main form .acts button").click()
        page.locator("[data-closes=toast]").click()
        page.locator("input[name=regions]").first.uncheck()
        page.locator("main form .acts button").click()
        expect(page.locator("#bad-regions")).to_be_visible()
        console.look_twice(walk, page, "channel-without-regions")
        look(walk, page, f"{server.url}/notices", "list-with-one")
    assert not walk.findings, "\n".join(walk.findings)


def look(walk: ScreenWalk, page: Page, address: str, screen: str) -> None:
    page.goto(address)
    console.look_twice(walk, page, screen)
