"""The app on the home screen: the browser's own question, and words where the app is a page inside another one."""

import pytest
from playwright.sync_api import expect

from tests.e2e import rep
from tests.e2e.company import Company
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, phone_walk, speak

OFFER = """() => {
    const offer = new Event("beforeinstallprompt");
    offer.prompt = async () => { window.wasAsked = true; };
    dispatchEvent(offer);
}"""
INSIDE_WECHAT = """() => {
    const own = navigator.userAgent;
    Object.defineProperty(navigator, "userAgent", { get: () => `${own} MicroMessenger/8.0.49` });
}"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_browsers_own_question_is_asked_at_a_tap(server: ServerProcess, company: Company, new_phone: MakePhone, language: str) -> None:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    page, walk = phone.page, phone_walk(company, language, set())
    walk.listen(page)
    rep.sign_in(page, "rep1")
    speak(page, language)
    expect(page.get_by_test_id("install")).to_be_visible()
    walk.look(page, "me-install-menu")
    page.evaluate(f"({OFFER})()")
    walk.look(page, "me-install-prompt")
    page.get_by_test_id("install-ask").tap()
    expect(page.get_by_test_id("install-ask")).to_have_count(0)
    assert page.evaluate("() => window.wasAsked")
    assert not walk.findings, "\n".join(walk.findings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_inside_another_app_is_sent_to_the_browser(server: ServerProcess, company: Company, new_phone: MakePhone, language: str) -> None:
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    page, walk = phone.page, phone_walk(company, language, set())
    walk.listen(page)
    page.evaluate("(language) => localStorage.setItem('xundian-language', language)", language)
    page.context.add_init_script(f"({INSIDE_WECHAT})()")
    page.reload()
    go(page, "/sign-in")
    expect(page.locator(".banner")).to_have_count(1)
    walk.look(page, "sign-in-inside-app")
    assert not walk.findings, "\n".join(walk.findings)
