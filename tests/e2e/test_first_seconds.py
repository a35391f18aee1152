"""What the network did not bring in the first seconds: it is said, and what is missing opens once it can be fetched."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.phone import SIZE
from tests.e2e.server_process import ServerProcess

AT_ONCE_MS = 20  # it is asked for as soon as the screen stands, which is noted a moment later


def test_a_screen_that_is_not_here_yet_can_be_tried_again(server: ServerProcess, company: Company, desk: Browser) -> None:
    context = desk.new_context(viewport=SIZE, has_touch=True, is_mobile=True, service_workers="block")
    context.route("**/m/packs/rest.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{server.url}/m/")
    rep.sign_in(page, "rep1")
    page.evaluate("location.hash = '#/month'")
    again = page.get_by_test_id("open-again")
    expect(again).to_be_visible()
    expect(page.get_by_text("这一页还没取到手机上")).to_be_visible()
    again.tap()
    expect(again).to_be_visible()
    context.unroute("**/m/packs/rest.js")
    again.tap()
    expect(page.locator("a[aria-current=page]")).to_contain_text("本月")
    page.wait_for_function("() => document.documentElement.dataset.whole")  # what failed before is asked for anew, the sender too
    page.evaluate("location.hash = '#/today'")
    expect(page.get_by_test_id("outlet-row").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_words_the_app_says_what_to_do_in_both_languages(server: ServerProcess, desk: Browser, width: int) -> None:
    context = desk.new_context(viewport={"width": width, "height": 740}, service_workers="block")
    context.route("**/m/packs/zh.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{server.url}/m/#/sign-in/password")
    expect(page.get_by_text("巡店没有取全")).to_be_visible()
    expect(page.get_by_text("did not arrive whole")).to_be_visible()
    assert page.get_by_text("failure.").count() == 0
    context.unroute("**/m/packs/zh.js")
    page.get_by_role("link", name="重新打开").click()
    expect(page.get_by_test_id("sign-in-login")).to_be_visible()
    expect(page.get_by_text("巡店没有取全")).to_have_count(0)
    context.close()


def test_the_language_is_chosen_before_anybody_signs_in(server: ServerProcess, desk: Browser) -> None:
    context = desk.new_context(viewport={"width": 320, "height": 740}, has_touch=True, is_mobile=True, service_workers="block")
    page = context.new_page()
    page.goto(f"{server.url}/m/")
    language = page.get_by_test_id("other-language")
    expect(language).to_have_text("English")
    language.tap()
    expect(page.get_by_role("heading", name="Xundian")).to_be_visible()
    page.reload()
    expect(language).to_have_text("中文")
    language.tap()
    expect(page.get_by_role("heading", name="巡店")).to_be_visible()
    context.close()


def test_the_sign_in_waits_only_for_what_it_needs(server: ServerProcess, desk: Browser) -> None:
    context = desk.new_context(viewport=SIZE, service_workers="block")
    page = context.new_page()
    page.add_init_script(
        "new MutationObserver(() => { if (document.documentElement.dataset.ready) window.readyAt ??= performance.now(); })"
        ".observe(document, { attributes: true, subtree: true })"
    )
    page.goto(f"{server.url}/m/")
    page.wait_for_function("() => document.documentElement.dataset.whole")
    ready_at = page.evaluate("window.readyAt")
    begun = page.evaluate("Object.fromEntries(performance.getEntriesByType('resource').map((one) => [new URL(one.name).pathname, one.startTime]))")
    assert begun["/m/packs/app.js"] < ready_at < begun["/m/packs/rest.js"] + AT_ONCE_MS
    assert ready_at < begun["/m/packs/signed_in.js"] + AT_ONCE_MS
    context.close()


def test_an_app_that_does_not_come_says_what_to_do(server: ServerProcess, desk: Browser) -> None:
    context = desk.new_context(viewport=SIZE, service_workers="block")
    context.route("**/m/packs/app.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{server.url}/m/")
    expect(page.get_by_text("巡店没有取全")).to_be_visible()
    context.unroute("**/m/packs/app.js")
    page.get_by_role("link", name="重新打开").click()
    expect(page.get_by_test_id("other-language")).to_be_visible()
    context.close()
