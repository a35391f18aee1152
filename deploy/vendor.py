"""Fetch the browser libraries that are kept in the repository, byte for byte as their packages hold them.

`python deploy/vendor.py` asks npm for each package, copies the named files and writes VENDOR.md beside them.
A file whose version is unchanged but whose SHA-256 differs from VENDOR.md stops the run.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADING = "| name | version | licence | file | SHA-256 |\n|---|---|---|---|---|\n"


@dataclass(frozen=True)
class Package:
    """One npm package; `files` maps its paths to paths inside the vendor folder."""

    name: str
    version: str
    files: dict[str, str]


def _lit(*names: str) -> dict[str, str]:
    return {name: f"lit-html/{name}" for name in names}


PHONE = [
    Package(
        "lit-html",
        "3.3.3",
        _lit("lit-html.js", "directive.js", "directive-helpers.js", "async-directive.js")
        | _lit(*(f"directives/{name}.js" for name in ("class-map", "guard", "if-defined", "keyed", "live", "ref", "repeat", "style-map", "when")))
        | {"LICENSE": "lit-html/LICENSE.md"},
    ),
    Package("idb", "8.0.4", {"build/index.js": "idb/index.js", "LICENSE": "idb/LICENSE.md"}),
    Package("signature_pad", "5.1.4", {"dist/signature_pad.js": "signature_pad/signature_pad.js", "LICENSE": "signature_pad/LICENSE.md"}),
    Package("qr", "0.7.0", {"decode.js": "qr/decode.js", "index.js": "qr/index.js", "LICENSE-MIT": "qr/LICENSE.md"}),
    Package("tus-js-client", "4.3.1", {"dist/tus.min.js": "tus-js-client/tus.min.js", "LICENSE": "tus-js-client/LICENSE.md"}),
]
CONSOLE = [
    Package("htmx.org", "2.0.11", {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE.md"}),
    Package(
        "leaflet",
        "1.9.4",
        {f"dist/{name}": f"leaflet/{name}" for name in ("leaflet.js", "leaflet.css")}
        | {
            f"dist/images/{name}.png": f"leaflet/images/{name}.png"
            for name in ("layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow")
        }
        | {"LICENSE": "leaflet/LICENSE.md"},
    ),
]
FOLDERS = {"pwa/vendor": PHONE, "server/static/vendor": CONSOLE}


def fetch_folder(folder: Path, packages: list[Package]) -> None:
    known = known_hashes(folder)
    rows = []
    for package in packages:
        licence, contents = unpacked(package)
        for source, target in package.files.items():
            content = contents[source]
            digest = hashlib.sha256(content).hexdigest()
            if known.get((package.name, package.version, target), digest) != digest:
                sys.exit(f"{package.name} {package.version}: {source} is not the file that VENDOR.md lists.")
            path = folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            rows.append(f"| {package.name} | {package.version} | {licence} | {target} | {digest} |\n")
    about = f"# Vendored\n\nUnchanged copies; `python deploy/vendor.py` writes them and this list.\n\n{HEADING}{''.join(rows)}"
    (folder / "VENDOR.md").write_text(about)


def known_hashes(folder: Path) -> dict[tuple[str, str, str], str]:
    """SHA-256 by name, version and file, as VENDOR.md lists them."""
    listing = folder / "VENDOR.md"
    if not listing.exists():
        return {}
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in listing.read_text().splitlines() if line.startswith("| ")]
    return {(name, version, file): digest for name, version, _licence, file, digest in rows[1:]}


def unpacked(package: Package) -> tuple[str, dict[str, bytes]]:
    """The licence and the named files of the package as published; npm checks the archive against the registry's integrity."""
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(["npm", "pack", "--silent", f"{package.name}@{package.version}"], cwd=temporary, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(temporary).glob("*.tgz"))) as archive:
            licence = json.loads(_content(archive, "package.json"))["license"]
            return licence, {source: _content(archive, source) for source in package.files}


def _content(archive: tarfile.TarFile, source: str) -> bytes:
    file = archive.extractfile(f"package/{source}")
    if file is None:
        sys.exit(f"The package has no file {source}.")
    return file.read()


if __name__ == "__main__":
    for name, packages in FOLDERS.items():
        fetch_folder(ROOT / name, packages)
