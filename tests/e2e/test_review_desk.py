"""The review desk in a browser: keys, the way from one waiting visit to the next, ticking many, and the photo wall."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.policy.actions import set_policy
from server.visits.flagging import flag_due_visits
from server.visits.models import VisitReview
from server.visits.sampling import draw_samples
from tests.e2e import console
from tests.e2e.company import PASSWORD, Company, application, found_company
from tests.e2e.history import earlier_visit
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.server_process import ServerProcess

NOTE = "柜台整洁"


@dataclass
class Desk:
    """`waiting` are visits without a position, the newest first."""

    server: ServerProcess
    company: Company
    waiting: list[str]

    def reviews(self) -> dict[str, tuple[str, str]]:
        with application(self.server.data, ""):
            return {row.visit_id: (row.decision, row.reason) for row in db.session.scalars(select(VisitReview))}


@pytest.fixture(scope="module")
def desk_with_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Two visits that count and five that wait."""
    folder = tmp_path_factory.mktemp("desk")
    company = found_company(folder)
    with ServerProcess(folder) as server:
        seen_before(server, company)
        waiting = [
            earlier_visit(server, company, "rep2", company.others[0], days_ago=days, fix=None, presence_reason="no_position", condition=NOTE)
            for days in (0, 1, 2, 3, 4)
        ]
        yield Desk(server, company, waiting)


@pytest.fixture
def desk_with_samples(tmp_path: Path) -> Iterator[Desk]:
    """Two visits that count, both drawn. A doubt sends one to the review, so each language has a desk of its own."""
    company = found_company(tmp_path)
    with ServerProcess(tmp_path) as server:
        seen_before(server, company)
        draw_all(server)
        yield Desk(server, company, [])


def seen_before(server: ServerProcess, company: Company) -> None:
    for days in (10, 9):
        earlier_visit(server, company, "rep2", company.others[0], days_ago=days, condition=NOTE)


def draw_all(server: ServerProcess) -> None:
    """As a night would whose policy is to draw every visit that counts: the two that have a position."""
    with application(server.data, ""):
        set_policy("review.sample_share", "1", date(2026, 1, 1), "试行", None, now())
        flag_due_visits()
        assert draw_samples(now()) == 2
        db.session.commit()


def focused_row(page: Page) -> int:
    """The place of the row whose link has the focus, -1 without one."""
    rows = "[...document.querySelectorAll('#result tbody tr')]"
    return int(page.evaluate(f"{rows}.findIndex((row) => row.querySelector('th a') === document.activeElement)"))


def at(page: Page, visit_id: str) -> None:
    expect(page).to_have_url(re.compile(f"/visits/{visit_id}"))
    expect(page.locator(f"form[action*='{visit_id}']")).to_be_visible()
    page.wait_for_load_state("load")  # keys are heard from then on


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_is_whole_in_each_language(desk_with_work: Desk, desk: Browser, language: str) -> None:
    made = desk_with_work
    walk = ScreenWalk("review", language, given_words=made.company.given_words() | {NOTE})
    with console.signed_in(desk, made.server.url, "zhoumin", language) as page:
        walk.listen(page)
        page.goto(f"{made.server.url}/visits?verdict=waiting")
        console.look_twice(walk, page, "list")
        page.goto(f"{made.server.url}/visits/reviews?verdict=waiting")
        console.look_twice(walk, page, "desk")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        walk.look(page, "keys")
        page.goto(f"{made.server.url}/visits/photos")
        expect(page.locator("#zoom")).not_to_be_visible()
        console.look_twice(walk, page, "wall")
        page.locator("[data-shot]").first.click()
        expect(page.locator("#zoom")).to_be_visible()
        console.look_twice(walk, page, "zoom")
    assert not walk.findings, "\n".join(walk.findings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sample_is_answered_blind_in_each_language(desk_with_samples: Desk, desk: Browser, language: str) -> None:
    made = desk_with_samples
    walk = ScreenWalk("review", language, given_words=made.company.given_words() | {NOTE})
    with console.signed_in(desk, made.server.url, "zhoumin", language) as page:
        walk.listen(page)
        look_at_a_sample(walk, page, made.server.url)
    assert not walk.findings, "\n".join(walk.findings)


def look_at_a_sample(walk: ScreenWalk, page: Page, url: str) -> None:
    """The score is there once the answer is."""
    page.goto(f"{url}/visits/samples")
    console.look_twice(walk, page, "samples")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#answer")).to_be_visible()
    page.wait_for_load_state("load")
    console.look_twice(walk, page, "sample")
    expect(page.locator(".score")).to_have_count(0)
    page.locator("[name=reason]").fill("?")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator(".score")).to_be_visible()
    page.locator("[data-closes=toast]").click()
    console.look_twice(walk, page, "sample-answered")
    page.goto(f"{url}/visits/samples?state=months")
    console.look_twice(walk, page, "samples-months")


def test_the_zoom_goes_through_the_photos_by_arrow_keys(desk_with_work: Desk, desk: Browser) -> None:
    with console.signed_in(desk, desk_with_work.server.url, "zhoumin") as page:
        page.goto(f"{desk_with_work.server.url}/visits/photos")
        shots = [shot.get_attribute("href") for shot in page.locator("[data-shot]").all()]
        then = page.locator("[data-shot]").first.get_attribute("data-then")
        page.locator("[data-shot]").first.click()
        now, beside = page.locator("#zoom [data-now]"), page.locator("#zoom [data-then]")
        expect(now).to_have_attribute("src", str(shots[0]))
        expect(beside).to_have_attribute("src", str(then))
        page.keyboard.press("ArrowLeft")
        expect(now).to_have_attribute("src", str(shots[0]))
        page.keyboard.press("ArrowRight")
        expect(now).to_have_attribute("src", str(shots[1]))
        page.locator("#zoom [data-step='-1']").click()
        expect(now).to_have_attribute("src", str(shots[0]))
        assert console.shown_width(page, "#zoom [data-now]") > 0
        page.keyboard.press("Escape")
        expect(page.locator("#zoom")).not_to_be_visible()


def test_all_of_a_page_are_ticked_at_once(desk_with_work: Desk, desk: Browser) -> None:
    with console.signed_in(desk, desk_with_work.server.url, "zhoumin") as page:
        page.goto(f"{desk_with_work.server.url}/visits?verdict=waiting")
        boxes = page.locator("input[name=visit]")
        page.locator("[data-picks]").click()
        assert [box.is_checked() for box in boxes.all()] == [True] * 5
        page.locator("[data-picks]").click()
        assert [box.is_checked() for box in boxes.all()] == [False] * 5


def test_keys_go_along_the_rows_of_a_list_open_one_and_begin_a_new_one(desk_with_work: Desk, desk: Browser) -> None:
    url, waiting = desk_with_work.server.url, desk_with_work.waiting
    with console.signed_in(desk, url, "zhoumin") as page:
        page.goto(f"{url}/visits?verdict=waiting", wait_until="load")
        places = []
        for key in "jjkk":
            page.keyboard.press(key)
            places.append(focused_row(page))
        assert places == [0, 1, 0, 0]
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        page.keyboard.press("/")
        expect(page.locator("#say-region")).to_be_focused()
        page.keyboard.press("j")
        assert focused_row(page) == -1
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_contain_text("到下一行")
        page.keyboard.press("j")
        assert focused_row(page) == -1
        page.keyboard.press("?")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("o")
        at(page, waiting[1])
        page.goto(f"{url}/follow-ups", wait_until="load")
        page.keyboard.press("n")
        expect(page).to_have_url(f"{url}/follow-ups/new")


def test_keys_lead_through_what_waits(desk_with_work: Desk, desk: Browser) -> None:
    made = desk_with_work
    first, second, third, fourth, fifth = made.waiting
    with console.signed_in(desk, made.server.url, "zhoumin") as page:
        page.goto(f"{made.server.url}/visits?verdict=waiting")
        page.locator(f"a[href*='{first}']").first.click()
        at(page, first)
        page.keyboard.press("j")
        at(page, second)
        page.keyboard.press("k")
        at(page, first)
        page.keyboard.press("a")
        at(page, second)
        expect(page.locator(".desk")).to_contain_text("还有 4 次待审核")
        refuse_by_key(page, second, third)
        type_keys_into_a_field(page, third)
        help_takes_the_keys(page, third)
        without_script(desk, made, third, fourth)
    reviews = made.reviews()
    assert reviews[first] == ("accepted", "照片和签字看过，人在店里。")
    assert reviews[second] == ("rejected", "照片看不清，认不出是哪家。")
    assert set(reviews) == {first, second, third} and fifth not in reviews


def refuse_by_key(page: Page, visit_id: str, following: str) -> None:
    """Without a reason the key asks for one; with one it is enough."""
    page.keyboard.press("r")
    chooser = page.locator("[name=rejected_reason]")
    expect(chooser).to_be_focused()
    expect(page.locator("#bad-reason")).to_be_visible()
    at(page, visit_id)
    assert "/review" not in page.url
    chooser.select_option("unclear")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    at(page, following)


def type_keys_into_a_field(page: Page, visit_id: str) -> None:
    words = page.locator("[name=reason]")
    words.focus()
    page.keyboard.type("ajar?")
    expect(words).to_have_value("ajar?")
    at(page, visit_id)
    page.keyboard.press("Escape")
    expect(words).not_to_be_focused()


def help_takes_the_keys(page: Page, visit_id: str) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("?")
    expect(page.locator("#keys")).not_to_be_visible()
    at(page, visit_id)


def without_script(desk: Browser, made: Desk, visit_id: str, following: str) -> None:
    context = desk.new_context(viewport=console.DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{made.server.url}/login")
    page.locator("[name=login]").fill("zhoumin")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.goto(f"{made.server.url}/visits/{visit_id}?verdict=waiting")
    page.locator("button[value=accepted]").click()
    expect(page).to_have_url(re.compile(f"/visits/{following}"))
    context.close()
