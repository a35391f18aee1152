"""The list of many outlets: it goes on by itself, and is found again where it was left for one of them."""

from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from tests.e2e import rep
from tests.e2e.company import Company, add_due_outlets
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone

IS_END = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"
IS_SEEN = """(one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
READ_AGAIN = """async () => (await (await import("/m/packs.js")).load("db/capture_events.js")).captureEvents.dispatchEvent(new Event("saved"))"""
MANY = [f"顺达手机卖场{number:03d}" for number in range(150)]


def many(server: ServerProcess, company: Company, new_phone: MakePhone) -> Page:
    add_due_outlets(server.data, server.database_url, company, MANY)
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    page = phone.page
    rep.sign_in(page, "rep1")
    expect(page.get_by_test_id("outlet-row").first).to_be_visible()
    page.evaluate("location.hash = '#/outlets'")
    expect(page.get_by_test_id("outlet-search")).to_be_visible()
    return page


def top_of(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["y"]


def test_the_list_goes_on_to_its_end_and_is_found_where_it_was_left(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    rows = page.get_by_test_id("outlet-row")
    assert 20 <= rows.count() < len(MANY)
    for _ in range(100):
        page.mouse.wheel(0, 800)
        page.wait_for_timeout(50)
        if page.evaluate(IS_END):
            break
    expect(page.get_by_role("button", name="还有")).to_have_count(0)
    total = rows.count()
    assert total >= len(MANY)

    middle = rows.nth(110)
    middle.scroll_into_view_if_needed()
    name, top = str(middle.locator(".name").text_content()), top_of(middle)
    middle.tap()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(total)
    expect(rows.nth(110)).to_be_in_viewport()
    expect(rows.nth(110)).to_be_focused()
    assert abs(top_of(rows.nth(110)) - top) < 5

    page.locator("nav.tabs a[href='#/today']").tap()
    expect(page.get_by_test_id("outlet-search")).to_have_count(0)
    page.locator("nav.tabs a[href='#/outlets']").tap()
    expect(rows.first).to_be_in_viewport()
    assert rows.count() < total


def test_what_was_looked_for_stays_on_the_way_back_from_an_outlet(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    rows, search = page.get_by_test_id("outlet-row"), page.get_by_test_id("outlet-search")
    search.fill(MANY[7])
    expect(rows).to_have_count(1)
    rows.tap()
    expect(page.get_by_role("heading", name=MANY[7])).to_be_visible()
    page.locator("header a[href='#/outlets']").tap()
    expect(search).to_have_value(MANY[7])
    expect(rows).to_have_count(1)
    page.locator("nav.tabs a[href='#/me']").tap()
    expect(search).to_have_count(0)
    page.locator("nav.tabs a[href='#/outlets']").tap()
    expect(search).to_have_value("")


def test_another_outlet_leaves_the_list_as_it_is_opened(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    page.get_by_test_id("outlet-search").fill(MANY[7])
    expect(page.get_by_test_id("outlet-row")).to_have_count(1)
    page.locator("nav.tabs a[href='#/today']").tap()
    expect(page.get_by_test_id("outlet-search")).to_have_count(0)
    page.get_by_test_id("outlet-row").first.tap()
    page.locator("header a[href='#/outlets']").tap()
    expect(page.get_by_test_id("outlet-search")).to_have_value("")


def test_rows_say_how_their_outlets_stand_on_the_day(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    """The phone's data are the same on both days."""
    page = many(server, company, new_phone)
    page.get_by_test_id("outlet-search").fill(MANY[7])
    row = page.get_by_test_id("outlet-row")
    expect(row).to_contain_text("欠 0/1")
    page.context.set_offline(True)  # or the company's clock would put the phone's right
    for year, words in ((2001, "不欠"), (2030, "欠 0/1")):  # before it was a customer, and after
        page.clock.set_fixed_time(datetime(year, 3, 2, 10))
        page.evaluate(READ_AGAIN)
        expect(row).to_contain_text(words)


def test_keys_need_not_walk_through_all_rows_to_the_tabs(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    skip = page.get_by_test_id("skip-list")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert not skip.evaluate(IS_SEEN)
    page.get_by_test_id("filter-done").focus()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    assert skip.evaluate(IS_SEEN)
    page.keyboard.press("Enter")
    expect(page.locator("nav.tabs a[href='#/today']")).to_be_focused()
    assert not skip.evaluate(IS_SEEN)
