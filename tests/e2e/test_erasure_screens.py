"""Erasing personal data in a browser, in both languages: what stands in the way, a slip in the form, and what the pages say afterwards."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.clock import now, today
from server.db import db
from server.outlets.models import Outlet
from server.privacy.people import person_code
from server.staff.leaving import end_employment
from tests.e2e import console
from tests.e2e.company import Company, application, found_company
from tests.e2e.office import Open, look, look_twice
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.server_process import ServerProcess

LEFT = {"zh": "ops", "en": "payroll"}
GONE = {"zh": 0, "en": 1}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    folder = tmp_path_factory.mktemp("erasures")
    company = found_company(folder)
    let_go(folder, company)
    with ServerProcess(folder) as server:
        yield Open(server, company)


def let_go(folder: Path, company: Company) -> None:
    """Two people of the office left yesterday, and two prospects will never be customers."""
    with application(folder, ""):
        for login in LEFT.values():
            end_employment(company.people[login], today() - timedelta(days=1), None, company.people["admin"], now())
        for name in company.new:
            outlet = db.session.get_one(Outlet, company.outlets[name])
            outlet.churned_on, outlet.account_made_on, outlet.person_in_charge, outlet.phone = today(), None, "王秀兰", "13900000000"
        db.session.commit()


def erase(walk: ScreenWalk, page: Page, code: str, screen: str) -> None:
    """Through the form, after a slip."""
    page.locator("#f-code").fill(code)
    page.locator("main form[action$=erasure] button[type=submit]").click()
    expect(page.locator("#f-reason")).to_have_attribute("aria-invalid", "true")
    look_twice(walk, page, f"{screen}-faults")
    page.locator("#f-reason").fill("2026-117")
    page.locator("#f-code").fill(code)
    page.locator("main form[action$=erasure] button[type=submit]").click()
    expect(page.locator("[data-closes=toast]")).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_personal_data_is_erased_step_by_step(office: Open, desk: Browser, language: str) -> None:
    company, url = office.company, office.server.url
    walk = ScreenWalk("erasures", language, given_words=company.given_words() | {person_code(company.people[LEFT[language]])}, other_widths=(320,))
    with console.signed_in(desk, url, "admin", language) as page:
        walk.listen(page)
        look(walk, page, f"{url}/people/{company.people['rep1']}/erasure", "person-not-yet")
        person = f"{url}/people/{company.people[LEFT[language]]}"
        look(walk, page, person, "person-left")
        page.locator("main a[href$='/erasure']").click()
        look_twice(walk, page, "person")
        erase(walk, page, LEFT[language], "person")
        expect(page).to_have_url(person)
        look_twice(walk, page, "person-erased")
        look(walk, page, f"{person}/erasure", "person-after")
    with console.signed_in(desk, url, "manager", language) as page:
        walk.listen(page)
        look(walk, page, f"{url}/outlets/{company.outlets[company.due]}/people-erasure", "outlet-not-yet")
        place = f"{url}/outlets/{company.outlets[company.new[GONE[language]]]}"
        look(walk, page, place, "outlet-page")
        with page.expect_download() as download:
            page.locator("main form[action$=people-copies] button[type=submit]").click()
        assert download.value.suggested_filename.endswith(".zip")
        page.locator("main a[href$=people-erasure]").click()
        look_twice(walk, page, "outlet")
        erase(walk, page, page.locator("label[for=f-code] em").inner_text(), "outlet")
        look_twice(walk, page, "outlet-after")
    assert not walk.findings, "\n".join(walk.findings)
