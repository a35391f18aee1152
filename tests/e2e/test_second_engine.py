"""The phone app in WebKit and in Firefox: cold starts and a visit without a network, each after the browser was killed.

WebKitGTK has the engine of iPhones, not all of Safari around it.
"""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import other_phone, rep
from tests.e2e.company import Company
from tests.e2e.engines import STARTS, missing_for, screen
from tests.e2e.other_phone import OtherPhone
from tests.e2e.phone import wait_until
from tests.e2e.server_process import ROOT, ServerProcess
from tests.e2e.whole import arrived, assert_on_the_server, whole_on_the_phone

SCREENS = ("/outlets/new", "/month", "/me", "/sync", "/privacy")
PARTS = ("", "/visit", "/file", "/complaint/new", "/request", "/training", "/follow-up")
WORDS = (ROOT / "pwa/i18n/zh/basics.js").read_text("utf-8")
FAULTS = [re.findall(rf'"failure\.{name}": "(.+)"', WORDS)[0] for name in ("name", "not_here", "step")]


@pytest.fixture(scope="module", params=list(STARTS))
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """An engine and the display for it."""
    if packages := missing_for(request.param):
        pytest.fail(f"The tests in {request.param} need {packages}. On Debian: sudo apt-get install {packages}")
    if request.param != "webkit":
        yield request.param, ""
        return
    with screen() as display:
        yield request.param, display


@pytest.fixture
def phone(engine: tuple[str, str], server: ServerProcess, company: Company, tmp_path: Path) -> Iterator[OtherPhone]:
    """Signed in, with all of the app on it, beside the outlet that is due."""
    phone = OtherPhone(engine[0], tmp_path / "phone", server.url, company.place(company.due), engine[1])
    try:
        phone.switch_on()
        other_phone.sign_in(phone, "rep1")
        phone.wait_for_shell()
        yield phone
    finally:
        phone.kill()


def killed_without_a_network(phone: OtherPhone, server: ServerProcess) -> None:
    """The browser is gone, nothing answers where the server was, and the app is opened again."""
    phone.kill()
    server.stop()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)
    phone.switch_on()


def test_every_screen_opens_after_a_cold_start_without_a_network(phone: OtherPhone, server: ServerProcess, company: Company) -> None:
    killed_without_a_network(phone, server)
    phone.wait(lambda: company.due in phone.text(), "today's outlet is not shown")
    assert phone.place() in ("", "#/today")
    assert phone.shows("outlet-row")
    for path in (*SCREENS, *(f"/outlets/{company.outlets[company.due]}{part}" for part in PARTS)):
        phone.open(path)
        assert not [words for words in FAULTS if words in phone.text()], (path, phone.text())
    phone.open("/outlets")
    phone.wait(lambda: company.new[0] in phone.text(), "the rows are not drawn")  # a part of the list is, once it is seen


def test_visit_made_offline_arrives_whole_after_the_browser_was_killed(
    phone: OtherPhone, server: ServerProcess, company: Company, tmp_path: Path
) -> None:
    killed_without_a_network(phone, server)
    visit_id = other_phone.make_visit(phone, company.due, rep.photo_files(tmp_path, phone.here))
    phone.kill()
    phone.switch_on()
    kept = phone.capture_of(company.people["rep1"])
    sizes = whole_on_the_phone(kept, visit_id)
    assert {photo["source"] for photo in kept["ops"][0]["body"]["photos"]} == {"file"}
    server.start()
    wait_until(lambda: arrived(server, set(sizes)), 60, "the photos did not arrive without a tap")
    phone.go("/sync")
    phone.wait(lambda: phone.find("outbox-row").get_attribute("data-state") == "accepted", "the phone has no receipt")
    server.run("nightly")
    assert_on_the_server(server, company, visit_id, sizes)
