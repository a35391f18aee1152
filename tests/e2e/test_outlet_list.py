"""The list of many outlets: it goes on by itself, and is found again where it was left for one of them."""

from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from tests.e2e import rep
from tests.e2e.company import Company, add_due_outlets
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone

WALK = """async (px) => {
    const found = { seen: [], most: 0, holes: 0 };
    const isBottom = () => scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
    const isEnd = () => (px < 0 ? scrollY === 0 : isBottom() && !document.getElementById("more-rows"));
    const look = () => {
        const rows = [...document.querySelectorAll("[data-testid=outlet-row]")];
        found.most = Math.max(found.most, rows.length);
        const seen = rows.filter((row) => row.getBoundingClientRect().top < innerHeight && row.getBoundingClientRect().bottom > 0);
        for (const row of px < 0 ? seen.reverse() : seen) if (!found.seen.includes(row.hash)) found.seen.push(row.hash);
        if (seen.length * 100 < innerHeight / 2) found.holes += 1;
    };
    look();
    for (let frames = 0; frames < 2000 && !isEnd(); frames += 1) {
        scrollBy(0, px);
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        look();
    }
    return found;
}"""
IS_SEEN = """(one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
FORGET = """async (hashes) => {
    const { databases } = await (await import("/m/packs.js")).load("company.js");
    const { currentSession } = await (await import("/m/packs.js")).load("session.js");
    const { replica } = await databases((await currentSession()).personId);
    await replica.write(["rows", "meta"], async (tx) => {
        for (const hash of hashes) tx.objectStore("rows").delete(["outlet", hash.split("/").at(-1)]);
        const meta = tx.objectStore("meta");
        meta.put({ ...(await meta.get("pull")), stamp: crypto.randomUUID() }, "pull");
    });
    (await (await import("/m/packs.js")).load("db/capture_events.js")).captureEvents.dispatchEvent(new Event("saved"));
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


def test_the_list_goes_on_to_its_end_and_back_with_the_rows_that_are_near(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    rows = page.get_by_test_id("outlet-row")
    assert 20 <= rows.count() < len(MANY)
    down, up = page.evaluate(WALK, 300), page.evaluate(WALK, -300)
    assert len(down["seen"]) > len(MANY)
    assert down["seen"] == list(reversed(up["seen"]))
    assert (down["holes"], up["holes"]) == (0, 0)
    assert max(down["most"], up["most"]) < 90
    expect(page.get_by_role("button", name="还有")).to_have_count(1)

    page.evaluate(WALK, 300)
    expect(page.get_by_role("button", name="还有")).to_have_count(0)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    expect(page.locator(f".row[href='{down['seen'][len(MANY) // 2]}']")).to_be_visible()
    assert page.evaluate(WALK, -300)["holes"] == 0
    page.evaluate(WALK, 300)
    page.evaluate("scrollTo(0, 0)")
    expect(rows.first).to_be_in_viewport()
    expect(rows.first).to_have_attribute("href", down["seen"][0])


def test_the_list_is_found_where_it_was_left(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    rows = page.get_by_test_id("outlet-row")
    first = str(rows.first.get_attribute("href"))
    seen = page.evaluate(WALK, 300)["seen"]
    page.mouse.move(180, 400)
    page.mouse.wheel(0, -2500)
    middle = page.locator(f".row[href='{seen[-35]}']")
    middle.scroll_into_view_if_needed()
    name, top, near = str(middle.locator(".name").text_content()), top_of(middle), rows.count()
    middle.tap()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.go_back()
    expect(middle).to_be_in_viewport()
    expect(middle).to_be_focused()
    assert abs(top_of(middle) - top) < 5
    assert rows.count() <= near

    page.locator("nav.tabs a[href='#/today']").tap()
    expect(page.get_by_test_id("outlet-search")).to_have_count(0)
    page.locator("nav.tabs a[href='#/outlets']").tap()
    expect(rows.first).to_be_in_viewport()
    expect(rows.first).to_have_attribute("href", first)


def test_a_row_is_found_and_keeps_the_focus_wherever_it_stands_by_now(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    seen = page.evaluate(WALK, 300)["seen"]
    page.context.set_offline(True)
    row = page.locator(f".row[href='{seen[-4]}']")
    row.tap()
    expect(page.get_by_test_id("outlet-search")).to_have_count(0)
    page.evaluate(FORGET, seen[20:80])
    page.go_back()
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()
    page.evaluate(FORGET, seen[:2])
    expect(page.get_by_role("status").first).to_contain_text(str(len(seen) - 62))
    expect(row).to_be_focused()
    page.set_viewport_size({"width": 740, "height": 360})
    up = page.evaluate(WALK, -200)
    assert (list(reversed(up["seen"]))[:20], up["holes"]) == (seen[2:20] + seen[80:82], 0)


def test_a_list_that_became_shorter_shows_its_last_rows(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    page = many(server, company, new_phone)
    seen = page.evaluate(WALK, 300)["seen"]
    page.context.set_offline(True)
    page.evaluate(FORGET, seen[20:])
    expect(page.locator(f".row[href='{seen[19]}']")).to_be_in_viewport()
    page.evaluate(WALK, -300)
    expect(page.locator(f".row[href='{seen[0]}']")).to_be_in_viewport()


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
