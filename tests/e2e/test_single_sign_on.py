"""From the console's login page to the company's provider and back to the page that was asked for, in both languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.databases import _free_port as free_port
from tests.e2e import console
from tests.e2e.company import Company, found_company
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.server_process import ServerProcess
from tests.features.oidc_server import CLIENT, SECRET, LocalProvider, local_provider

LABEL = "Keycloak"


@dataclass
class Office:
    server: ServerProcess
    company: Company
    provider: LocalProvider


@pytest.fixture(scope="module", params=["", "1"], ids=["beside-passwords", "only-way"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("sso")
    company = found_company(folder)
    port = free_port()
    with local_provider() as provider:
        settings = {"XUNDIAN_BASE_URL": f"http://127.0.0.1:{port}", "XUNDIAN_OIDC_ISSUER": provider.url, "XUNDIAN_OIDC_ONLY": request.param}
        settings |= {"XUNDIAN_OIDC_CLIENT_ID": CLIENT, "XUNDIAN_OIDC_CLIENT_SECRET": SECRET, "XUNDIAN_OIDC_LABEL": LABEL if request.param else ""}
        with ServerProcess(folder, port=port, settings=settings) as server:
            yield Office(server, company, provider)


@pytest.fixture(params=["zh", "en"])
def page(request: pytest.FixtureRequest, office: Office, desk: Browser) -> Iterator[Page]:
    context = desk.new_context(viewport=console.DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "language", "value": request.param, "url": office.server.url}])
    page = context.new_page()
    page.language = request.param  # type: ignore[attr-defined]
    yield page
    context.close()


def test_somebody_signs_in_at_the_provider_and_reads_the_page_that_was_asked_for(office: Office, page: Page) -> None:
    language: str = page.language  # type: ignore[attr-defined]
    name = f"sso-{'only' if office.server.settings['XUNDIAN_OIDC_ONLY'] else 'beside'}"
    walk = ScreenWalk(name, language, given_words=office.company.given_words() | {LABEL, "/m/"})
    walk.listen(page)
    refuse_stranger(walk, page, office)
    wanted = f"{office.server.url}/outlets?q=WD"
    page.goto(wanted)
    expect(page).to_have_url(re.compile(r"/login\?next="))
    come_through_provider(page, office, "manager")
    expect(page).to_have_url(wanted)
    expect(page.locator("main")).to_contain_text(office.company.due)
    page.locator("form[action='/logout'] button").first.click()
    expect(page.locator(".note[role=status]")).to_be_visible()
    console.look_twice(walk, page, "signed-out")
    enter_by_link(walk, page, office)
    assert not walk.findings, "\n".join(walk.findings)


def refuse_stranger(walk: ScreenWalk, page: Page, office: Office) -> None:
    """Somebody whom the provider knows and Xundian does not; the words stay when the language is switched."""
    page.goto(f"{office.server.url}/login")
    expect(page.locator("[name=password]")).to_have_count(0 if office.server.settings["XUNDIAN_OIDC_ONLY"] else 1)
    console.look_twice(walk, page, "login")
    come_through_provider(page, office, "stranger")
    expect(page.locator("[role=alert]")).to_be_visible()
    console.look_twice(walk, page, "refused")
    first = page.locator("[role=alert]").inner_text()
    page.locator("form.language button").click()
    expect(page.locator("[role=alert]")).not_to_have_text(first)
    page.locator("form.language button").click()
    expect(page.locator("[role=alert]")).to_have_text(first)


def come_through_provider(page: Page, office: Office, login: str) -> None:
    office.provider.login = login
    page.locator("a[href^='/login/oidc']").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(office.provider.url)}/authorize"))
    page.get_by_role("button", name=f"Sign in as {login}").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(office.server.url)}/"))


def enter_by_link(walk: ScreenWalk, page: Page, office: Office) -> None:
    page.goto(office.server.run("user", "console-link", "manager").strip())
    console.look_twice(walk, page, "link")
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(f"{office.server.url}/")
