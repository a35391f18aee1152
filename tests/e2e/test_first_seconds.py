"""A screen that is opened before the network brought it says so, and opens once it can be fetched."""

from playwright.sync_api import Browser, expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.phone import SIZE
from tests.e2e.server_process import ServerProcess


def test_a_screen_that_is_not_here_yet_can_be_tried_again(server: ServerProcess, company: Company, desk: Browser) -> None:
    context = desk.new_context(viewport=SIZE, has_touch=True, is_mobile=True, service_workers="block")
    context.route("**/m/screens/month.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{server.url}/m/")
    rep.sign_in(page, "rep1")
    page.evaluate("location.hash = '#/month'")
    again = page.get_by_test_id("open-again")
    expect(again).to_be_visible()
    expect(page.get_by_text("这一页还没取到手机上")).to_be_visible()
    again.tap()
    expect(again).to_be_visible()
    context.unroute("**/m/screens/month.js")
    again.tap()
    expect(page.locator("a[aria-current=page]")).to_contain_text("本月")
    context.close()
