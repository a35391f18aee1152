"""Where the phone leads: the tour of today, and the map app that it hands an outlet to; and what its icon says from outside."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e import rep
from tests.e2e.company import Company, add_due_outlets
from tests.e2e.outbox import fill_outbox
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone

ADDED = ["顺达手机卖场", "和平路通讯"]
KEEP_BADGES = """() => {
    window.badges = [];
    navigator.setAppBadge = async (count) => { window.badges.push(count); };
    navigator.clearAppBadge = async () => { window.badges.push(0); };
}"""


DENY_POSITION = """() => {
    const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
    navigator.geolocation.getCurrentPosition = (_found, failed) => failed({ code: 1 });
    window.allowPosition = () => { navigator.geolocation.getCurrentPosition = real; };
}"""


def rows_of(page: Page, section: str) -> list[str]:
    rows = page.locator(f"section[aria-labelledby='{section}'] [data-testid=outlet-row]")
    return [" ".join(words.split()) for words in rows.all_inner_texts()]


def test_today_is_a_short_tour_once_the_position_is_known(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    """On a street of outlets 400 m apart the due one is at 0, the added at 4 and 5, the phone at 2.2: to the nearest first would be longer in all."""
    add_due_outlets(server.data, server.database_url, company, ADDED)
    lat, lon = company.place(company.due)
    phone = new_phone(server, (lat, lon + 2.2 * 0.0042))
    phone.switch_on()
    page = phone.page
    rep.sign_in(page, "rep1")
    page.evaluate(DENY_POSITION)
    page.get_by_test_id("sort-by-way").tap()
    expect(page.get_by_test_id("no-way")).to_contain_text("允许定位")
    page.evaluate("allowPosition()")
    page.get_by_test_id("sort-by-way").tap()
    expect(page.get_by_test_id("sort-by-way")).to_have_text("按现在的位置重排")
    expect(page.get_by_test_id("no-way")).to_have_count(0)
    way = rows_of(page, "route")
    assert [row.split()[1] for row in way] == [company.due, *ADDED]
    assert [row.partition("该去 ")[2] for row in way] == ["离这里 880 米", "再走 1.6 公里", "再走 400 米"]
    expect(page.locator("section[aria-labelledby='route'] .section-head")).to_contain_text("3 家 · 全程 2.9 公里")
    expect(page.get_by_test_id("next-outlet")).to_contain_text(company.due.partition("（")[0])
    saved = rows_of(page, "rescue")
    assert [row.split()[0] for row in saved] == [*ADDED, company.due]
    assert [row.partition("元 ")[2] for row in saved] == ["顺路", "多走 400 米", "多走 1.8 公里"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_is_asked_for_once_and_can_be_changed(server: ServerProcess, company: Company, new_phone: MakePhone, language: str) -> None:
    phone, walk = walking_phone(server, company, new_phone, language, set())
    page = phone.page
    page.context.route(re.compile("^https://(uri.amap.com|apis.map.qq.com)/"), answer_as_map)
    rep.open_outlet(page, company.due)
    page.get_by_test_id("navigate").tap()
    walk.look(page, "map-choice")
    with page.context.expect_page() as opened:
        page.get_by_test_id("map-amap").tap()
    assert opened.value.url.startswith("https://uri.amap.com/marker?position=104.070000,30.660000&")
    assert opened.value.evaluate("() => window.opener") is None
    expect(page.get_by_test_id("map-amap")).to_have_count(0)
    page.reload()
    with page.context.expect_page() as opened:
        page.get_by_test_id("navigate").tap()
    assert "&coordinate=wgs84&" in opened.value.url
    page.get_by_test_id("change-map").tap()
    walk.look(page, "map-change")
    with page.context.expect_page() as opened:
        page.get_by_test_id("map-tencent").tap()
    assert "marker=coord:30.657585,104.072515;" in opened.value.url
    expect(page.get_by_test_id("navigate")).to_have_attribute("href", re.compile("^https://apis.map.qq.com/"))
    assert not walk.findings, "\n".join(walk.findings)


def answer_as_map(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<!doctype html><title>map</title>")


def test_the_icon_says_how_much_is_unsent(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    page = phone.page
    rep.sign_in(page, "rep1")
    expect(page.get_by_test_id("outlet-row").first).to_be_visible()
    phone.wait_for_shell()
    phone.cut_network()
    fill_outbox(page, company)
    page.context.add_init_script(f"({KEEP_BADGES})()")
    page.reload()
    phone.wait_until_ready()
    go(page, "/today")
    expect(page.get_by_test_id("sync-chip")).to_have_attribute("data-unsent", re.compile("^[1-9]"))
    unsent = page.get_by_test_id("sync-chip").get_attribute("data-unsent")
    assert str(page.evaluate("() => window.badges.at(-1)")) == unsent
