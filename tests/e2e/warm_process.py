"""`xundian` commands as processes of their own that need not import the product first, which takes longer than most of what a test does with one.

They are forked from a process that has imported it and done nothing else, so each begins as a new one would.
"""

import multiprocessing
import os
from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["server.cli", "server.serving", "server.jobs.nightly", "server.payroll.drawing"])


class WarmProcess:
    """A command under way: what tests ask of a `subprocess.Popen`. Its output goes to the end of `log`."""

    def __init__(self, words: list[str], folder: Path, environment: dict[str, str], log: Path) -> None:
        self._process = _context.Process(target=_run, args=(words, str(folder), environment, str(log)), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, or nothing while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise TimeoutError(f"process {self.pid} still runs after {timeout} s")
        return code

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        """SIGKILL: whatever it was doing ends between two instructions."""
        self._process.kill()


def _run(words: list[str], folder: str, environment: dict[str, str], log: str) -> None:
    """The command as from a shell, in the forked process."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    from server.cli import main

    main(words, prog_name="xundian")
