"""A phone with another engine than Chromium's: what is on it, and what a rep does with it in taps."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.common.exceptions import ElementClickInterceptedException, NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import ActionChains, Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.webelement import WebElement

from tests.e2e import rep
from tests.e2e.company import PASSWORD
from tests.e2e.engines import STARTS, Started
from tests.e2e.phone import wait_until
from tests.e2e.phone_storage import READ_CAPTURE

SECONDS = 20.0
CHANGING = (NoSuchElementException, StaleElementReferenceException, ElementClickInterceptedException)
SHELL_IS_KEPT = """const tell = arguments[0];
(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/m/");
    const names = (await caches.keys()).filter((name) => name.startsWith("xundian-shell-"));
    const files = names.length === 1 ? (await (await caches.open(names[0])).keys()).length : 0;
    return Boolean(registration?.active && navigator.serviceWorker.controller && files > 20);
})().then(tell);"""


@dataclass
class OtherPhone:
    """One installation of the app in one engine (a key of STARTS); `here` is (lat, lon)."""

    engine: str
    profile: Path
    url: str
    here: tuple[float, float]
    display: str
    started: Started | None = None

    @property
    def driver(self) -> Remote:
        assert self.started is not None, "the phone is off"
        return self.started[1]

    def switch_on(self) -> None:
        """Start the browser in a new process and open the app, as by a tap on its icon."""
        self.started = STARTS[self.engine](self.profile, self.here, self.display)
        self.driver.file_detector = UselessFileDetector()
        self.driver.set_script_timeout(SECONDS)
        self.driver.get(f"{self.url}/m/")
        self.wait(lambda: self.run("return document.documentElement.dataset.ready"), "the app did not start")

    def kill(self) -> None:
        """SIGKILL to the browser and all its processes, as when the battery falls out."""
        if self.started is None:
            return
        process, driver = self.started
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        driver.command_executor.close()
        self.started = None

    def wait_for_shell(self) -> None:
        """Until the service worker keeps every file of the app and serves this page."""
        self.wait(lambda: self.driver.execute_async_script(SHELL_IS_KEPT), "the service worker does not keep the app")

    def capture_of(self, person_id: str) -> dict[str, Any]:
        """As `phone_storage.capture_of`."""
        kept: dict[str, Any] = self.driver.execute_async_script(f"({READ_CAPTURE})(arguments[0]).then(arguments[1])", person_id)
        return kept

    def run(self, script: str, *words: object) -> Any:
        return self.driver.execute_script(script, *words)

    def go(self, path: str) -> None:
        self.run("location.hash = arguments[0]", f"#{path}")

    def open(self, path: str) -> None:
        """Go to another screen and wait until it stands: the app then puts the focus on its heading."""
        self.run("document.activeElement?.blur()")
        self.go(path)
        self.wait(lambda: self.run("return document.activeElement?.tagName") == "H1", f"{path} does not open")

    def place(self) -> str:
        return str(self.run("return location.hash"))

    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def shows(self, test_id: str) -> bool:
        return any(element.is_displayed() for element in self.driver.find_elements(By.CSS_SELECTOR, _css(test_id)))

    def find(self, test_id: str) -> WebElement:
        """The first one, once it is there."""
        return self._on(_css(test_id), lambda element: element)

    def tap(self, test_id: str) -> None:
        self.tap_css(_css(test_id))

    def tap_css(self, css: str) -> None:
        self._on(css, lambda element: element.click())

    def type(self, test_id: str, words: str) -> None:
        self._on(_css(test_id), lambda element: element.send_keys(words))

    def wait(self, check: Callable[[], Any], what: str) -> Any:
        """As `wait_until`, while elements come and go; what the screen says is part of the failure."""

        def look() -> Any:
            try:
                return check()
            except CHANGING:
                return None

        try:
            return wait_until(look, SECONDS, what)
        except AssertionError as fault:
            fault_told = self.run("return document.documentElement.dataset.fault ?? ''")
            raise AssertionError(f"{what}; {self.engine} shows {self.place()}: {fault_told} {self.text()}") from fault

    def _on(self, css: str, act: Callable[[WebElement], Any]) -> Any:
        def done() -> tuple[Any]:
            return (act(self.driver.find_element(By.CSS_SELECTOR, css)),)

        return self.wait(done, f"nothing to be done with {css}")[0]


def _css(test_id: str) -> str:
    return f"[data-testid='{test_id}']"


def sign_in(phone: OtherPhone, login: str) -> None:
    phone.go("/sign-in/password")
    phone.type("sign-in-login", login)
    phone.type("sign-in-password", PASSWORD)
    phone.tap("sign-in-submit")
    phone.wait(lambda: phone.place() == "#/today", "nobody is signed in")
    phone.wait(lambda: phone.shows("outlet-row"), "today shows no outlet")


def make_visit(phone: OtherPhone, name: str, photos: dict[str, Path]) -> str:
    """A whole visit, from the list to "Saved"; returns its id."""
    phone.go("/outlets")
    phone.wait(lambda: phone.shows("outlet-search"), "no list of outlets")
    phone.wait(lambda: _row(phone, name).click() or True, f"{name} is not in the list")
    phone.tap("check-in")
    phone.wait(lambda: "35" in phone.find("accuracy").text, "no position")
    phone.tap("checkin-confirm")
    answer_checklist(phone)
    for number, (slot, path) in enumerate(photos.items(), 1):
        take_photo(phone, slot, path, number)
    phone.type("handling", rep.HANDLING)
    phone.tap("to-owner")
    phone.tap("to-sign")
    draw_signature(phone)
    phone.tap("sign-save")
    phone.wait(lambda: phone.shows("saved"), "the visit is not saved")
    return phone.place().rpartition("/")[2]


def _row(phone: OtherPhone, name: str) -> WebElement:
    rows = phone.driver.find_elements(By.CSS_SELECTOR, _css("outlet-row"))
    return next((row for row in rows if name in row.text), None) or phone.driver.find_element(By.LINK_TEXT, name)


def answer_checklist(phone: OtherPhone) -> None:
    """Everything is as it should be: the choice that is no problem stands first."""
    for number in range(1, rep.QUESTIONS + 1):
        phone.wait(lambda turn=f"{number} / {rep.QUESTIONS}": turn in phone.text(), f"question {number} is not asked")
        phone.tap_css(".question .choice")
        phone.tap("checklist-next")


def take_photo(phone: OtherPhone, slot: str, path: Path, number: int) -> None:
    """There is no getUserMedia, so the page that says so leads to the phone's own camera, which gives a file."""
    assert phone.run("return navigator.mediaDevices?.getUserMedia === undefined")
    phone.wait(lambda: phone.find(f"take-{slot}").is_enabled(), "the photo before is not done")
    phone.tap(f"take-{slot}")
    phone.type("system-camera", str(path))
    filled = "return document.querySelectorAll('.slot.filled').length"
    phone.wait(lambda: phone.run(filled) == number, f"the photo of the {slot} is not kept")


def draw_signature(phone: OtherPhone) -> None:
    """The same strokes as in Chromium, by the pointer."""
    pad = phone.find("sign-pad")
    phone.run("arguments[0].scrollIntoView({ block: 'center' })", pad)
    box = phone.run("const { width, height } = arguments[0].getBoundingClientRect(); return { width, height }", pad)
    for stroke in rep.STROKES:
        chain = ActionChains(phone.driver, duration=20)
        for number, (x, y) in enumerate(rep.points_along(stroke)):
            chain.move_to_element_with_offset(pad, round((x - 0.5) * box["width"]), round((y - 0.5) * box["height"]))
            if number == 0:
                chain.click_and_hold()
        chain.release().perform()
