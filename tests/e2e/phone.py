"""A phone: Chromium at phone size with a profile that outlives it, a network that can be cut, and a kill switch."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, ConsoleMessage, Error, Page

from tests.e2e.phone_storage import WRITE_BALLAST

CHROMIUM = shutil.which("chromium") or ""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TRUSTING = "--ignore-certificate-errors"  # also for service workers
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
SIZE = {"width": 360, "height": 740}
ACCURACY_M = 35
BALLAST_BYTES = 1_000_000


def launch_options() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": [*QUIET, *CAMERA], "headless": True}


@dataclass
class Phone:
    """One installation. `here` is (lat, lon); what the browser complained about is kept in `complaints`; it may trust a site's own certificate."""

    chromium: BrowserType
    profile: Path
    url: str
    here: tuple[float, float]
    trusts_all: bool = False
    context: BrowserContext | None = None
    complaints: list[str] = field(default_factory=list)
    quota: int | None = None

    @property
    def page(self) -> Page:
        assert self.context is not None, "the phone is off"
        return self.context.pages[0]

    def switch_on(self, is_offline: bool = False, quota: int | None = None) -> None:
        """Start the browser in a new process and open the app, as by a tap on its icon; `quota` bytes are all that the app may store.

        Chromium reckons for 30 s with the room that it saw at the first write, so the quota must be set before the app opens.
        """
        lat, lon = self.here
        options = launch_options()
        options["args"] += [TRUSTING] if self.trusts_all else []
        self.context = self.chromium.launch_persistent_context(
            str(self.profile),
            **options,
            viewport=SIZE,
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            geolocation={"latitude": lat, "longitude": lon, "accuracy": ACCURACY_M},
            permissions=["geolocation", "camera"],
            bypass_csp=False,
        )
        self.context.set_default_timeout(15_000)
        self.context.set_offline(is_offline)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda fault: self.complaints.append(f"page error: {fault}"))
        self.quota = quota
        if quota is not None:
            self.context.new_cdp_session(self.page).send("Storage.overrideQuotaForOrigin", {"origin": self.url, "quotaSize": quota})
        self.page.goto(f"{self.url}/m/")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Until the first screen stands."""
        try:
            self.page.wait_for_selector("html[data-ready=true]")
        except Error as fault:
            raise AssertionError(f"the app did not start: {self.complaints}") from fault

    def wait_until_whole(self) -> None:
        """All of the app is on this page, whatever happens to the network or the server."""
        self.page.wait_for_function("() => document.documentElement.dataset.whole")

    def cut_network(self) -> None:
        """After the app has fetched all of itself, as it does in the first seconds of its first start."""
        assert self.context is not None
        if self.page.locator("html[data-ready=true]").count():
            self.wait_until_whole()
        self.context.set_offline(True)

    def restore_network(self) -> None:
        assert self.context is not None
        self.context.set_offline(False)

    def switch_off(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def kill(self) -> None:
        """SIGKILL to the browser and all its processes, as when the battery falls out."""
        main = self._browser_pid()
        os.killpg(os.getpgid(main), signal.SIGKILL)
        self._bury(main)

    def kill_during(self, act: Callable[[], object], after_s: float) -> None:
        """SIGKILL so long after `act` began, whether it is over by then or in the middle."""
        main = self._browser_pid()
        timer = threading.Timer(after_s, os.killpg, (os.getpgid(main), signal.SIGKILL))
        timer.start()
        with suppress(Error, AssertionError):  # the browser goes away under it
            act()
        timer.join()
        self._bury(main)

    def _bury(self, main: int) -> None:
        assert self.context is not None
        wait_until(lambda: not _lives(main), 10)
        with suppress(Error):  # it is gone, which was the point
            self.context.close()
        self.context = None

    def slow_down_uploads(self, bytes_a_second: int) -> None:
        """A weak network: sending takes its time, receiving does not. 0 ends it."""
        assert self.context is not None
        session = self.context.new_cdp_session(self.page)
        session.send("Network.enable")
        limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second or -1}
        session.send("Network.emulateNetworkConditions", limits)

    def fill_storage(self, leaving: int) -> None:
        """Use up the room that `switch_on` gave, all but so many bytes, by a database of the same origin that is no part of the app."""
        while (room := self._room()) > leaving:
            assert self.page.evaluate(WRITE_BALLAST, min(room - leaving, BALLAST_BYTES)) == "written"

    def _room(self) -> int:
        assert self.quota is not None, "the phone was switched on without a quota"
        found = self.page.context.new_cdp_session(self.page).send("Storage.getUsageAndQuota", {"origin": self.url})
        return self.quota - int(found["usage"])

    def open_tab(self) -> Page:
        """Another window of the app."""
        assert self.context is not None
        page = self.context.new_page()
        page.goto(f"{self.url}/m/")
        page.wait_for_selector("html[data-ready=true]")
        return page

    def go_to(self, here: tuple[float, float]) -> None:
        assert self.context is not None
        self.here = here
        self.context.set_geolocation({"latitude": here[0], "longitude": here[1], "accuracy": ACCURACY_M})

    def wait_for_shell(self) -> None:
        """Until the service worker keeps every file of the app and serves this page."""
        self.page.wait_for_function(
            """async () => {
                const registration = await navigator.serviceWorker.ready;
                if (!registration.active || !navigator.serviceWorker.controller) return false;
                const names = (await caches.keys()).filter((name) => name.startsWith("xundian-shell-"));
                return names.length === 1 && (await (await caches.open(names[0])).keys()).length > 20;
            }"""
        )

    def _browser_pid(self) -> int:
        mark = f"--user-data-dir={self.profile}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:  # it ended meanwhile
                continue
            if mark in words and not any(word.startswith(b"--type=") for word in words) and b"chromium" in words[0]:
                return int(folder.name)
        raise AssertionError("the browser's process was not found")

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")


def wait_until(check: Callable[[], Any], seconds: float = 20, what: str = "") -> Any:
    """The first true value of `check()`; fails after so many seconds."""
    until = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < until, what or f"nothing within {seconds} s"
        time.sleep(0.05)
    return found


def _lives(pid: int) -> bool:
    """A process whose first thread is dead lives on while another of its threads does: it may still be writing."""
    try:
        is_zombie = "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
        return not is_zombie or len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
    except OSError:
        return False
