"""The office's work in a browser: a complaint from intake to report, a follow-up, a delivery, a training, a call; in both languages."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import console
from tests.e2e.office import Open, look, look_twice, opened
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.pictures import camera_photo

NOTE = "柜台整洁"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with opened(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_office_does_its_work(office: Open, desk: Browser, language: str) -> None:
    walk = ScreenWalk("office", language, given_words=office.company.given_words() | {NOTE})
    url = office.server.url
    with console.signed_in(desk, url, "ops", language) as page:
        walk.listen(page)
        complaint = take_complaint(walk, page, office)
        make_call(walk, page, office)
        look(walk, page, f"{url}/churn", "churn")
    with console.signed_in(desk, url, "zhoumin", language) as page:
        walk.listen(page)
        settle_complaint(walk, page, complaint)
        follow_up(walk, page, office)
        deliver(walk, page, office)
        train(walk, page, office)
    assert not walk.findings, "\n".join(walk.findings)


def choose_outlet(walk: ScreenWalk, page: Page, path: str, office: Open, screen: str) -> None:
    """By words, as somebody on the phone says them."""
    page.goto(f"{office.server.url}{path}")
    page.locator("[name=q][id=pick-q]").fill(office.company.due)
    page.locator("[name=q][id=pick-q]").press("Enter")
    look_twice(walk, page, f"{screen}-outlet")
    page.locator("main tbody a").first.click()
    expect(page.locator("main form [name=outlet_id]")).to_be_attached()
    look_twice(walk, page, f"{screen}-form")


def submit(page: Page, action: str) -> None:
    page.locator(f"main form[action$='{action}'] button[type=submit]:not([formaction])").click()


def take_complaint(walk: ScreenWalk, page: Page, office: Open) -> str:
    """Taken in and assigned by ops; returns its address."""
    choose_outlet(walk, page, "/complaints/new", office, "complaint")
    page.locator("#f-kind").select_option("settlement")
    submit(page, "/complaints")
    expect(page.locator("#f-account")).to_have_attribute("aria-invalid", "true")
    look_twice(walk, page, "complaint-faults")
    page.locator("#f-complainant").fill(NOTE)
    page.locator("#f-account").fill(NOTE)
    submit(page, "/complaints")
    expect(page).to_have_url(re.compile("/complaints/[0-9a-f-]{36}"))
    look_twice(walk, page, "complaint-received")
    page.locator("#f-person_id").select_option(office.company.people["zhoumin"])
    submit(page, "/assignment")
    address = page.url
    look(walk, page, f"{office.server.url}/complaints", "complaints")
    return address


def settle_complaint(walk: ScreenWalk, page: Page, address: str) -> None:
    look(walk, page, address, "complaint-assigned")
    page.locator("#f-investigation").fill(NOTE)
    page.locator("[name=verdict][value=unfounded]").check()
    submit(page, "/investigation")
    look_twice(walk, page, "complaint-investigated")
    page.locator("#f-handling").fill(NOTE)
    submit(page, "/resolution")
    look_twice(walk, page, "complaint-resolved")
    submit(page, "/report")
    look_twice(walk, page, "complaint-reported")
    expect(page.locator("main form")).to_have_count(0)


def make_call(walk: ScreenWalk, page: Page, office: Open) -> None:
    choose_outlet(walk, page, "/callbacks/new", office, "callback")
    page.locator("[name=kind][value=inspection]").check()
    submit(page, "/callbacks")
    if page.locator("form[action$='/outcome']").count():  # the walk in the other language made this call already
        look_twice(walk, page, "callback-sheet")
        page.locator("main form[action$='/outcome'] button[formaction$='/proposal']").click()
        look_twice(walk, page, "callback-proposal")
        page.locator("[name=outcome][value=not_visited]").check()
        page.locator("#f-note").fill(NOTE)
        submit(page, "/outcome")
        page.goto(f"{office.server.url}/callbacks")
        look_twice(walk, page, "callbacks")
    page.goto(f"{office.server.url}/callbacks?state=made")
    look_twice(walk, page, "callbacks-made")
    page.locator("main tbody a").first.click()
    look_twice(walk, page, "callback-made")


def follow_up(walk: ScreenWalk, page: Page, office: Open) -> None:
    """Registered, passed on, seen open, solved, and back again."""
    choose_outlet(walk, page, "/follow-ups/new", office, "follow-up")
    submit(page, "/follow-ups")
    expect(page.locator("#f-problem")).to_have_attribute("aria-invalid", "true")
    look_twice(walk, page, "follow-up-faults")
    page.locator("#f-problem").fill(NOTE)
    page.locator("[name=owner][value=rep]").check()
    submit(page, "/follow-ups")
    expect(page).to_have_url(re.compile("/follow-ups/[0-9a-f-]{36}"))
    look_twice(walk, page, "follow-up-open")
    page.locator("[name=owner][value=ops]").check()
    page.locator("#f-pass_note").fill(NOTE)
    submit(page, "/owner")
    for outcome in ("open", "solved"):
        page.locator(f"[name=outcome][value={outcome}]").check()
        page.locator("#f-note").fill(NOTE)
        submit(page, "/look")
    expect(page.locator("ul.line li")).to_have_count(4)
    look_twice(walk, page, "follow-up-solved")
    look(walk, page, f"{office.server.url}/follow-ups", "follow-ups")
    look(walk, page, f"{office.server.url}/follow-ups?state=solved", "follow-ups-solved")


def deliver(walk: ScreenWalk, page: Page, office: Open) -> None:
    choose_outlet(walk, page, "/materials/new", office, "materials")
    page.locator("#f-contents").fill(NOTE)
    submit(page, "/materials")
    look_twice(walk, page, "material-open")
    look(walk, page, f"{office.server.url}/materials", "materials")
    page.locator("main tbody a").last.click()
    page.locator("#f-signer_name").fill(NOTE)
    for name in ("photo", "signature"):
        page.locator(f"#f-{name}").set_input_files(camera_file())
    submit(page, "/delivery")
    assert console.shown_width(page, "img.shot") > 0
    look_twice(walk, page, "material-delivered")


def train(walk: ScreenWalk, page: Page, office: Open) -> None:
    choose_outlet(walk, page, "/trainings/new", office, "training")
    for name in ("place", "content", "signer_name"):
        page.locator(f"#f-{name}").fill(NOTE)
    for name in ("photo", "signature"):
        page.locator(f"#f-{name}").set_input_files(camera_file())
    submit(page, "/trainings")
    assert console.shown_width(page, "img.shot") > 0
    look_twice(walk, page, "training")
    look(walk, page, f"{office.server.url}/trainings/held", "trainings-held")
    look(walk, page, f"{office.server.url}/trainings", "training-plan")
    page.locator(f"main a[href$='/trainings/plans/{office.company.month}/new']").click()
    page.goto(f"{page.url}?outlet={office.company.outlets[office.company.due]}")
    submit(page, f"/trainings/plans/{office.company.month}")
    look_twice(walk, page, "training-planned")


def camera_file() -> dict[str, object]:
    content = camera_photo("#0b4f86", datetime(2026, 11, 24, 9), (30.66, 104.07))
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}


def test_a_complaint_is_taken_in_without_javascript(office: Open, desk: Browser) -> None:
    context = desk.new_context(java_script_enabled=False, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{office.server.url}/login")
    page.locator("[name=login]").fill("ops")
    page.locator("[name=password]").fill(console.PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.goto(f"{office.server.url}/complaints/new?outlet={office.company.outlets[office.company.due]}")
    page.locator("#f-kind").select_option("service")
    page.locator("#f-complainant").fill(NOTE)
    page.locator("#f-account").fill(NOTE)
    submit(page, "/complaints")
    expect(page).to_have_url(re.compile("/complaints/[0-9a-f-]{36}"))
    page.goto(f"{office.server.url}/complaints?state=open")
    expect(page.locator("main tbody")).to_contain_text(NOTE)
    context.close()
