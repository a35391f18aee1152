"""People, regions and the office's imports in a browser, in both languages: adding, a password by link, leaving, returning, a table with faults."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import console
from tests.e2e.company import REGION
from tests.e2e.office import Open, look, look_twice, opened
from tests.e2e.page_checks import ScreenWalk
from tests.features.tables import workbook

NAMES = {"zh": ("rep91", "何小满", "城南区域"), "en": ("rep92", "钱进", "城北区域")}
AGENT, SHOP, TABLE = "天府商贸", "望江烟酒", "outlets.xlsx"
OWN_AGENTS = {"zh": "锦里商务", "en": "宽巷商务"}
PASSWORD = "a-password-of-my-own"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with opened(tmp_path_factory.mktemp("people")) as office:
        yield office


def submit(page: Page, action: str) -> None:
    page.locator(f"main form[action$='{action}'] button[type=submit]").click()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_administrator_keeps_people_regions_and_tables(office: Open, desk: Browser, language: str) -> None:
    login, name, region = NAMES[language]
    given = {*office.company.given_words(), *(word for words in NAMES.values() for word in words), *OWN_AGENTS.values()}
    given |= {AGENT, SHOP, TABLE, "CD-80", "nobody"}
    walk = ScreenWalk("people", language, given_words=frozenset(given))
    url = office.server.url
    with console.signed_in(desk, url, "admin", language) as page:
        walk.listen(page)
        keep_regions(walk, page, url, region)
        keep_agents(walk, page, url, OWN_AGENTS[language])
        link = add_person(walk, page, url, login, name)
        choose_password(walk, desk, url, link)
        look(walk, page, f"{url}/people/{office.company.people['rep1']}", "person-rep")
        leave_and_return(walk, page, url, login)
        import_table(walk, page, url)
    with console.signed_in(desk, url, "rep1", language) as page:
        walk.listen(page)
        look(walk, page, f"{url}/people/{office.company.people['rep1']}", "person-own")
    assert not walk.findings, "\n".join(walk.findings)


def keep_regions(walk: ScreenWalk, page: Page, url: str, region: str) -> None:
    page.goto(f"{url}/regions")
    page.locator("#f-name").fill(REGION)
    page.locator("#f-lat").fill("91")
    submit(page, "/regions")
    expect(page.locator("#f-lat")).to_have_attribute("aria-invalid", "true")
    look_twice(walk, page, "regions-faults")
    page.locator("#f-name").fill(region)
    page.locator("#f-lat").fill("")
    submit(page, "/regions")
    look_twice(walk, page, "regions")
    page.locator("main tbody a", has_text=REGION).click()
    submit(page, "/removal")
    expect(page.locator("main [role=alert]")).to_be_visible()
    look_twice(walk, page, "region-used")
    page.goto(f"{url}/regions")
    page.locator("main tbody a", has_text=region).click()
    submit(page, "/removal")
    expect(page.locator("main tbody")).not_to_contain_text(region)


def keep_agents(walk: ScreenWalk, page: Page, url: str, name: str) -> None:
    """Added after a slip, and retired."""
    page.goto(f"{url}/agents/new")
    submit(page, "/agents")
    expect(page.locator("#f-name")).to_have_attribute("aria-invalid", "true")
    look_twice(walk, page, "agent-faults")
    page.locator("#f-name").fill(name)
    submit(page, "/agents")
    look_twice(walk, page, "agents")
    page.locator("main tbody a", has_text=name).click()
    look_twice(walk, page, "agent")
    submit(page, "/use")
    look_twice(walk, page, "agent-retired")
    page.goto(f"{url}/agents")
    expect(page.locator("#result")).not_to_contain_text(name)


def add_person(walk: ScreenWalk, page: Page, url: str, login: str, name: str) -> str:
    """Added after a slip; returns the link to choose a password."""
    page.goto(f"{url}/people/new")
    submit(page, "/people")
    expect(page.locator("#f-login")).to_have_attribute("aria-invalid", "true")
    look_twice(walk, page, "person-faults")
    page.locator("#f-login").fill(login)
    page.locator("#f-name").fill(name)
    page.locator("[name=roles][value=rep]").check()
    page.locator("[name=regions]").first.check()
    submit(page, "/people")
    expect(page).to_have_url(re.compile("/people/[0-9a-f-]{36}"))
    look_twice(walk, page, "person-new")
    look(walk, page, f"{url}/people", "people")
    look(walk, page, f"{url}/people?q=nobody", "people-none")
    page.goto(f"{url}/people?q={login}")
    page.locator("main tbody a").first.click()
    page.locator("main a[href$='/edit']").click()
    look_twice(walk, page, "person-edit")
    page.go_back()
    submit(page, "/password-link")
    expect(page.locator("svg.qr")).to_be_visible()
    look_twice(walk, page, "password-link")
    copies = page.locator("main [data-copies]")
    copies.click()
    expect(copies).to_have_text(copies.get_attribute("data-copied") or "-")
    assert page.evaluate("getSelection().toString() || document.activeElement.value") == page.locator("main input[readonly]").input_value()
    return page.locator("main input[readonly]").input_value()


def choose_password(walk: ScreenWalk, desk: Browser, url: str, link: str) -> None:
    context = desk.new_context(viewport=console.DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_cookies([{"name": "language", "value": walk.language, "url": url}])
    page = context.new_page()
    walk.listen(page)
    page.goto(link)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD + "!")
    page.locator("main button[type=submit]").click()
    expect(page.locator("[name=again]")).to_have_attribute("aria-invalid", "true")
    console.look_twice(walk, page, "choose-password")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile("/login$"))
    console.look_twice(walk, page, "password-chosen")
    context.close()


def leave_and_return(walk: ScreenWalk, page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/people?q={login}")
    page.locator("main tbody a").first.click()
    page.locator("main a[href$='/leaving']").click()
    look_twice(walk, page, "leaving")
    submit(page, "/leaving")
    look_twice(walk, page, "person-left")
    submit(page, "/return")
    expect(page.locator("#f-first_day")).to_have_attribute("aria-invalid", "true")  # today was the last day
    look_twice(walk, page, "return-fault")
    look(walk, page, f"{url}/people?show=left", "people-left")


def import_table(walk: ScreenWalk, page: Page, url: str) -> None:
    rows = [["网点编号", "名称", "区域", "代理商"], ["CD-80", SHOP, REGION, ""], ["", SHOP, REGION, AGENT]]
    look(walk, page, f"{url}/imports?kind=outlets", "imports")
    page.locator("[name=kind][value=outlets]").check()
    page.locator("[name=file]").set_input_files({"name": TABLE, "mimeType": "application/octet-stream", "buffer": workbook(rows)})
    submit(page, "/imports/checks")
    look_twice(walk, page, "import-check")
    page.locator("[name=accept]").check()
    submit(page, "/import")
    look_twice(walk, page, "imported")
    submit(page, "/undo")
    look_twice(walk, page, "import-undone")


def test_a_person_is_added_without_javascript(office: Open, desk: Browser) -> None:
    context = desk.new_context(java_script_enabled=False, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{office.server.url}/login")
    page.locator("[name=login]").fill("admin")
    page.locator("[name=password]").fill(console.PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.goto(f"{office.server.url}/people/new")
    page.locator("#f-login").fill("ops9")
    page.locator("#f-name").fill("何小满")
    page.locator("[name=roles][value=ops]").check()
    submit(page, "/people")
    expect(page).to_have_url(re.compile("/people/[0-9a-f-]{36}"))
    page.goto(f"{office.server.url}/people")
    page.locator("#say-show").select_option("all")
    page.locator("main noscript button, main form.say button").first.click()
    expect(page.locator("main tbody")).to_contain_text("ops9")
    context.close()
