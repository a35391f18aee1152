"""`xundian` commands as processes of their own that need not import the product first, which takes longer than most of what a test does with one.

They are forked from a process that has imported it and done nothing else. All of one test run have that process's hash seed and the
environment that it was imported in: what depends on either is tested with `ServerProcess(is_cold=True)`.
"""

import multiprocessing
import os
from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["server.cli", "server.serving", "server.jobs.nightly", "server.payroll.drawing"])


class WarmProcess:
    """A command under way: what tests ask of a `subprocess.Popen`. Its output goes to the ends of `log` (errors) and `said`."""

    def __init__(self, words: list[str], folder: Path, environment: dict[str, str], log: Path, said: Path) -> None:
        self._process = _context.Process(target=_run, args=(words, str(folder), environment, str(said), str(log)), daemon=True)
        try:
            self._process.start()
        except EOFError as fault:
            raise RuntimeError("the process to fork from died: does the product still import?") from fault

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


def _run(words: list[str], folder: str, environment: dict[str, str], *outputs: str) -> None:
    """The command as from a shell, in the forked process."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), descriptor)
    from server.cli import main

    main(words, prog_name="xundian")
