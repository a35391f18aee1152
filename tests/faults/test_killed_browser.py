"""A browser that is killed over and over: a record is there whole or its draft is, and what said "Saved" is never lost.

(SYNC §5; §6: I1, I2, I9, I10. §7: 15.) The profile stays, as on a phone whose battery falls out.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.e2e import rep
from tests.e2e.company import Company, found_company
from tests.e2e.phone import Phone, wait_until
from tests.e2e.phone_storage import capture_of
from tests.e2e.server_process import ServerProcess
from tests.faults.fleet import Kept, assert_kept_once
from tests.faults.kills import kills
from tests.faults.page_capture import Capturing
from tests.faults.slow_link import SlowLink, Terms

SAVING_KILLS, SENDING_KILLS = kills(short=2, long=24), kills(short=2, long=20)
MOST_BY_TAPS = 8
SHARE_AIMED_AT, SENDING_S = 0.85, 1.0
PHOTO_SIZES = [90_000, 120_000, 60_000]
GOOD, WEAK = Terms(50_000_000, 0.0), Terms(100_000, 0.02)

# Said as soon as the screen that says "Saved" stands.
TELL_WHEN_SAVED = """() => {
    const look = () => {
        const id = /^#\\/saved\\/(.+)$/.exec(location.hash)?.[1];
        if (!id || !document.querySelector('[data-testid="saved"]')) return;
        watch.disconnect();
        console.log(`saved ${id}`);
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true });
}"""


@dataclass
class Survivor:
    """A phone that is killed and starts again. `told`: visits that it called kept or saved, as heard before it died."""

    phone: Phone
    company: Company
    server: ServerProcess
    link: SlowLink
    told: dict[str, set[str]] = field(default_factory=lambda: {"draft kept": set(), "saved": set()})

    @property
    def page(self) -> Page:
        return self.phone.page

    @property
    def person_id(self) -> str:
        return self.company.people["rep1"]

    def start(self) -> None:
        """Without a network, and with an ear on what it says."""
        self.phone.switch_on(is_offline=True)
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        what, _, visit_id = message.text.rpartition(" ")
        if what in self.told:
            self.told[what].add(visit_id)

    def capturing(self) -> Capturing:
        return Capturing(self.page, self.person_id, self.company.outlets[self.company.due])

    def kept(self) -> dict[str, Any]:
        return capture_of(self.page, self.person_id)

    def assert_nothing_torn(self) -> bool:
        """Records whole, the draft whole, and all that it had called so; says whether there is a draft."""
        kept = self.kept()
        assert all(stored["sha256"] == sha256 for sha256, stored in kept["blobs"].items())
        saved = {op["entity"]["id"]: op for op in kept["ops"]}
        drafts = {row["draft"]["visit_id"]: row["draft"] for row in kept["drafts"]}
        for op in saved.values():
            assert set(op["blobs"]) == named_files(op["body"]), "the record names its files"
            assert set(op["blobs"]) <= set(kept["blobs"]), "a record without its files"
        for draft in drafts.values():
            assert named_files(draft) <= set(kept["blobs"]), "a draft without its photos"
        assert not set(saved) & set(drafts), "a visit twice"
        assert self.told["saved"] <= set(saved), "it was called saved"
        assert self.told["draft kept"] <= set(saved) | set(drafts), "it was called kept"
        return bool(drafts)

    def visits(self) -> list[Kept]:
        return self.capturing().kept(self.page)


def named_files(visit: dict[str, Any]) -> set[str]:
    signature = visit["signature"]
    return {photo["sha256"] for photo in visit["photos"]} | ({signature["sha256"]} if signature else set())


@pytest.fixture
def survivor(tmp_path: Path, new_phone: Callable[..., Phone]) -> Iterator[Survivor]:
    """Signed in, its shell kept, then switched off; the server waits behind a link."""
    company = found_company(tmp_path)
    with ServerProcess(tmp_path) as server, SlowLink(server.port, GOOD) as link:
        phone = new_phone(server, company.place(company.due))
        phone.url = link.url
        phone.switch_on()
        rep.sign_in(phone.page, "rep1")
        expect(phone.page.get_by_test_id("outlet-row").first).to_contain_text(company.due)
        phone.wait_for_shell()
        phone.switch_off()
        yield Survivor(phone, company, server, link)


def at_the_signature(survivor: Survivor, photos: dict[str, Path]) -> None:
    """A visit by taps, up to the drawn signature."""
    page = survivor.page
    rep.open_outlet(page, survivor.company.due)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    rep.answer_checklist(page)
    rep.add_photos(page, photos)
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    expect(page.get_by_test_id("sign-pad")).to_be_visible()
    rep.draw_by_finger(page)
    page.wait_for_timeout(rep.FINGER_LIFT_MS)
    page.evaluate(TELL_WHEN_SAVED)


def tap_and_wait(page: Page) -> None:
    """签好了，保存, and on until the screen says "Saved"."""
    page.get_by_test_id("sign-save").tap()
    rep.saved_visit(page)


def finish_by_taps(survivor: Survivor) -> None:
    """The draft goes on where it stood: at the signature."""
    page = survivor.page
    rep.open_outlet(page, survivor.company.due)
    page.get_by_test_id("check-in").tap()
    rep.sign(page)
    rep.saved_visit(page)


def send_everything(survivor: Survivor) -> str:
    """On a good network all of it arrives, each once."""
    server = survivor.server
    survivor.link.become(GOOD)
    visits = survivor.visits()
    survivor.phone.restore_network()
    hashes = {sha256 for visit in visits for sha256 in visit.blobs}

    def is_there() -> bool:
        survivor.page.wait_for_timeout(200)
        return all(server.blob(sha256).exists() for sha256 in hashes) and not server.parts()

    wait_until(is_there, 120, "not everything arrived")
    wait_until(lambda: not survivor.page.wait_for_timeout(200) and set(survivor.kept()["uploads"].values()) == {"confirmed"}, 60)
    return assert_kept_once(server, visits)


Saving = Callable[[], object]


def ready_to_save(survivor: Survivor, photos: dict[str, Path], is_by_taps: bool) -> Saving:
    """All up to the moment of saving; what is returned saves and ends at "Saved"."""
    if is_by_taps:
        at_the_signature(survivor, photos)
        return lambda: tap_and_wait(survivor.page)
    capturing = survivor.capturing()
    return lambda: capturing.visit(PHOTO_SIZES)


def seconds_of_saving(survivor: Survivor, photos: dict[str, Path], is_by_taps: bool) -> float:
    """How long it takes, just after the start, when nobody kills it: kills are aimed at that time."""
    survivor.start()
    save = ready_to_save(survivor, photos, is_by_taps)
    began = time.monotonic()
    save()
    took = time.monotonic() - began
    survivor.phone.switch_off()
    return took


def killed_while_saving(survivor: Survivor, photos: dict[str, Path], is_by_taps: bool, after_s: float) -> str:
    """One kill so long after saving began; a draft that is left is saved then. Returns what was left."""
    before = len(survivor.visits())
    survivor.phone.kill_during(ready_to_save(survivor, photos, is_by_taps), after_s)
    survivor.start()
    has_draft = survivor.assert_nothing_torn()
    is_saved = len(survivor.visits()) == before + 1
    assert is_saved or has_draft or not is_by_taps, "what was tapped in is gone"
    if has_draft:
        finish_by_taps(survivor) if is_by_taps else survivor.capturing().finish_draft()
        assert (len(survivor.visits()), survivor.kept()["drafts"]) == (before + 1, [])
    return "the record" if is_saved else "the draft" if has_draft else "nothing yet"


@pytest.mark.timeout(3600)
def test_a_browser_killed_while_it_saves_keeps_the_draft_or_the_record(survivor: Survivor, tmp_path: Path, capsys):
    """The first ones by taps, the others with the app's modules, at random moments from the tap until about "Saved"."""
    chance, found = random.Random(17), Counter[str]()
    photos = rep.photo_files(tmp_path, survivor.phone.here)
    window = {is_by_taps: SHARE_AIMED_AT * seconds_of_saving(survivor, photos, is_by_taps) for is_by_taps in (True, False)}
    survivor.start()
    for number in range(SAVING_KILLS):
        is_by_taps = number < MOST_BY_TAPS
        found[killed_while_saving(survivor, photos, is_by_taps, chance.uniform(0.0, window[is_by_taps]))] += 1
    figures = send_everything(survivor)
    with capsys.disabled():
        aimed = f"within {window[True] * 1000:.0f} ms of the tap"
        print(f"\nbrowser: {SAVING_KILLS} kills {aimed}, left {dict(found)}, {len(survivor.told['saved'])} called saved; {figures}")
    assert SAVING_KILLS < 10 or min(found["the draft"], found["the record"]) >= SAVING_KILLS // 8, found


@pytest.mark.timeout(3600)
def test_a_browser_killed_in_the_middle_of_photos_sends_each_once(survivor: Survivor, capsys):
    chance, in_the_middle = random.Random(19), 0
    server = survivor.server
    for _ in range(SENDING_KILLS):
        survivor.start()
        survivor.link.become(WEAK)
        survivor.assert_nothing_torn()
        survivor.capturing().visit(PHOTO_SIZES)
        before = server.parts()
        survivor.phone.restore_network()
        wait_until(lambda before=before: server.parts() != before, 60, "no photo was under way")
        survivor.page.wait_for_timeout(chance.uniform(0.0, SENDING_S * 1000))
        survivor.phone.kill()
        in_the_middle += any(server.parts().values())
    survivor.start()
    survivor.assert_nothing_torn()
    assert len(survivor.visits()) == SENDING_KILLS == len(survivor.told["saved"])
    figures = send_everything(survivor)
    with capsys.disabled():
        print(f"\nbrowser: {SENDING_KILLS} kills while it sent, {in_the_middle} with photos half there; {figures}")
    assert in_the_middle > SENDING_KILLS // 2
