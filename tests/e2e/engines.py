"""Browser engines other than Chromium's, each on a profile that outlives the browser, driven by Selenium."""

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from selenium.webdriver import FirefoxOptions, Remote, WebKitGTKOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection

from tests.e2e.marionette import MarionetteConnection
from tests.e2e.phone import ACCURACY_M, SIZE, wait_until
from tests.e2e.server_process import free_port

SYSTEM_PYTHON = "/usr/bin/python3"
BINDINGS = "import gi; gi.require_version('WebKit2', '4.1'); from gi.repository import WebKit2"
BROWSER = Path(__file__).parent / "webkit_browser.py"
START_SECONDS = 60.0
FIREFOX_SETTINGS = {
    "media.navigator.enabled": False,  # without these two there is no getUserMedia
    "media.peerconnection.enabled": False,
    "permissions.default.geo": 1,
    "geo.provider.use_geoclue": False,
    "intl.locale.requested": "zh-CN",
    "intl.accept_languages": "zh-CN",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.startup.max_resumed_crashes": -1,  # killed on purpose
    "app.normandy.enabled": False,
    "services.settings.server": "data:,",
    "browser.safebrowsing.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}

Started = tuple[subprocess.Popen[bytes], Remote]


def missing_for(engine: str) -> str:
    """What has to be installed before the engine can be driven: Debian's packages, or ""."""
    wanted = {"firefox-esr": firefox() != ""}
    if engine == "webkit":
        wanted = {
            "webkit2gtk-driver": shutil.which("WebKitWebDriver") is not None,
            "python3-gi gir1.2-webkit2-4.1": has_webkit_bindings(),
            "xvfb": shutil.which("Xvfb") is not None,
        }
    return " ".join(name for name, is_there in wanted.items() if not is_there)


def has_webkit_bindings() -> bool:
    """Whether the system's Python, which is seldom the tests', knows WebKitGTK."""
    return Path(SYSTEM_PYTHON).exists() and subprocess.run([SYSTEM_PYTHON, "-c", BINDINGS], capture_output=True, check=False).returncode == 0


def firefox() -> str:
    return shutil.which("firefox-esr") or shutil.which("firefox") or ""


@contextmanager
def screen() -> Iterator[str]:
    """A display that nobody sees; its name."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x1000x24", "-nolisten", "tcp"]
    process = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)


def start_webkit(profile: Path, here: tuple[float, float], display: str) -> Started:
    """WebKitWebDriver and the browser that it starts, all in one group of processes."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = _environment(profile) | {"DISPLAY": display, "NO_AT_BRIDGE": "1"}
    process = _start(["WebKitWebDriver", f"--port={port}"], profile, environment)
    options = WebKitGTKOptions()
    options.set_capability("browserName", "phone")
    options.binary_location = SYSTEM_PYTHON
    for word in (str(BROWSER), str(profile), *map(str, here), str(ACCURACY_M)):
        options.add_argument(word)

    def connect() -> Remote:
        wait_until(lambda: _is_well(f"{address}/status"), START_SECONDS, "WebKitWebDriver did not start")
        return Remote(RemoteConnection(client_config=ClientConfig(address)), options=options)

    return _driven(process, connect)


def start_firefox(profile: Path, here: tuple[float, float], _display: str) -> Started:
    port = free_port()
    profile.mkdir(parents=True, exist_ok=True)
    place = {"location": {"lat": here[0], "lng": here[1]}, "accuracy": ACCURACY_M}
    settings = FIREFOX_SETTINGS | {"marionette.port": port, "geo.provider.network.url": f"data:application/json,{quote(json.dumps(place))}"}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (profile / "user.js").write_text("".join(lines), "utf-8")
    words = [firefox(), "--marionette", "--headless", "--no-remote", "--profile", str(profile)]
    process = _start(words, profile, _environment(profile) | {"TZ": "Asia/Shanghai"})

    def connect() -> Remote:
        wait_until(lambda: _listens(port), START_SECONDS, "Firefox did not start")
        driver = Remote(MarionetteConnection(port, START_SECONDS), options=FirefoxOptions())
        driver.set_window_size(SIZE["width"], SIZE["height"])
        return driver

    return _driven(process, connect)


STARTS = {"webkit": start_webkit, "firefox": start_firefox}


def _start(words: list[str], profile: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    profile.mkdir(parents=True, exist_ok=True)
    with (profile / "browser.log").open("ab") as log:
        return subprocess.Popen(words, stdout=log, stderr=log, env=environment, start_new_session=True)


def _driven(process: subprocess.Popen[bytes], connect: Callable[[], Remote]) -> Started:
    """A browser that takes no orders does not stay."""
    try:
        return process, connect()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        raise


def _environment(profile: Path) -> dict[str, str]:
    return os.environ | {"HOME": str(profile), "XDG_RUNTIME_DIR": str(profile)}


def _is_well(url: str) -> bool:
    with suppress(OSError), urlopen(url, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def _listens(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    return False
