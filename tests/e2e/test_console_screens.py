"""Every page of the console, in both languages, on a desk and on a phone: whole, narrow enough, usable, without complaints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.clock import now
from server.db import db
from server.devices.tokens import make_device
from server.domain.months import Month, business_date
from server.domain.policy_keys import POLICY_KEYS
from server.intake.models import SyncClient
from server.outlets.models import Outlet
from server.visits.position_models import PositionProposal
from sync.ids import uuid7
from tests.e2e import console
from tests.e2e.company import Company, application, found_company
from tests.e2e.history import earlier_visit
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.rescue_files import rescue_file
from tests.e2e.server_process import ServerProcess

COMMAND = "xundian rescue import"  # to be typed as it stands, whatever the language
NOTE = "柜台整洁"
PHONE = "旧手机"
POSITION_ID = uuid7()


@dataclass
class Busy:
    """A company with something to see on every page."""

    server: ServerProcess
    company: Company
    visit_id: str
    waiting_id: str


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """One visit that counts, one that waits for a review, missed months with findings, and wage sheets."""
    folder: Path = tmp_path_factory.mktemp("busy")
    company = found_company(folder)
    with ServerProcess(folder) as server:
        visit_id = earlier_visit(server, company, "rep1", company.due, days_ago=0, has_complaint=True, complaint_note=NOTE, condition=NOTE)
        waiting_id = earlier_visit(server, company, "rep2", company.others[0], days_ago=0, fix=None, presence_reason="no_position", condition=NOTE)
        server.run("nightly")
        add_troubled_phone(folder, company)
        add_position_proposal(folder, company, visit_id)
        yield Busy(server, company, visit_id, waiting_id)


def add_troubled_phone(folder: Path, company: Company) -> None:
    """Whatever can be wrong with a phone, at once: the words for it are long."""
    with application(folder, ""):
        device, _ = make_device(company.people["rep2"], PHONE, now() - timedelta(days=9))
        client = SyncClient(client_id=uuid7(), person_id=device.person_id, device_id=device.id, last_seen_at=device.created_at)
        client.oldest_unsent_at, client.queue_length, client.photos_unsent = device.created_at, 120, 360
        client.skew_ms, client.free_bytes, client.is_forked = -7_200_000, 1_000_000, True
        db.session.add(client)
        db.session.commit()


def add_position_proposal(folder: Path, company: Company, visit_id: str) -> None:
    """What a night would propose, could visits of one day be enough."""
    with application(folder, ""):
        outlet = db.session.get_one(Outlet, company.outlets[company.due])
        row = PositionProposal(id=POSITION_ID, outlet_id=outlet.id, lat=(outlet.lat or 0) + 0.0022, lon=(outlet.lon or 0) + 0.0004, accuracy_m=12.0)
        row.from_lat, row.from_lon, row.visit_ids, row.made_at = outlet.lat or 0, outlet.lon or 0, [visit_id], now()
        db.session.add(row)
        db.session.commit()


def see(walk: ScreenWalk, page: Page, path: str, screen: str) -> None:
    """Open a page and look at it wide and narrow."""
    page.goto(path)
    expect(page.locator("main")).to_be_visible()
    if screen == "map":
        expect(page.locator("#map[data-outlets]")).to_be_attached()
    console.look_twice(walk, page, screen)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_console_pages_are_whole_in_each_language(busy: Busy, desk: Browser, language: str) -> None:
    walk = ScreenWalk("console", language, given_words=busy.company.given_words() | {NOTE, PHONE, COMMAND, *POLICY_KEYS})
    see_sign_in(walk, busy, desk)
    with console.signed_in(desk, busy.server.url, "zhoumin", language) as page:
        walk.listen(page)
        see_supervision(walk, page, busy)
    with console.signed_in(desk, busy.server.url, "manager", language) as page:
        walk.listen(page)
        see_decisions(walk, page, busy)
    with console.signed_in(desk, busy.server.url, "admin", language) as page:
        walk.listen(page)
        see_rescue(walk, page, busy)
    with console.signed_in(desk, busy.server.url, "rep1", language) as page:
        walk.listen(page)
        see(walk, page, f"{busy.server.url}/", "home-rep")
    assert not walk.findings, "\n".join(walk.findings)


def see_sign_in(walk: ScreenWalk, busy: Busy, desk: Browser) -> None:
    context = desk.new_context(viewport=console.DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_cookies([{"name": "language", "value": walk.language, "url": busy.server.url}])
    page = context.new_page()
    walk.listen(page)
    see(walk, page, f"{busy.server.url}/login", "sign-in")
    context.close()


def see_supervision(walk: ScreenWalk, page: Page, busy: Busy) -> None:
    url, company = busy.server.url, busy.company
    due = company.outlets[company.due]
    see(walk, page, f"{url}/", "home")
    see(walk, page, f"{url}/visits/map", "map")
    see(walk, page, f"{url}/compliance", "compliance")
    see(walk, page, f"{url}/compliance?open={due}", "compliance-open")
    see(walk, page, f"{url}/dashboard", "dashboard")
    see(walk, page, f"{url}/dashboard?month={last_month()}&rep={company.people['rep1']}", "dashboard-rep")
    see(walk, page, f"{url}/visits", "visits")
    see(walk, page, f"{url}/visits/{busy.visit_id}", "visit")
    see(walk, page, f"{url}/visits/{busy.waiting_id}", "visit-waiting")
    see(walk, page, f"{url}/waiting/positions", "positions")
    see(walk, page, f"{url}/waiting/positions/{POSITION_ID}", "position")
    see(walk, page, f"{url}/outlets", "outlets")
    see(walk, page, f"{url}/outlets?q=zzz", "outlets-none")
    see(walk, page, f"{url}/outlets/{due}", "outlet")
    see(walk, page, f"{url}/outlets/{due}/history", "outlet-history")
    see_identity(walk, page, f"{url}/outlets/{due}/identity")
    see(walk, page, f"{url}/devices", "devices")
    see(walk, page, f"{url}/devices/new", "device-new")
    page.locator("main form button").first.click()
    expect(page.locator("svg.qr")).to_be_visible()
    console.look_twice(walk, page, "device-code")


def last_month() -> Month:
    return Month.of_date(business_date(now())).previous()


def see_identity(walk: ScreenWalk, page: Page, address: str) -> None:
    """A number with a slip in it, then the right one, then all of it."""
    see(walk, page, address, "identity")
    for number, screen in (("110105194912310021", "identity-fault"), ("11010519491231002X", "outlet-identity")):
        page.locator("#f-id_number").fill(number)
        page.locator("main form[action$='/identity'] button").click()
        console.look_twice(walk, page, screen)
    expect(page.locator("main")).to_contain_text("1****************X")
    page.goto(address)
    page.locator("main form[action$='/views'] button").click()
    expect(page.locator("#whole-number")).to_have_text("11010519491231002X")
    console.look_twice(walk, page, "identity-whole")


def see_decisions(walk: ScreenWalk, page: Page, busy: Busy) -> None:
    url, company = busy.server.url, busy.company
    last = last_month()
    see(walk, page, f"{url}/findings", "findings")
    page.locator("main a[href*='/findings/']").first.click()
    expect(page).to_have_url(re.compile("/findings/"))
    expect(page.locator("textarea")).to_be_visible()
    console.look_twice(walk, page, "finding")
    see(walk, page, f"{url}/payroll/{last}", "payroll")
    see(walk, page, f"{url}/payroll/{company.month}/{company.people['rep1']}", "wage-sheet")
    see(walk, page, f"{url}/payroll/{company.month}/{company.people['rep1']}?open=award_visits", "wage-sheet-open")
    see_wages(walk, page, url, str(last))


def see_wages(walk: ScreenWalk, page: Page, url: str, last: str) -> None:
    """What the manager closes, adds, proposes and sets."""
    see(walk, page, f"{url}/payroll/{last}/closing", "closing")
    see(walk, page, f"{url}/payroll/kinds", "wage-kinds")
    see(walk, page, f"{url}/findings/new", "finding-new")
    see(walk, page, f"{url}/policy", "policy")
    see(walk, page, f"{url}/policy?open=wage.base_yuan", "policy-open")
    page.locator("button[value=try]").click()
    expect(page.locator("#outcome")).to_be_visible()
    console.look_twice(walk, page, "policy-tried")
    page.go_back()
    expect(page).to_have_url(f"{url}/policy?open=wage.base_yuan")
    see(walk, page, f"{url}/calendar", "calendar")


def see_rescue(walk: ScreenWalk, page: Page, busy: Busy) -> None:
    """Choosing a file that is none, one with a bit of everything, and the same one again."""
    content = rescue_file(busy.company, "rep1")
    see(walk, page, f"{busy.server.url}/rescue", "rescue")
    import_file(page, b"no rescue file")
    expect(page.locator("#bad-file")).to_be_visible()
    console.look_twice(walk, page, "rescue-refused")
    for screen in ("rescue-result", "rescue-again"):
        page.goto(f"{busy.server.url}/rescue")
        import_file(page, content)
        expect(page).to_have_url(re.compile("/rescue/"))
        console.look_twice(walk, page, screen)
    see(walk, page, f"{busy.server.url}/rescue", "rescue-earlier")


def import_file(page: Page, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": "rescue.json", "mimeType": "application/json", "buffer": content})
    page.locator("main form button").click()


def test_console_pages_never_come_from_the_phone_app(busy: Busy, desk: Browser) -> None:
    """The service worker answers under /m/ only, so an old copy of the app cannot stand in for the console."""
    with console.signed_in(desk, busy.server.url, "zhoumin") as page:
        page.goto(f"{busy.server.url}/m/")
        page.wait_for_function("async () => Boolean((await navigator.serviceWorker.ready).active)")
        answer = page.goto(f"{busy.server.url}/compliance")
        assert answer is not None
        assert not answer.from_service_worker
        assert page.evaluate("navigator.serviceWorker.controller") is None
        answer = page.goto(f"{busy.server.url}/m/")
        assert answer is not None
        assert answer.from_service_worker


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [("/visits", "rep", "rep1"), ("/outlets", "class", "C"), ("/complaints", "kind", "settlement"), ("/visit-plans", "rep", "rep1")],
)
def test_back_leads_to_the_list_as_it_was_and_its_address_opens_it_again(busy: Busy, desk: Browser, path: str, field: str, value: str) -> None:
    chosen = busy.company.people.get(value, value)
    with console.signed_in(desk, busy.server.url, "zhoumin") as page:
        page.goto(f"{busy.server.url}{path}")
        title = page.title()
        before = page.locator("#result").inner_text()
        page.locator(f"#result select[name={field}]").first.select_option(chosen)
        page.wait_for_url(f"**{path}?*{field}={chosen}*")
        filtered, address = page.locator("#result").inner_text(), page.url
        page.goto(f"{busy.server.url}/")
        assert page.title() != title
        page.go_back()
        expect(page.locator(f"#result select[name={field}]").first).to_have_value(chosen)
        assert (page.locator("#result").inner_text(), page.url) == (filtered, address)
        page.go_back()
        expect(page.locator(f"#result select[name={field}]").first).not_to_have_value(chosen)
        assert page.locator("#result").inner_text() == before
        page.goto(address)
        assert (page.locator("#result").inner_text(), page.title()) == (filtered, title)


def test_a_refused_form_can_be_left_by_back_and_read_in_the_other_language(busy: Busy, desk: Browser) -> None:
    with console.signed_in(desk, busy.server.url, "manager") as page:
        page.goto(f"{busy.server.url}/findings?state=proposed")
        page.locator("#result a[href^='/findings/']").first.click()
        page.wait_for_load_state("networkidle")
        asked, title = page.url, page.title()
        decision = page.locator("form[action*='/decision']").first
        dismiss = decision.locator("button[value=dismissed]")
        dismiss.click()
        expect(decision.locator("[aria-invalid=true]")).to_have_count(1)
        page.locator(".language button").click()
        page.wait_for_load_state("networkidle")
        assert page.url == asked and page.locator("html").get_attribute("lang") == "en"
        page.set_viewport_size(console.NARROW)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0  # the longest buttons of a decision
        page.set_viewport_size(console.DESKTOP)
        page.locator(".language button").click()
        page.wait_for_load_state("networkidle")
        dismiss.click()
        expect(decision.locator("[aria-invalid=true]")).to_have_count(1)
        page.goto(f"{busy.server.url}/findings")
        page.go_back()
        assert page.title() == title
