"""The vendored browser libraries are the published files, unchanged, and find each other."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "pwa/vendor", ROOT / "server/static/vendor"]


COMMENTS = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)


def listed(folder: Path) -> dict[str, str]:
    """SHA-256 by file."""
    rows = re.findall(r"^\| \S+ \| [\d.]+ \| [^|]+ \| (\S+) \| ([0-9a-f]{64}) \|$", (folder / "VENDOR.md").read_text(), re.MULTILINE)
    return dict(rows)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_vendored_files_have_the_listed_hashes(folder: Path) -> None:
    present = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file() and path.name != "VENDOR.md"}

    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in present.items()} == listed(folder)


def test_vendored_modules_import_only_vendored_files() -> None:
    folder = ROOT / "pwa/vendor"
    for module in folder.rglob("*.js"):
        for imported in re.findall(r"""(?:from|import)\s*["']([^"']+\.js)["']""", COMMENTS.sub("", module.read_text())):
            assert (module.parent / imported).resolve().is_relative_to(folder), imported
            assert (module.parent / imported).is_file(), f"{module.name} imports {imported}"
