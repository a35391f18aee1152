"""The real server as a process of its own, which a test may stop, kill and start again on the same port."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.databases import _free_port as free_port
from tests.e2e.warm_process import WarmProcess

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 30.0
COMMAND = (sys.executable, "-c", "from server.cli import main; main(prog_name='xundian')")
AnyProcess = subprocess.Popen[bytes] | WarmProcess


@dataclass
class ServerProcess:
    """`xundian serve` over one data folder; `database_url` is empty for the SQLite file in the folder, `root` holds the code that runs.

    `settings` are environment variables besides; `is_cold` has an interpreter of its own, as code of another folder than the tests' has.
    """

    data: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    process: AnyProcess | None = None
    root: Path = ROOT
    settings: dict[str, str] = field(default_factory=dict)
    is_cold: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "ServerProcess":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        assert "Traceback" not in self.log(), self.log()

    def start(self) -> None:
        """Start and wait until it says that it is well."""
        assert self.process is None, "the server runs already"
        self.process = self.begin(["serve", "--port", str(self.port), "--no-nightly"], self.data / "server.log")
        until = time.monotonic() + START_SECONDS
        while not self._is_well():
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log()[-4000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL: whatever it was doing ends between two instructions."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def run(self, *words: str) -> str:
        """Another `xundian` command over the same data, as a process; returns what it printed."""
        said, complained = self.data / "command.said", self.data / "command.log"
        for file in (said, complained):
            file.unlink(missing_ok=True)
        process = self.begin(list(words), complained, said)
        try:
            assert process.wait(60) == 0, complained.read_text("utf-8", "replace")
        finally:
            process.kill()
        return said.read_text("utf-8", "replace")

    def begin(self, words: list[str], log: Path, said: Path | None = None) -> AnyProcess:
        """The command as a process; what it prints goes to the end of `log`, its standard output to that of `said` if there is one."""
        words = ["--data", str(self.data), *words]
        if self.root == ROOT and not self.is_cold:
            return WarmProcess(words, self.root, self._environment(), log, said or log)
        with log.open("ab") as errors, (said or log).open("ab") as output:
            return subprocess.Popen([*COMMAND, *words], cwd=self.root, env=self._environment(), stdout=output, stderr=errors)

    def blob(self, sha256: str) -> Path:
        return self.data / "blobs" / sha256[:2] / sha256[2:4] / sha256

    def parts(self) -> dict[Path, int]:
        """Uploads under way: part file to bytes that are safely in it."""
        sizes = {}
        for path in (self.data / "uploads").glob("*.part"):
            try:
                sizes[path] = path.stat().st_size
            except FileNotFoundError:  # it became a blob meanwhile
                continue
        return sizes

    def log(self) -> str:
        return (self.data / "server.log").read_text("utf-8", "replace")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XUNDIAN_", "DATABASE_"))}
        return kept | {"DATABASE_URL": self.database_url, "PYTHONUNBUFFERED": "1"} | self.settings

    def _is_well(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
