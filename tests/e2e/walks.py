"""A rep's phone, signed in and in a language, every screen of which is looked at."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import Phone
from tests.e2e.server_process import ServerProcess

MakePhone = Callable[[ServerProcess, tuple[float, float]], Phone]


def walking_phone(server: ServerProcess, company: Company, new_phone: MakePhone, language: str, words: set[str]) -> tuple[Phone, ScreenWalk]:
    """The first rep's, beside the outlet that is due; `words` are those that people will write on it."""
    phone = new_phone(server, company.place(company.due))
    walk = phone_walk(company, language, words)
    phone.switch_on()
    walk.listen(phone.page)
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()  # the company's rows are here: the network may go
    speak(phone.page, language)
    return phone, walk


def phone_walk(company: Company, language: str, words: set[str]) -> ScreenWalk:
    """Looks at a phone's screens: as narrow as phones get, in every theme, with letters of twice the size."""
    return ScreenWalk("phone", language, company.given_words() | words, other_widths=(320,), is_phone=True)


def speak(page: Page, language: str) -> None:
    page.evaluate("location.hash = '#/me'")
    page.get_by_test_id(f"me.language-{language}").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-CN")


def go(page: Page, path: str) -> None:
    """Open another screen and wait until it stands: the app then puts the focus on its heading."""
    is_there = page.evaluate("() => location.hash") == f"#{path}"
    page.evaluate("(hash) => { document.activeElement?.blur(); location.hash = hash; }", f"#{path}")
    heading = expect(page.locator("h1"))
    heading.to_be_visible() if is_there else heading.to_be_focused()
